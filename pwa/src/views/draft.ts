/** What one writes is kept on this device with every letter, and found again when one comes back, until it is sent. */
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { App } from "../state/api";
import type { FormState } from "../ui";
import { useApp } from "../ui/app-context";

/** Hands over what is written, now: whoever leaves the page in the next moment has written it all the same. */
export function keepDraft(app: Pick<App, "saveDraft" | "dropDraft">, key: string, value: unknown): void {
  // When the device keeps nothing more, the bar on top says so.
  void (value === "" ? app.dropDraft(key) : app.saveDraft(key, value)).catch(() => undefined);
}

/** One text. `touched` once something is written here: what was kept before no longer takes its place. */
export function useDraftText(key: string | undefined): { text: string; touched: boolean; write: (text: string) => void } {
  const app = useApp();
  const [text, setText] = useState("");
  const touched = useRef(false);
  useEffect(() => {
    if (key) void app.draft<string>(key).then((kept) => { if (kept && !touched.current) setText(kept); });
  }, [key]);
  const write = (value: string): void => {
    touched.current = true;
    setText(value);
    if (key) keepDraft(app, key, value);
  };
  return { text, touched: touched.current, write };
}

/** All the values of a form, unless `isBlank` says that nothing is written. Gives what lets go of them, for when they are sent. */
export function useFormDraft<V extends object>(key: string, form: FormState<V>, isBlank: (values: V) => boolean = () => false): () => Promise<void> {
  const app = useApp();
  const [restored, setRestored] = useState(false);
  useEffect(() => {
    void app.draft<V>(key).then((kept) => {
      if (kept) for (const [name, value] of Object.entries(kept)) form.set(name as keyof V, value as V[keyof V]);
      setRestored(true);
    });
  }, []);
  // Before the screen is drawn, and so before anybody can leave.
  useLayoutEffect(() => {
    if (restored) keepDraft(app, key, isBlank(form.values) ? "" : form.values);
  }, [form.values]);
  return () => app.dropDraft(key);
}
