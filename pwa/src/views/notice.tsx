/** Where a reminder leads: the page of what it is about. Its address holds only the notice's own id. */
import { useEffect, useState } from "preact/hooks";
import { navigate } from "../router";
import type { Doc } from "../state/api";
import { Page, SkeletonPage, useApp } from "../ui";
import type { Role } from "./roles";

interface NoticeDoc extends Doc {
  /** The entity of `doc`. */
  about?: string;
  doc?: string;
  read?: boolean;
}

/** How long a notice may take to come after the reminder of it. */
const PATIENCE_MS = 5000;

/** Opens the page; home when the notice is gone or leads nowhere. Waits until everything has been asked for once more. */
export function OpenNotice({ id, role }: { id: string; role: Role }) {
  const app = useApp();
  const notice = app.one<NoticeDoc>("notice", id).value;
  const [before] = useState(app.syncedAt.peek());
  const [over, setOver] = useState(false);
  const isGone = !notice && (app.syncedAt.value !== before || (over && (before !== null || !app.online.value)));
  useEffect(() => {
    const waiting = setTimeout(() => setOver(true), PATIENCE_MS);
    return () => clearTimeout(waiting);
  }, []);
  useEffect(() => {
    if (isGone) navigate("/", { replace: true });
  }, [isGone]);
  useEffect(() => {
    if (!notice) return;
    if (!notice.read) void app.send("notice.read", { notice: id }).catch(() => undefined);
    const target = notice.doc && notice.about ? role.open?.(notice.about, notice.doc) : null;
    navigate(target ?? "/", { replace: true });
  }, [notice]);
  return <Page busy><SkeletonPage /></Page>;
}
