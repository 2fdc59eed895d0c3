/** What one writes is kept on this device with every letter, found again when one comes back, and leaves with what is sent. */
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { App } from "../state/api";

/** Hands over what is written, now: whoever leaves the page in the next moment has written it all the same. */
export function keepDraft(app: Pick<App, "saveDraft" | "dropDraft">, key: string, value: unknown): void {
  // When the device keeps nothing more, the bar on top says so.
  void (value === "" ? app.dropDraft(key) : app.saveDraft(key, value)).catch(() => undefined);
}

/** Keeps what differs from `first`. Gives whether it was found here, and what lets go of that. */
export function useFormDraft<V extends object>(app: App | null, key: string | undefined, first: V, values: V, setValues: (change: (now: V) => V) => void): [found: boolean, setFound: (found: boolean) => void] {
  const [found, setFound] = useState(false);
  const [read, setRead] = useState(false);
  const kept = useRef(false);
  useEffect(() => {
    if (!app || !key) return;
    void app.draft<V>(key).then((before) => {
      kept.current = before !== undefined;
      if (before) setValues((now) => ({ ...now, ...before }));
      setFound(kept.current);
      setRead(true);
    }, () => undefined); // Locked or forgotten meanwhile: nothing of it is shown any more.
  }, [key]);
  // Before the screen is drawn, and so before anybody can leave.
  useLayoutEffect(() => {
    if (!app || !key || !read) return;
    const written = JSON.stringify(values) !== JSON.stringify(first);
    if (written || kept.current) keepDraft(app, key, written ? values : "");
    kept.current = written;
  }, [values, read]);
  return [found, setFound];
}
