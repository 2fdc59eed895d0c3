/** Decides what is on the screen: covered, signed out, locked, fetching, or the role's page for this address. */
import "../auth"; // What main.tsx or every role needs anyhow: named here, it lies in the shell's own file.
import "../install";
import "../lock/passkey";
import "../push";
import "../state/api";
import "../wished";
import "./gone";
import "./seat-notices";
import type { ComponentType } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { keep, t } from "../i18n";
import { match, place } from "../router";
import type { App, Phase } from "../state/api";
import { AppContext, Button, type Chrome, ChromeContext, CrisisSheet, Page, type RoleKind, SkeletonPage, useCrisis, wasHidden } from "../ui";
import { updateLater, updateNow, updateReady } from "../update";
import { Crisis } from "./crisis";
import { knownPerson } from "./known-person";
import { lazy } from "./lazy";
import { NotFound } from "./not-found";
import { NotHere } from "./not-here";
import { OpenNotice } from "./notice";
import { type Role, type ViewProps, loadRole, roleKind } from "./roles";

/** Pages that are fetched when first asked for. */
const later = <P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> => lazy(load, undefined, false);
const SignIn = later(async () => (await import("./door")).SignIn);
const Invitation = later(async () => (await import("./door")).Invitation);
const Demo = later(async () => (await import("./demo")).Demo);
const Lock = later(async () => (await import("./door")).Lock);
const Cover = later(async () => (await import("./door")).Cover);
const Leaving = later(async () => (await import("./own-pages")).Leaving);

function UpdateBar({ needed }: { needed: boolean }) {
  if (!updateReady.value && !needed) return null;
  return (
    <div class="update" role="status">
      <span>{needed ? t("A newer version is needed. What you wrote is kept.") : t("There is a new version")}</span>
      <Button slim kind="second" onPress={updateNow}>{t("Update")}</Button>
      {!needed && <Button slim kind="quiet" onPress={updateLater}>{t("Later")}</Button>}
    </div>
  );
}

/** The pages that need no sign-in. */
function openPage(path: string, phase: Phase) {
  if (path === "/help") return <Crisis />;
  if (path === "/invitation") return <Invitation />;
  if (phase !== "signed_out") return null;
  return path === "/demo" ? <Demo /> : <SignIn />;
}

/** The pages every role has. */
const SHARED: Readonly<Record<string, ComponentType>> = {
  "/settings": later(async () => (await import("./own-pages")).Settings),
  "/settings/reminders": later(async () => (await import("./own-pages")).ReminderPage),
  "/outbox": later(async () => (await import("./own-pages")).Outbox),
  "/install": later(async () => (await import("./own-pages")).Install),
};

interface Found { view: ComponentType<ViewProps>; params: Record<string, string>; tab: string | undefined }

function find(role: Role, path: string): Found | null {
  for (const route of role.routes) {
    const params = match(route.path, path);
    if (params) return { view: route.view, params, tab: route.tab };
  }
  return null;
}

/** What this role brings; `role` null while it is fetched, or when it cannot be. */
function useRole(kind: RoleKind): { role: Role | null; failed: boolean } {
  const [loaded, setLoaded] = useState<{ kind: RoleKind; role: Role | null } | null>(null);
  useEffect(() => {
    if (kind === "public" || loaded?.kind === kind) return;
    loadRole(kind).then((role) => setLoaded({ kind, role }), () => setLoaded({ kind, role: null }));
  }, [kind, loaded]);
  const mine = loaded?.kind === kind ? loaded : null;
  return { role: mine?.role ?? null, failed: mine?.role === null };
}

/** Everything below the document's body. */
export function Shell({ app }: { app: App }) {
  const [covered, setCovered] = useState(wasHidden);
  const crisis = useCrisis();
  const phase = app.phase.value;
  const me = app.me.value;
  const { path, query, key } = place.value;
  const kind = phase === "ready" ? roleKind(me?.kind) : "public";
  // Fetched as soon as it is known who this is, while their copy is being opened.
  const { role, failed } = useRole(roleKind(me?.kind));
  const groups = role?.groups?.(app)?.join();
  useEffect(() => {
    if (groups !== undefined) keep({ staff: groups.split(",").filter(Boolean) });
  }, [groups]);
  const found = useMemo(() => (role ? find(role, path) : null), [role, path]);
  const tabs = role && phase === "ready" && !covered ? role.tabs(app) : [];
  const current = found?.tab ?? tabs.find((tab) => tab.path === path)?.key;
  const seat = me?.seats.find((one) => one.id === me.seat);
  const chrome: Chrome = {
    role: kind, tabs, openHelp: crisis.show, current, form: role?.form,
    me: me && { name: me.name, what: (seat?.label !== me.name && seat?.label) || "" },
  };

  const page = () => {
    if (covered) return <Cover onOpen={() => setCovered(false)} />;
    const leaving = app.leaving.value;
    if (leaving && path !== "/help") return <Leaving leaving={leaving} />;
    if (phase === "locked" && path !== "/help") return <Lock />;
    const open = openPage(path, phase);
    if (open) return open;
    if (failed) return <NotHere />;
    if (phase === "loading" || !role) return <Page busy><SkeletonPage /></Page>;
    const notice = match("/n/:id", path)?.["id"];
    if (notice) return <OpenNotice key={notice} id={notice} role={role} />;
    const Shared = SHARED[path];
    if (Shared) return <Shared />;
    return found ? <found.view key={key} params={found.params} query={query} /> : <NotFound key={key} />;
  };
  return (
    <AppContext.Provider value={app}>
      <ChromeContext.Provider value={chrome}>
        {page()}
        <CrisisSheet open={crisis.open} onClose={crisis.hide} person={phase === "ready" ? knownPerson(app) : undefined} />
        <UpdateBar needed={app.upgrade.value} />
      </ChromeContext.Provider>
    </AppContext.Provider>
  );
}
