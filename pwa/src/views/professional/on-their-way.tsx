/** Those on their way into a unit, as a list. */
import { useState } from "preact/hooks";
import { fullDate, time } from "../../dates";
import { t, tn } from "../../i18n";
import { Badge, Button, Portrait, Row, Rows, Section, useApp } from "../../ui";
import type { ViewProps } from "../roles";
import type { Newcomer } from "./model";
import { compare } from "./search";

/** "Inbjuden till …", or that nobody has invited them yet. */
export function wayWords(one: Newcomer, nowMs: number): string {
  if (!one.expires_at) return t("Not invited yet");
  if (Date.parse(one.expires_at) <= nowMs) return t("The invitation has run out");
  return t("Invited, until {when}", { when: `${fullDate(one.expires_at)} ${time(one.expires_at)}` });
}

export const isOpen = (one: Newcomer, nowMs: number): boolean => one.expires_at !== undefined && Date.parse(one.expires_at) > nowMs;

/** What somebody is to be, in one line. */
export function roleWords(one: Newcomer): string {
  return one.kind === "process_lead" ? t("Process lead, {area}", { area: one.area_name ?? "" }) : one.title ?? "";
}

/** Everybody on their way, the open invitations first; of one unit or of all that one looks after. */
function useNewcomers(unit?: string): readonly Newcomer[] {
  const app = useApp();
  const now = app.now.value;
  return app.all<Newcomer>("newcomer").value
    .filter((one) => unit === undefined || one.unit === unit)
    .sort((a, b) => Number(isOpen(b, now)) - Number(isOpen(a, now)) || compare(a.name, b.name));
}

/** On a unit's own page. */
export function OnTheirWayHere({ params }: ViewProps) {
  return <OnTheirWay unit={params.id ?? ""} />;
}

const STEP = 20;

/** The list of them; nothing when nobody is on their way. */
export function OnTheirWay({ unit }: { unit?: string }) {
  const app = useApp();
  const people = useNewcomers(unit);
  const [shown, setShown] = useState(STEP);
  const now = app.now.value;
  const mayChange = app.may("newcomer.invite");
  if (people.length === 0) return null;
  const open = people.filter((one) => isOpen(one, now)).length;
  return (
    <Section title={t("On their way")} note={tn("{n} open invitation", "{n} open invitations", open)}>
      <Rows>
        {people.slice(0, shown).map((one) => (
          <Row
            key={one.id} start={<Portrait name={one.name} size={44} />} title={<bdi>{one.name}</bdi>} text={[roleWords(one), wayWords(one, now)].filter(Boolean).join(" · ")}
            href={mayChange ? `/newcomers/${one.id}` : undefined}
            end={isOpen(one, now) ? <Badge tone="info" icon="mail">{t("Invited")}</Badge> : undefined}
          />
        ))}
      </Rows>
      {people.length > shown && <Button block onPress={() => setShown(shown + STEP)}>{tn("Show {n} more", "Show {n} more", Math.min(STEP, people.length - shown))}</Button>}
    </Section>
  );
}
