/** One unit: how one reaches it, its functions, and, for those who work there, its people. */
import { capital } from "../../dates";
import { t, tn } from "../../i18n";
import { CallButton, Card, Columns, Empty, Facts, LinkButton, Notice, OutboxNotice, Page, Portrait, Row, Rows, Section, phoneText, useApp } from "../../ui";
import type { ViewProps } from "../roles";
import { adminPart } from "../staff/chunks";
import { leads, Missing } from "../staff/kit";
import type { Area, Staff, Unit } from "../staff/model";
import { functionWords, unitKind } from "../staff/words";
import { ContactBadge } from "./contact-card";
import { keeps } from "./keeping";
import type { FunctionContact, Newcomer } from "./model";
import { compare } from "./search";
import { functionIcon, functionName, isStale } from "./words";

const OnTheirWay = adminPart("OnTheirWayHere");

export function UnitView({ params, query }: ViewProps) {
  const app = useApp();
  const unit = app.one<Unit>("unit", params.id ?? "").value;
  if (!unit) return <Missing home="/contacts" />;
  const me = app.me.value;
  const self = app.one<Staff>("staff", me?.seat ?? "").value;
  const people = app.all<Staff>("staff").value.filter((one) => one.unit === unit.id).sort((a, b) => compare(a.name, b.name));
  const functions = app.all<FunctionContact>("function_contact").value.filter((one) => one.unit === unit.id).sort((a, b) => compare(functionName(a.function), functionName(b.function)));
  const area = app.one<Area>("area", unit.area).value;
  const keeper = keeps(app, unit.id);
  const lead = me?.kind === "process_lead";
  return (
    <Page title={unit.name} kicker={`${unitKind(unit.kind)}, ${unit.town}`} lead={unit.offers} back={{ href: "/contacts", label: t("Contacts") }}>
      <Columns
        half
        left={<>
          <Card>
            <Facts items={[
              unit.phone && { icon: "phone", title: phoneText(unit.phone) }, unit.hours && { icon: "clock", title: capital(unit.hours) },
              area && { icon: "flag", title: tn("Answers within {n} working day", "Answers within {n} working days", area.promise_days), text: area.name },
            ]} />
            {unit.phone && <CallButton kind="primary" block number={unit.phone}>{t("Call")}</CallButton>}
          </Card>
          {people.length > 0 && (
            <Section title={self?.unit === unit.id ? t("In your unit") : t("Who works here")}>
              <Rows>{people.map((one) => <Row key={one.id} start={<Portrait name={one.name} size={44} />} title={one.name} text={[one.title, ...functionWords(one.functions)].join(" · ")} />)}</Rows>
              {leads(me?.kind, self, unit.id) && <LinkButton icon="leave" href={`/contacts/${unit.id}/people`}>{t("Somebody leaves the unit")}</LinkButton>}
            </Section>
          )}
          {app.all<Newcomer>("newcomer").value.some((one) => one.unit === unit.id) && <OnTheirWay params={params} query={query} />}
          {leads(me?.kind, self, unit.id) && <LinkButton icon="plus" href={`/contacts/${unit.id}/invite`}>{t("Invite somebody")}</LinkButton>}
        </>}
        right={
          <Section title={t("Functions here")}>
            {keeper && !functions.some((one) => one.badge === "buse") && <Notice tone="bad" icon="warning" title={t("Nobody here is BUSE")}><span>{t("Add that function with a deputy, so that others know whom to turn to about a child.")}</span></Notice>}
            {functions.length > 0
              ? <Rows>{functions.map((one) => <Row key={one.id} icon={functionIcon(one.function)} title={functionName(one.function)} text={[one.name, one.hours].filter(Boolean).join(" · ")} href={`/functions/${one.id}`} end={one.badge || isStale(one) || (lead && one.gap?.length) ? <ContactBadge one={one} lead={lead} /> : undefined} />)}</Rows>
              : <Empty icon="directory" title={t("No functions written here yet")} text={keeper ? t("Write what you help with, so that others find you.") : t("Call the unit and ask.")} />}
            {app.outbox.value.filter((one) => one.name === "directory.edit" && one.args.unit === unit.id).map((one) => <OutboxNotice key={one.id} item={one} what={t("A new function")} />)}
            {keeper && <LinkButton icon="plus" href={`/contacts/${unit.id}/new`}>{t("Add a function")}</LinkButton>}
          </Section>
        }
      />
    </Page>
  );
}
