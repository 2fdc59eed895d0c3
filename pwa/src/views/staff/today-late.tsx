/** Late promises of a unit that one leads: who owes them, and the way to that person. Nothing of who asked stands here. */
import { useState } from "preact/hooks";
import { dayWords, fullDate, time, today } from "../../dates";
import { t } from "../../i18n";
import type { App } from "../../state/api";
import { Button, CallButton, Card, ChoiceGroup, DateTile, Notice, OutboxFor, Page, Phone, Row, Rows, Section, useApp } from "../../ui";
import { functionName } from "../professional/words";
import { useColleagues, useDoing, useSelf } from "./kit";
import type { ContactRequest } from "./model";

/** The one that has been late for longest first. */
export function lateOfUnit(app: App): ContactRequest[] {
  return app.all<ContactRequest>("contact_request").value
    .filter((one) => one.owed_by && one.state === "open")
    .sort((a, b) => (a.due_at < b.due_at ? -1 : 1));
}

/** "Maria Ekdahl skulle ha hört av sig till en familj". */
function titleWords(request: ContactRequest): string {
  const name = request.owed_by?.[0]?.name;
  if (!name) return t("Nobody has this promise now");
  return request.function ? t("A question to {function} has no answer", { function: functionName(request.function) }) : t("{name} has promised a family to be in touch", { name });
}

export function LatePromises() {
  const late = lateOfUnit(useApp());
  if (late.length === 0) return null;
  return (
    <Section title={t("Late in your unit")}>
      <Rows>
        {late.map((one) => <Row key={one.id} start={<DateTile date={one.due_on} />} title={titleWords(one)} text={t("Late since {day} {time}", { day: dayWords(one.due_on), time: time(one.due_at) })} href={`/requests/${one.id}`} />)}
      </Rows>
    </Section>
  );
}

/** Somebody else of the unit is named as deputy, sees the promise and can keep it. */
function StandIn({ request }: { request: ContactRequest }) {
  const { run, said } = useDoing();
  const self = useSelf();
  const [person, setPerson] = useState<string | null>(null);
  const [, deputy] = request.owed_by ?? [];
  const owing = request.owed_by?.map((one) => one.name);
  const others = [...useColleagues(), ...(self ? [self] : [])].filter((one) => !owing?.includes(one.name));
  const chosen = others.find((one) => one.id === person);
  if (others.length === 0) return null;
  return (
    <Section title={t("Somebody else who answers")}>
      <Card>
        <ChoiceGroup legend={t("Who answers instead?")} hint={deputy ? t("They become the deputy instead of {name}, see what was asked and can answer. The family sees the name.", { name: deputy.name }) : t("They become the deputy, see what was asked and can answer. The family sees the name.")} options={others.map((one) => ({ value: one.id, label: one.name, hint: one.away_until && one.away_until >= today() ? t("Away until {day}", { day: fullDate(one.away_until) }) : one.title }))} value={person} onChange={setPerson} />
        {said}
        <OutboxFor id={request.id} names={["contact.stand_in"]} />
        <Button disabled={chosen ? false : t("Choose somebody first")} onPress={() => run("contact.stand_in", { contact_request: request.id, person })}>{chosen ? t("Let {name} answer", { name: chosen.name }) : t("Let somebody else answer")}</Button>
      </Card>
    </Section>
  );
}

/** One of them: whose promise it is, calling them, and naming somebody else. */
export function LateOfUnit({ request }: { request: ContactRequest }) {
  const app = useApp();
  const people = request.owed_by ?? [];
  return (
    <Page title={t("A late promise")} kicker={request.unit_name} back={{ href: "/", label: t("Today") }}>
      <Notice tone="bad" icon="warning" title={titleWords(request)}>
        <span>{t("Late since {day} {time}", { day: dayWords(request.due_on), time: time(request.due_at) })}. {t("The one who asked knows that it is late.")}</span>
      </Notice>
      {people.length > 0 && (
        <Section title={t("Whose promise it is")} note={t("You lead the unit, so you are told. What was asked, and by whom, you do not see.")}>
          {people.map((one, index) => {
            const away = one.away_until && one.away_until >= today() ? t("Away until {day}", { day: fullDate(one.away_until) }) : undefined;
            return (
              <div class="stack-2" key={one.name}>
                <Rows><Row icon="person" tone={away ? "mark" : "grey"} title={one.name} text={[one.title, !request.function && index > 0 ? t("Stands in") : "", away].filter(Boolean).join(" · ")} /></Rows>
                {one.phone && <CallButton block kind={index === 0 ? "primary" : "second"} number={one.phone}>{t("Call {name}", { name: one.name.split(" ")[0] ?? one.name })} <Phone number={one.phone} /></CallButton>}
              </div>
            );
          })}
        </Section>
      )}
      {!request.function && app.may("contact.stand_in", request) && <StandIn request={request} />}
      {people.length === 0 && <p class="muted inset">{t("Nobody holds this function now. Name somebody under Contacts.")}</p>}
    </Page>
  );
}
