/** Where things stand: offline, saved, waiting, wrong. Online and well says nothing. */
import type { ComponentChildren } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import { dateOf, stamp, time, today } from "../dates";
import { t } from "../i18n";
import { AppContext, useApp } from "./app-context";
import { Icon, type IconName } from "./icons";

const NOTICES = { info: "", warn: " warn", bad: " bad", good: " good", grey: " grey", mark: " mark-c" } as const;

export interface NoticeProps {
  tone?: keyof typeof NOTICES;
  icon: IconName;
  /** The bold sentence. */
  title: ComponentChildren;
  /** The next step, and whose fault it is. */
  children?: ComponentChildren;
  /** Read out at once: only for the result of what the person just did. */
  alert?: boolean;
}

/** Something to know here: a bold sentence and the next step. */
export function Notice({ tone = "info", icon, title, children, alert = false }: NoticeProps) {
  return (
    <div class={`notice${NOTICES[tone]}`} role={alert ? "alert" : undefined}>
      <Icon name={icon} />
      <div><b>{title}</b>{children}</div>
    </div>
  );
}

/** A small line under what was written: "Skickat i dag 14.30", "Sparat på telefonen". */
export function Saved({ children, queued = false, icon }: { children: ComponentChildren; queued?: boolean; icon?: IconName }) {
  return <p class={`saved${queued ? " q" : ""}`}><Icon name={icon ?? (queued ? "queued" : "check")} /> <span>{children}</span></p>;
}

/** The same, of what is kept on the device alone: not said while it keeps nothing, which the bar on top says. */
export function Kept(props: { children: ComponentChildren; icon?: IconName }) {
  const { storage } = useApp();
  return storage.value === "failing" || storage.value === "stuck" ? null : <Saved {...props} />;
}

/** The bar on top while there is no connection, or while something is hidden until there is one. */
export function SyncBar() {
  const app = useContext(AppContext);
  if (!app || app.phase.value !== "ready") return null;
  const synced = app.syncedAt.value;
  if (app.stale.value)
    return <Bar>{t("Some things are hidden until you are online")}</Bar>;
  if (app.storage.value === "failing")
    return <Bar icon="warning">{t("The phone is full. What you write now is not kept.")}</Bar>;
  if (app.storage.value === "stuck")
    return <Bar icon="warning">{t("This device saves nothing right now. What you write is gone when you close the app.")}</Bar>;
  if (app.online.value) return null;
  if (synced === null) return <Bar>{t("You are offline")}</Bar>;
  const when = dateOf(synced) === today() ? time(synced) : stamp(synced);
  return <Bar>{t("You are offline. Updated {time}", { time: when })}</Bar>;
}

function Bar({ children, icon = "offline" }: { children: ComponentChildren; icon?: IconName }) {
  return <div class="sync" role="status"><Icon name={icon} /> <span>{children}</span></div>;
}

/** A grey block in the shape of what comes. Sizes are classes: `w40`…`w90` (per cent), `line`, `head`, `button`, `tile`, `face`. */
export function Skeleton({ shape }: { shape: string }) {
  return <span class={`sk ${shape}`} aria-hidden="true" />;
}

/** The home page before anything is here. After ten seconds it says that it is slow. */
export function SkeletonPage({ hero = true }: { hero?: boolean }) {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const waiting = setTimeout(() => setSlow(true), 10_000);
    return () => clearTimeout(waiting);
  }, []);
  return (
    <>
      <h1 class="vh">{t("Fetching the latest")}</h1>
      <div class="title"><Skeleton shape="w40" /><Skeleton shape="head w60" /></div>
      {slow && <Notice tone="grey" icon="clock" title={t("It is slow right now")}><span>{t("You can wait, or come back later. Nothing is lost.")}</span></Notice>}
      {hero && (
        <section class="hero" aria-hidden="true">
          <div class="who"><Skeleton shape="face" /><div class="stack-2"><Skeleton shape="w40" /><Skeleton shape="w80" /><Skeleton shape="w60" /></div></div>
          <div class="stack-2"><Skeleton shape="w60" /><Skeleton shape="head w80" /></div>
          <Skeleton shape="button" />
        </section>
      )}
      <div class="card" aria-hidden="true">
        <div class="row bare"><Skeleton shape="tile" /><div class="txt stack-2"><Skeleton shape="w80" /><Skeleton shape="w60" /></div></div>
        <Skeleton shape="button" />
      </div>
    </>
  );
}
