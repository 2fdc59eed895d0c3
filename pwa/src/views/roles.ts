/** What a role brings: its tabs and its pages. Each role is a chunk of its own, fetched when somebody has that role. */
import type { ComponentType } from "preact";
import { useStaffTexts } from "../i18n";
import type { App } from "../state/api";
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

/** Professionals' pages that not all of them have. */
export type Group = "lead" | "consultant" | "admin";

export interface Role {
  /** Called when drawn: may depend on the seat's kind and on what is there. */
  tabs: (app: App) => readonly Tab[];
  routes: readonly Route[];
  /** Which pages this seat has besides those of the whole role (sw.ts): asked again when documents come. */
  groups?: (app: App) => readonly Group[];
  /** The page of a document, for reminders that point at it; null when the role has none. */
  open?: (entity: string, id: string) => string | null;
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
