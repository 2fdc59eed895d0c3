/** The app and the role, for everything drawn below the shell. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { App, OutboxItem } from "../state/api";
import type { IconName } from "./icons";

export const AppContext = createContext<App | null>(null);

/** The person's data and commands. Only below a signed-in shell. */
export function useApp(): App {
  const app = useContext(AppContext);
  if (!app) throw new Error("useApp outside the shell");
  return app;
}

/** Which of the three looks a page has; `public` before anyone is signed in. */
export type RoleKind = "family" | "youth" | "staff" | "public";

/** An entry of the tab bar and the rail. */
export interface Tab {
  /** Named by the routes that belong to it. */
  key: string;
  path: string;
  icon: IconName;
  /** One word, called when drawn so that it follows the language. */
  label: () => string;
  /** Longer words for the rail; `label` if absent. */
  long?: () => string;
  /** What lies behind a word that does not say it: read out after it, not shown. */
  about?: () => string;
  /** Only in the rail, else in the tab bar too. */
  only?: "rail";
}

/** What every page needs from the shell. */
export interface Chrome {
  role: RoleKind;
  tabs: readonly Tab[];
  /** Key of the tab this page belongs to. */
  current?: string | undefined;
  /** Name and workplace at the foot of the rail. */
  me?: { name: string; what: string } | null;
  openHelp: () => void;
  /** Where a command is changed that was not sent (see Role). */
  form?: ((item: OutboxItem) => string | undefined) | undefined;
}

export const ChromeContext = createContext<Chrome>({ role: "public", tabs: [], openHelp: () => undefined });
