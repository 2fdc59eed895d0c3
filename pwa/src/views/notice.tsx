/** Where a reminder leads: the page of what it is about. Its address holds only the notice's own id. */
import { useEffect } from "preact/hooks";
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

/** Opens the page; home when the notice is gone or leads nowhere. Waits for the first sync before it gives up. */
export function OpenNotice({ id, role }: { id: string; role: Role }) {
  const app = useApp();
  const notice = app.one<NoticeDoc>("notice", id).value;
  const synced = app.syncedAt.value !== null && app.online.value;
  useEffect(() => {
    if (!notice) {
      if (synced) navigate("/", { replace: true });
      return;
    }
    if (!notice.read) void app.send("notice.read", { notice: id }).catch(() => undefined);
    const target = notice.doc && notice.about ? role.open?.(notice.about, notice.doc) : null;
    navigate(target ?? "/", { replace: true });
  }, [notice, synced]);
  return <Page busy><SkeletonPage /></Page>;
}
