/** When nothing is sent: at night, and on days off. */
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { Card, Field, Section, Switch, useApp } from "../ui";
import { useSettings } from "./reminder-settings";
import { roleKind } from "./roles";

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
/** A time is written in pieces: it is kept when it has stood for a moment. */
const STANDS_MS = 700;

/** One time of day; kept when it is whole and has stood. */
function Time({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  const [written, setWritten] = useState<string | null>(null);
  const keep = useRef(onChange);
  keep.current = onChange;
  useEffect(() => {
    if (written === null || written === value || !TIME.test(written)) return undefined;
    const standing = setTimeout(() => keep.current(written), STANDS_MS);
    return () => clearTimeout(standing);
  }, [written, value]);
  return <Field type="time" label={label} value={written ?? value} onInput={setWritten} />;
}

export function ReminderQuiet() {
  const app = useApp();
  const { settings, change } = useSettings();
  const staff = roleKind(app.me.value?.kind) === "staff";
  return (
    <Section title={t("Quiet times")} note={t("What comes then is told when the quiet time has ended. Only what cannot wait is told at once.")}>
      <Card>
        <div class="btns">
          <Time label={t("Quiet from")} value={settings?.quiet_from ?? "20:00"} onChange={(value) => change({ quiet_from: value })} />
          <Time label={t("Quiet until")} value={settings?.quiet_to ?? "07:00"} onChange={(value) => change({ quiet_to: value })} />
        </div>
      </Card>
      <div class="card flush rows">
        <Switch label={t("Quiet on days off")} hint={t("Saturdays, Sundays and holidays")} checked={settings?.quiet_weekends ?? staff} onChange={(on) => change({ quiet_weekends: on })} />
      </div>
    </Section>
  );
}
