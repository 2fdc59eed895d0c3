/** Reminders: whether they arrive, of what, how, and when never. And the one row of it on the settings page. */
import { useEffect } from "preact/hooks";
import { t } from "../i18n";
import { learnChannels } from "../push-health";
import { OutboxNotice, Page, Row, Rows, Saved, Section, useApp } from "../ui";
import { ReminderAddresses } from "./reminder-addresses";
import { ReminderKinds } from "./reminder-kinds";
import { ReminderLight, useLight } from "./reminder-light";
import { ReminderQuiet } from "./reminder-quiet";
import { ReminderSample } from "./reminders";

/** How reminders are, and the way to change it. */
export function ReminderRow() {
  const light = useLight();
  return (
    <Section title={t("Reminders")}>
      <Rows><Row icon="bell" tone={light.tone ?? "grey"} title={light.title} text={light.text} href="/settings/reminders" /></Rows>
    </Section>
  );
}

/** Choices stand at once; what has not left this device, or was refused, is said. */
function Unsent() {
  const items = useApp().outbox.value.filter((item) => item.name === "settings.change" && item.state !== "sent");
  const stopped = items.filter((item) => item.state !== "waiting");
  if (stopped.length > 0) return <>{stopped.map((item) => <OutboxNotice key={item.id} item={item} />)}</>;
  return items.length > 0 ? <Saved queued>{t("Saved on this device. It is sent when you are online.")}</Saved> : null;
}

export function ReminderPage() {
  useEffect(() => void learnChannels(), []);
  return (
    <Page back={{ href: "/settings", label: t("Settings") }} title={t("Reminders")} lead={t("You choose what, how and when.")}>
      <ReminderLight />
      <ReminderKinds />
      <Unsent />
      <ReminderAddresses />
      <ReminderQuiet />
      <Section title={t("This is how it looks on the lock screen")} note={t("Never names, never what it is about. E-mail and text messages say the same.")}>
        <ReminderSample />
      </Section>
    </Page>
  );
}
