/** Starts the app: language and styles first, then the data, then the screen. */
import { effect, signal } from "@preact/signals";
import { render } from "preact";
import { now } from "./dates";
import { chosenHere, chosenLanguage, lang, useLanguage } from "./i18n";
import { syncPush } from "./push";
import { watchInstall } from "./install";
import { navigate, startRouter } from "./router";
import { type App, openApp } from "./state/api";
import { store, stored } from "./stored";
import { loadRegion } from "./ui/region";
import { startUpdates } from "./update";
import type { SettingsDoc } from "./views/reminder-groups";
import { Shell } from "./views/shell";
import { wishedLanguage } from "./wished";

/** Address of the stylesheet; filled in by the build. */
declare const __STYLES__: string;

/**
 * The stylesheet comes after the first paint, which the inlined rules draw. A page without it would be unreadable, so
 * the app waits, but not for ever: an old copy in a cache may name a file that is gone.
 */
function styles(): Promise<void> {
  return new Promise((done) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = __STYLES__;
    link.onload = () => done();
    link.onerror = () => done();
    document.head.append(link);
  });
}

/** Without words there is nothing to show: tried until they come. Swedish is kept with the app, another language may be away. */
async function words(): Promise<void> {
  while (!(await useLanguage(chosenLanguage(), false)) && !(await useLanguage("sv", false))) await new Promise((again) => setTimeout(again, WORDS_AGAIN_MS));
}

const WORDS_AGAIN_MS = 2000;
const TELL_AGAIN_MS = 2000;
const DECIDED = "samled.lang.for";

/**
 * The language follows the person: their settings, else their account the first time it is seen on this device.
 * One chosen before signing in wins, and becomes the setting.
 */
function followLanguage(app: App): void {
  let applied: string | undefined;
  let told: string | undefined;
  const failed = signal(0);
  effect(() => {
    const me = app.me.value;
    if (!me || app.phase.value !== "ready") return;
    const setting = wishedLanguage(app.all<SettingsDoc>("settings").value[0]?.language, app.outbox.value);
    if (chosenHere.value) {
      void failed.value;
      const before = told ?? setting ?? me.lang;
      // Not taken while the app opens again or the phone is full: said once more.
      const again = (): unknown => setTimeout(() => { told = before; failed.value += 1; }, TELL_AGAIN_MS);
      if (before !== lang.value) void app.send("settings.change", { language: lang.value }).catch(again);
      told = lang.value;
      return;
    }
    const wanted = setting ?? (stored(DECIDED) === me.account ? undefined : me.lang);
    if (!wanted || wanted === applied) return;
    applied = wanted;
    store(DECIDED, me.account);
    if (wanted !== lang.peek()) void useLanguage(wanted);
  });
}

/** Does `work` when there is something to use on the screen, at the latest after a while: on a slow phone it would be in the way. */
function atRest(app: App, work: () => void): void {
  const begun = setTimeout(begin, REST_MS);
  const stop = effect(() => {
    if (app.syncedAt.value !== null || app.phase.value === "signed_out" || app.phase.value === "locked") setTimeout(begin, SETTLES_MS);
  });
  let done = false;
  function begin(): void {
    if (done) return;
    done = true;
    clearTimeout(begun);
    stop();
    work();
  }
}

const SETTLES_MS = 800;
const REST_MS = 6000;

async function start(): Promise<void> {
  startRouter();
  watchInstall();
  await Promise.all([styles(), words()]);
  const app = openApp({ lang: () => lang.value });
  effect(() => { now.value = app.now.value; });
  followLanguage(app);
  const root = document.getElementById("app");
  if (!root) throw new Error("no root");
  root.replaceChildren();
  render(<Shell app={app} />, root);
  void loadRegion();
  atRest(app, () => void startUpdates());
  navigator.serviceWorker?.addEventListener("message", (event: MessageEvent<{ type?: string; path?: string } | null>) => {
    if (event.data?.type === "open" && event.data.path) {
      navigate(event.data.path);
      event.ports[0]?.postMessage(true);
    } else if (event.data?.type === "push" && app.phase.peek() === "ready") void syncPush(app);
  });
  effect(() => {
    if (app.phase.value === "ready") void syncPush(app);
  });
}

void start();
