/** Whether the server can be reached, as a person is told it, and how long they wait for its word. */
import { effect, signal, type ReadonlySignal } from "@preact/signals";
import type { App, Outcome } from "./api";

/** How long somebody waits for the server before they hear that the rest happens later. */
const PATIENCE_MS = 8000;

/**
 * `live` without its short gaps: a connection that is being made, now or again, counts until `graceMs` have passed
 * without one. Without any network there is nothing to wait for; while nobody tries to connect (null) no time passes.
 */
export function steady(live: ReadonlySignal<boolean | null>, graceMs: number): ReadonlySignal<boolean> {
  const mayCome = (): boolean => graceMs > 0 && globalThis.navigator?.onLine !== false;
  const told = signal(mayCome());
  let timer: ReturnType<typeof setTimeout> | undefined;
  effect(() => {
    clearTimeout(timer);
    if (live.value) told.value = true;
    else if (!mayCome()) told.value = false;
    else if (live.value === null) told.value = true;
    else timer = setTimeout(() => { told.value = false; }, graceMs);
  });
  return told;
}

/** What the server says to a command that was sent; null when there is no connection or it takes too long. */
export async function answered(app: Pick<App, "online" | "result">, id: string): Promise<Outcome | null> {
  if (!app.online.peek()) return null;
  return Promise.race([app.result(id), new Promise<null>((resolve) => setTimeout(() => resolve(null), PATIENCE_MS))]);
}
