/**
 * Addresses and going back. Addresses hold opaque ids only; the tab's title is always the app's name.
 * An open sheet is an entry of the history, so that "back" closes it and nothing else.
 */
import { signal } from "@preact/signals";

/** Where we are. `key` names the visit: it changes with every navigation, also to the same address. */
export interface Place { path: string; query: URLSearchParams; key: string }

/** `from`: the page before, for the words of the way back. */
interface Entry { key: string; depth: number; layer: boolean; from?: string | undefined }
interface Layer { depth: number; close: () => void }

/** Addresses the server answers itself; links to them leave the app. */
const SERVED = ["/auth/", "/public/", "/calendar/", "/export/", "/health/", "/metrics", "/openapi.json", "/contract.json", "/integritet", "/tillganglighet", "/.well-known/"];

let visits = 0;
const newKey = (): string => `${Date.now().toString(36)}${(visits += 1).toString(36)}`;

function read(key: string): Place {
  return { path: location.pathname, query: new URLSearchParams(location.search), key };
}
function entry(): Entry {
  const state = history.state as Partial<Entry> | null;
  return { key: state?.key ?? "first", depth: state?.depth ?? 0, layer: state?.layer ?? false, from: state?.from };
}

/** The place shown now. */
export const place = signal<Place>(read(entry().key));
/** How we came here: decides whether the page starts at its top or where it was left. */
export const arrival = signal<"first" | "forward" | "back">("first");

const layers: Layer[] = [];
const scrolls = new Map<string, number>();
let expected = 0;
let afterBack: (() => void)[] = [];

function arrive(how: "forward" | "back"): void {
  const { key } = entry();
  arrival.value = how;
  place.value = read(key);
}

/** Goes to an address of the app. `replace` leaves no entry to go back to, and none twice. */
export function navigate(to: string, options: { replace?: boolean } = {}): void {
  // A sheet that has just closed is still being taken off the history: wait for it, or the new entry is lost.
  if (expected > 0) {
    afterBack.push(() => navigate(to, options));
    return;
  }
  const now = entry();
  scrolls.set(now.key, window.scrollY);
  const top = layers.at(-1);
  if (top) {
    layers.length = 0;
    top.close();
  }
  // The page this one was opened from still lies below: one steps back to it, or it would lie there twice.
  const instead = options.replace === true && !now.layer;
  if (instead && now.from === to) return history.back();
  const replace = instead || now.layer;
  // The entry of a sheet lies upon its page, and gives its place to what comes.
  const from = instead ? now.from : place.peek().path;
  const state: Entry = { key: newKey(), depth: replace ? now.depth : now.depth + 1, layer: false, from };
  if (replace) history.replaceState(state, "", to);
  else history.pushState(state, "", to);
  arrive("forward");
}

/** One step back inside the app, or to `fallback` when the app was opened on this page. */
export function back(fallback = "/"): void {
  if (entry().depth > 0) history.back();
  else navigate(fallback, { replace: true });
}

/** The page that one step back leads to; none when the app was opened on this one. */
export function cameFrom(): string | undefined {
  const now = entry();
  return now.depth > 0 ? now.from : undefined;
}

/** Where the page of this visit was left, in px; 0 if it is new. */
export function keptScroll(key: string): number {
  return scrolls.get(key) ?? 0;
}

/**
 * Puts a layer (a sheet) on the history. `close` is called when the person goes back.
 * Returns what to call when the layer closes by itself.
 */
export function openLayer(close: () => void): () => void {
  const now = entry();
  const layer: Layer = { depth: now.depth + 1, close };
  history.pushState({ key: now.key, depth: layer.depth, layer: true, from: now.from } satisfies Entry, "");
  layers.push(layer);
  return () => {
    const index = layers.indexOf(layer);
    if (index < 0) return;
    layers.splice(index, 1);
    expected += 1;
    history.back();
  };
}

function popped(): void {
  if (expected > 0) {
    expected -= 1;
    const waiting = afterBack;
    afterBack = [];
    for (const run of waiting) run();
    return;
  }
  const { depth, layer: forwardToLayer } = entry();
  const open = layers.filter((layer) => layer.depth > depth);
  if (open.length > 0) {
    layers.length -= open.length;
    for (const layer of open.reverse()) layer.close();
    if (location.pathname === place.value.path) return;
  }
  // Forward onto the entry of a sheet that is gone: there is nothing to show there.
  if (forwardToLayer && layers.length === 0) {
    expected += 1;
    history.back();
    return;
  }
  arrive("back");
}

function clicked(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (!link || !link.href || link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
  if (SERVED.some((prefix) => link.pathname.startsWith(prefix))) return;
  if (link.hash && link.pathname === location.pathname) return;
  event.preventDefault();
  navigate(link.pathname + link.search);
}

/** Starts listening to links and to the back button. Call once. */
export function startRouter(): void {
  history.scrollRestoration = "manual";
  if (!history.state) history.replaceState({ key: "first", depth: 0, layer: false } satisfies Entry, "");
  addEventListener("popstate", popped);
  addEventListener("click", clicked);
}

/** Matches `/meetings/:id` against a path; the parameters, or null. */
export function match(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split("/").filter(Boolean);
  const given = path.split("/").filter(Boolean);
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? "";
    if (part.startsWith(":")) params[part.slice(1)] = decodeURIComponent(value);
    else if (part !== value) return null;
  }
  return params;
}
