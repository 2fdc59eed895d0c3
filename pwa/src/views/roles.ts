/** What a role brings: its tabs and its pages. Each role is a chunk of its own, fetched when somebody has that role. */
import type { ComponentType } from "preact";
import { N_, t, useStaffTexts } from "../i18n";
import type { App, OutboxItem } from "../state/api";
import type { RoleKind, Tab } from "../ui/app-context";

/** What every view is given. `params` are the parts of the address written `:name`. */
export interface ViewProps {
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
}

/** One page. `tab` names the entry of the tab bar it belongs to. */
export interface Route {
  path: string;
  view: ComponentType<ViewProps>;
  tab?: string;
}

/** Professionals' pages that not all of them have: by what a seat is for. */
export type Group = "coordinator" | "consultant" | "lead" | "admin" | "team" | "directory";

export interface Role {
  /** Called when drawn: may depend on the seat's kind and on what is there. */
  tabs: (app: App) => readonly Tab[];
  routes: readonly Route[];
  /** Which pages this seat has besides those of the whole role (sw.ts): asked again when documents come; null while that is not known. */
  groups?: (app: App) => readonly Group[] | null;
  /** The page of a document, for reminders that point at it; null when the role has none. */
  open?: (entity: string, id: string) => string | null;
  /** Where a command was written, to change what was not sent: it is given `?from=` and the item's id. */
  form?: (item: OutboxItem) => string | undefined;
}

/** What the kinds of seats are called. */
export const SEATS: Readonly<Record<string, string>> = {
  guardian: N_("Guardian"), young_person: N_("Young person"), supporter: N_("Supporter"),
  staff: N_("Professional"), process_lead: N_("Process leader"), admin: N_("Administrator"),
};

export function seatWords(kind: string): string {
  return t(SEATS[kind] ?? kind);
}

/** Which look a seat has. */
export function roleKind(seatKind: string | undefined): RoleKind {
  switch (seatKind) {
    case "guardian":
    case "supporter": return "family";
    case "young_person": return "youth";
    case "staff":
    case "process_lead":
    case "admin": return "staff";
    default: return "public";
  }
}

/** Fetches a role's pages. */
export async function loadRole(kind: Exclude<RoleKind, "public">): Promise<Role> {
  switch (kind) {
    case "family": return (await import("./family/index")).role;
    case "youth": return (await import("./youth/index")).role;
    case "staff": {
      const [{ role }] = await Promise.all([import("./staff/index"), useStaffTexts()]);
      return role;
    }
  }
}
