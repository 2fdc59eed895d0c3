/** Everything that is not settled yet, on one page: waiting, refused, taken back. */
import { useContext } from "preact/hooks";
import { t } from "../i18n";
import type { OutboxItem } from "../state/api";
import { ChromeContext, Empty, OutboxNotice, Page, Section, useApp, written } from "../ui";
import { commandWords } from "./outbox-words";

function Group({ title, items }: { title: string; items: readonly OutboxItem[] }) {
  if (items.length === 0) return null;
  return (
    <Section title={title}>
      <div class="stack">{items.map((item) => <OutboxNotice key={item.id} item={item} what={[commandWords(item.name), written(item.args)].filter(Boolean).join(": ")} />)}</div>
    </Section>
  );
}

/** Professionals come here from More, which is where the tab bar says they are. */
export function useWayBack(): { href: string; label: string } {
  return useContext(ChromeContext).role === "staff" ? { href: "/more", label: t("More") } : { href: "/", label: t("Home") };
}

/** Commands the app sends for itself are not something the person wrote. */
const OWN = new Set(["push.subscribe", "push.unsubscribe", "noop"]);

export function Outbox() {
  const items = useApp().outbox.value.filter((item) => !OWN.has(item.name));
  return (
    <Page back={useWayBack()} title={t("Not sent yet")} lead={t("What you wrote is kept on this device until it has been sent.")}>
      {items.length === 0 && <Empty icon="check" title={t("Everything has been sent")} />}
      <Group title={t("Needs you")} items={items.filter((item) => item.state === "refused" || item.state === "draft")} />
      <Group title={t("Waiting to be sent")} items={items.filter((item) => item.state === "waiting" || item.state === "sent" || item.state === "held")} />
    </Page>
  );
}
