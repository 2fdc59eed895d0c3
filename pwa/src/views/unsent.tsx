/** On a home page: what one has written that has not left the device, and the way to it. */
import { t, tn } from "../i18n";
import type { App } from "../state/api";
import { Row, Rows, useApp } from "../ui";

/** What the app sends for itself, and wishes to be called, which home pages show with their own words. */
const ELSEWHERE = new Set(["push.subscribe", "push.unsubscribe", "noop", "notice.read", "contact.request"]);

/** Waits for a connection, or for the person. What is on its way right now is no news. */
export function unsent(app: App): number {
  const online = app.online.value;
  return app.outbox.value.filter((item) => !ELSEWHERE.has(item.name) && item.state !== "sent" && !(online && item.state === "waiting")).length;
}

export function Unsent() {
  const app = useApp();
  const count = unsent(app);
  if (count === 0) return null;
  return <Rows><Row icon="queued" tone="mark" href="/outbox" title={tn("{n} thing has not been sent", "{n} things have not been sent", count)} text={t("It is kept on this device.")} /></Rows>;
}
