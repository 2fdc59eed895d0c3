/** One text that is written outside a form, kept as forms are. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { OutboxItem } from "../state/api";
import { useApp } from "../ui/app-context";
import { keepDraft } from "../ui/draft";

/** `touched` once something is written here: what was kept before no longer takes its place. */
export function useDraftText(key: string | undefined): { text: string; touched: boolean; write: (text: string) => void; sent: (words: string) => void; takeBack: (item: OutboxItem) => void } {
  const app = useApp();
  const [text, setText] = useState("");
  const touched = useRef(false);
  const latest = useRef(text);
  latest.current = text;
  useEffect(() => {
    if (key) void app.draft<string>(key).then((kept) => { if (kept && !touched.current) setText(kept); });
  }, [key]);
  const write = (value: string): void => {
    touched.current = true;
    latest.current = value;
    setText(value);
    if (key) keepDraft(app, key, value);
  };
  /** These are sent: nothing stands here now, unless it was written meanwhile. */
  const sent = (words: string): void => { if (latest.current === words) write(""); };
  /** The words of something unsent, below what stands here already. */
  const takeBack = (item: OutboxItem): void => {
    const value = [text, String(item.args["text"] ?? "")].filter(Boolean).join("\n\n");
    touched.current = true;
    setText(value);
    void app.discard(item.id, key === undefined ? undefined : { key, value });
  };
  return { text, touched: touched.current, write, sent, takeBack };
}
