/**
 * The files that professionals' pages come in. The first holds what everybody opens; each of the others is fetched, and kept
 * for use without a connection, by those whose work it is (`groups` in index.ts, GROUPS in build.mjs).
 */
import { type ComponentType, h } from "preact";
import { useEffect, useState } from "preact/hooks";
import { lazy } from "../lazy";
import type { ViewProps } from "../roles";

type View = ComponentType<ViewProps>;

interface File<N extends string> {
  page: (name: N) => View;
  /** For what stands within a page: nothing until the file is here. */
  part: (name: N) => View;
  fetch: () => Promise<unknown>;
}

/** Pages of one file: once it is here, all of them are drawn at once. */
function from<N extends string>(load: () => Promise<Record<N, View>>): File<N> {
  let views: Record<N, View> | undefined;
  const fetch = async (): Promise<Record<N, View>> => (views ??= await load());
  const part = (name: N): View => function Part(props) {
    const [, drawn] = useState(views !== undefined);
    useEffect(() => void fetch().then(() => drawn(true), () => undefined), []);
    return views ? h(views[name], props) : null;
  };
  return { fetch, part, page: (name) => lazy(async () => (await fetch())[name], () => views?.[name]) };
}

const everyday = from(() => import("./pages"));
export const page = everyday.page;
export const coordinatorPage = from(() => import("../professional/coordinator-views")).page;
export const directoryPage = from(() => import("../professional/directory-views")).page;
export const teamPage = from(() => import("../professional/team-views")).page;
export const { page: leadPage, part: leadPart } = from(() => import("../professional/lead-views"));
export const { page: consultantPage, part: consultantPart } = from(() => import("../professional/consultant-views"));
export const { page: adminPage, part: adminPart } = from(() => import("../professional/admin-views"));

/** After the first page is drawn. */
const WARM_MS = 300;
/** Fetches what everybody opens while the first page is read, so that the next one is there at once. */
export const warm = (): unknown => setTimeout(() => void everyday.fetch().catch(() => undefined), WARM_MS);
