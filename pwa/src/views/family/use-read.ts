/** What a page shows counts as read: its notices are marked, and the reading of a sensitive document is noted. */
import { useEffect } from "preact/hooks";
import { useApp } from "../../ui";
import type { Notified } from "./docs";
import { markRead } from "./notices";

/** Marks the notices about these documents while the page is open. */
export function useRead(entity: string, ids: readonly string[]): void {
  const app = useApp();
  const unread = app.all<Notified>("notice").value.filter((one) => one.about === entity && !one.read && ids.includes(one.doc ?? ""));
  const key = unread.map((one) => one.id).join();
  useEffect(() => {
    if (key) markRead(app, unread);
  }, [key]);
}
