/**
 * The files that professionals' pages come in. The first holds what everybody opens; each of the others is fetched, and kept
 * for use without a connection, by those whose work it is (`groups` in index.ts, GROUPS in build.mjs).
 */
import type { ComponentType } from "preact";
import { lazy } from "../lazy";
import type { ViewProps } from "../roles";

type View = ComponentType<ViewProps>;

/** Pages of one file: once it is here, all of them are drawn at once. */
function from<N extends string>(load: () => Promise<Record<N, View>>): { page: (name: N) => View; fetch: () => Promise<unknown> } {
  let views: Record<N, View> | undefined;
  const fetch = async (): Promise<Record<N, View>> => (views ??= await load());
  return { fetch, page: (name) => lazy(async () => (await fetch())[name], () => views?.[name]) };
}

const everyday = from(() => import("./pages"));
export const page = everyday.page;
export const leadPage = from(() => import("../professional/lead-views")).page;
export const consultantPage = from(() => import("../professional/consultant-views")).page;
export const adminPage = from(() => import("../professional/admin-views")).page;

/** After the first page is drawn. */
const WARM_MS = 300;
/** Fetches what everybody opens while the first page is read, so that the next one is there at once. */
export const warm = (): unknown => setTimeout(() => void everyday.fetch().catch(() => undefined), WARM_MS);
