/** Late promises of a unit that one leads: who owes them, and the way to that person. Nothing of who asked stands here. */
import { dayWords, fullDate, time, today } from "../../dates";
import { t } from "../../i18n";
import type { App } from "../../state/api";
import { CallButton, DateTile, Notice, Page, Phone, Row, Rows, Section, useApp } from "../../ui";
import { functionName } from "../professional/words";
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

/** One of them: whose promise it is, and calling them. */
export function LateOfUnit({ request }: { request: ContactRequest }) {
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
      {people.length === 0 && <p class="muted inset">{t("Nobody holds this function now. Name somebody under Contacts.")}</p>}
    </Page>
  );
}
