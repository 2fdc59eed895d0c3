/** The frame of every page: skip link, rail, status, top bar, one h1, what the page is about, tab bar. */
import type { ComponentChildren, RefObject } from "preact";
import { useContext, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { arrival, back as goBack, cameFrom, keptScroll, place } from "../router";
import { ActionBar } from "./actions";
import { AppContext, ChromeContext } from "./app-context";
import { QuickExit } from "./exit";
import { Icon, Mark } from "./icons";
import { Scene } from "./landscape";
import { Rail, TabBar } from "./nav";
import { NamesToggle } from "./names";
import { SyncBar } from "./status";

export interface PageProps {
  /** The h1: says in words what the page is about. Leave out when a child draws it (`Hero centred`). */
  title?: ComponentChildren;
  /** The small line above the h1. */
  kicker?: ComponentChildren;
  /** The larger line below it. */
  lead?: ComponentChildren;
  /** Where the back link goes and what it says; absent on the pages of the tab bar. */
  back?: { href: string; label: string };
  /** The page's one action, fixed at the bottom of a phone; takes the place of the tab bar. */
  cta?: ComponentChildren;
  ctaNote?: ComponentChildren;
  /** The landscape behind the top bar. The first card is drawn over it and may hold the title itself. */
  scene?: boolean;
  /** Instead of the role's own buttons at the end of the top bar. */
  end?: ComponentChildren;
  /** Something is still being fetched. */
  busy?: boolean;
  children?: ComponentChildren;
}

function HelpPill({ open }: { open: () => void }) {
  const press = (event: MouseEvent): void => {
    event.preventDefault();
    open();
  };
  return <a class="pill" href="/help" onClick={press}><Icon name="help" /> {t("Help now")}</a>;
}

/** The top bar: the brand or the way back, and what the role always needs. */
export function TopBar({ back, end, cta }: Pick<PageProps, "back" | "end"> & { cta: boolean }) {
  const { role, tabs, openHelp } = useContext(ChromeContext);
  // The words are those of the page it leads to, whatever page that is.
  const [came] = useState(cameFrom);
  const words = came === undefined || came === back?.href.split("?")[0] ? back?.label : tabs.find((tab) => tab.path === came)?.label() ?? t("Back");
  const press = (event: MouseEvent): void => {
    event.preventDefault();
    goBack(back?.href ?? "/");
  };
  const own = role === "staff" ? <NamesToggle /> : (
    <>
      {!back && role !== "public" && <a class="iconbtn" href="/settings" aria-label={t("Settings")}><Icon name="person" /></a>}
      {role === "youth" && <QuickExit />}
      {(role === "family" || role === "public" || cta) && <HelpPill open={openHelp} />}
    </>
  );
  return (
    <header class="top">
      {back
        ? <a class="back" href={back.href} onClick={press}><Icon name="back" /> {words}</a>
        : <a class="brand" href="/" aria-label={t("Samled, home")}><Mark />{role !== "youth" && <span>Samled</span>}</a>}
      <span class="grow" />
      {end ?? own}
    </header>
  );
}

/** A whole page. Every view returns exactly one. */
export function Page({ title, kicker, lead, back, cta, ctaNote, scene = false, end, busy = false, children }: PageProps) {
  const chrome = useContext(ChromeContext);
  const app = useContext(AppContext);
  const main = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    document.title = "Samled";
    if (arrival.peek() === "first") return;
    const heading = main.current?.querySelector<HTMLElement>("h1");
    if (heading) {
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    }
    window.scrollTo(0, arrival.peek() === "back" ? keptScroll(place.peek().key) : 0);
  }, []);
  const tabs = chrome.tabs.length > 0;
  const top = <TopBar back={back} end={end} cta={Boolean(cta)} />;
  return (
    <div class={`frame ${chrome.role}${cta ? " has-cta" : tabs ? " has-tabs" : ""}`}>
      <a class="skip" href="#main">{t("Skip to the content")}</a>
      {tabs && <Rail tabs={chrome.tabs} current={chrome.current} me={chrome.me} />}
      <div class="body">
        {app && <SyncBar />}
        {scene ? <Scene>{top}</Scene> : top}
        <main id="main" class={scene ? "lift" : undefined} ref={main} aria-busy={busy ? "true" : undefined}>
          {(title || kicker) && (
            <div class="title">
              {kicker && <p class="kicker">{kicker}</p>}
              {title && <h1 tabIndex={-1}>{title}</h1>}
              {lead && <p class="lead">{lead}</p>}
            </div>
          )}
          {children}
          {cta && <ActionBar note={ctaNote}>{cta}</ActionBar>}
        </main>
      </div>
      {tabs && !cta && <TabBar tabs={chrome.tabs} current={chrome.current} />}
    </div>
  );
}

/** For what stands below a conversation: a long one opens at its end, where the newest is and one writes. */
export function useAtEnd(begun: boolean): RefObject<HTMLDivElement | null> {
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (begun && arrival.peek() !== "back") end.current?.scrollIntoView({ block: "nearest" });
  }, [begun]);
  return end;
}

/** Two columns on wide screens, one below the other on phones. `half` for equal ones. */
export function Columns({ left, right, half = false }: { left: ComponentChildren; right: ComponentChildren; half?: boolean }) {
  return <div class={`cols${half ? " half" : ""}`}><div class="col">{left}</div><div class="col">{right}</div></div>;
}
