/** Reminders: on this device, of what, and never at night. */
import { t } from "../i18n";
import { pushState, turnOff, turnOn } from "../push";
import type { Doc } from "../state/api";
import { Card, Field, OutboxFor, Section, Switch, useApp } from "../ui";
import { PushStatus, ReminderSample } from "./reminders";
import { roleKind } from "./roles";

interface SettingsDoc extends Doc {
  quiet_from?: string;
  quiet_to?: string;
  /** How each kind of notice comes; one that is not here is pushed. */
  kinds?: Readonly<Record<string, "push" | "in_app" | "none">>;
}

interface Group { label: () => string; kinds: readonly string[] }

const MEETINGS = ["invited", "moved", "cancelled", "new_time", "week", "day", "hour", "held", "booked", "answer", "declined", "follow_up", "late"];
/** What a person turns on and off together. A kind that is new in the server is pushed until it stands here. */
const GROUPS: readonly (Group & { staff: boolean | null })[] = [
  { staff: null, label: () => t("Meetings and changed times"), kinds: MEETINGS.map((what) => `meeting_${what}`) },
  { staff: false, label: () => t("When you have got an answer"), kinds: ["contact_answered", "contact_tried", "contact_late", "message_new"] },
  { staff: false, label: () => t("While you wait"), kinds: ["waiting_opened", "waiting_news", "waiting_check_in", "measure_offered", "measure_follow_up"] },
  { staff: false, label: () => t("Questions about sharing"), kinds: ["consent_asked", "consent_ends", "consent_expired"] },
  { staff: true, label: () => t("A promise that soon runs out"), kinds: ["contact_new", "contact_due", "contact_late", "contact_escalated", "contact_family", "message_new"] },
  { staff: true, label: () => t("Times for advice"), kinds: ["booking_tomorrow", "booking_soon", "booking_withdrawn", "booking_outcome", "booking_feedback", "slot_booked", "slot_released"] },
];

export function ReminderSettings() {
  const app = useApp();
  const state = pushState.value;
  const settings = app.all<SettingsDoc>("settings").value[0];
  const staff = roleKind(app.me.value?.kind) === "staff";
  const isOn = (group: Group): boolean => group.kinds.some((kind) => (settings?.kinds?.[kind] ?? "push") === "push");
  const change = (args: Record<string, unknown>): void => {
    void app.send("settings.change", args).catch(() => undefined);
  };
  const toggle = (on: boolean): void => {
    void (on ? turnOn(app) : turnOff(app));
  };
  return (
    <Section title={t("Reminders")}>
      <div class="card flush rows">
        <Switch label={t("Reminders on this device")} hint={t("No names and nothing of what it is about")} checked={state === "on"} onChange={toggle} />
        {GROUPS.filter((group) => group.staff === null || group.staff === staff).map((group) => (
          <Switch
            key={group.kinds[0]} label={group.label()} checked={isOn(group)}
            onChange={(on) => change({ kinds: Object.fromEntries(group.kinds.map((kind) => [kind, on ? "push" : "in_app"])) })}
          />
        ))}
      </div>
      {state !== "on" && state !== "off" && <PushStatus state={state} />}
      {settings && <OutboxFor id={settings.id} />}
      <Card>
        <p class="bold">{t("Quiet from and to")}</p>
        <div class="btns">
          <Field type="time" label={t("From")} value={settings?.quiet_from ?? "21:00"} onInput={(value) => change({ quiet_from: value })} />
          <Field type="time" label={t("To")} value={settings?.quiet_to ?? "07:00"} onInput={(value) => change({ quiet_to: value })} />
        </div>
        <ReminderSample />
      </Card>
    </Section>
  );
}
