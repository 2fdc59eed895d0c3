/** A short list of what one can be told of; each opens to the ways it can come. */
import { useState } from "preact/hooks";
import { t } from "../i18n";
import { channels } from "../push-health";
import { Button, ChoiceGroup, type Option, Row, Rows, Section, Sheet, useApp } from "../ui";
import { type Channel, type Group, type SettingsDoc, type Way, groupsFor, wayOf, wayWords } from "./reminder-groups";
import { useSettings } from "./reminder-settings";
import { roleKind } from "./roles";

const WAYS: readonly Way[] = ["push", "email", "sms", "in_app", "none"];

function hintOf(way: Way, settings: SettingsDoc | undefined): string | undefined {
  switch (way) {
    case "push": return t("On every device where reminders are on");
    case "email":
    case "sms": {
      const known = settings?.addresses?.[way];
      return known?.state === "confirmed" ? known.address : way === "sms" ? t("From when your number is confirmed. Until then as a reminder.") : t("From when your address is confirmed. Until then as a reminder.");
    }
    case "in_app": return t("In the list, without a reminder");
    case "none": return t("Not in the list either");
  }
}

/** The ways this house has, and the one already chosen. */
function waysFor(chosen: Way | null, house: readonly string[] | null): readonly Way[] {
  return WAYS.filter((way) => (way !== "email" && way !== "sms") || way === chosen || (house ?? []).includes(way));
}

/** "E-post, när adressen är bekräftad". */
function rowWords(way: Way | null, settings: SettingsDoc | undefined): string {
  const unconfirmed = (way === "email" || way === "sms") && settings?.addresses?.[way as Channel]?.state !== "confirmed";
  if (unconfirmed && way === "sms") return t("{way}, when the number is confirmed", { way: wayWords(way) });
  return unconfirmed ? t("{way}, when the address is confirmed", { way: wayWords(way) }) : wayWords(way);
}

export function ReminderKinds() {
  const app = useApp();
  const { settings, change } = useSettings();
  const [open, setOpen] = useState<Group | null>(null);
  const groups = groupsFor(roleKind(app.me.value?.kind));
  const chosen = open ? wayOf(open, settings) : null;
  const choose = (way: Way): void => {
    if (open) change({ kinds: Object.fromEntries(open.kinds.map((kind) => [kind, way])) });
  };
  const option = (way: Way): Option<Way> => {
    const hint = hintOf(way, settings);
    return { value: way, label: wayWords(way), ...(hint ? { hint } : {}) };
  };
  return (
    <Section title={t("What you are told of")}>
      <Rows>
        {groups.map((group) => <Row key={group.key} icon={group.icon} tone="grey" title={group.label()} text={rowWords(wayOf(group, settings), settings)} onPress={() => setOpen(group)} />)}
      </Rows>
      <Sheet open={open !== null} onClose={() => setOpen(null)} title={open?.label()} lead={open?.hint()}>
        <ChoiceGroup legend={t("How shall it come?")} hideLegend options={waysFor(chosen, channels.value).map(option)} value={chosen} onChange={choose} />
        <Button kind="primary" block onPress={() => setOpen(null)}>{t("Done")}</Button>
      </Sheet>
    </Section>
  );
}
