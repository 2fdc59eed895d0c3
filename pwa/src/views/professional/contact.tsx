/** One function: everything about reaching it; for those who keep it also confirm, change, count and take away. */
import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { navigate } from "../../router";
import { AskSheet, Badge, Button, CallButton, Card, Columns, Facts, LinkButton, Notice, OutboxFor, Page, Phone, Row, Rows, Section, useApp } from "../../ui";
import { Bars } from "../../ui/staff";
import type { ViewProps } from "../roles";
import { Missing, useDoing } from "../staff/kit";
import type { Area, Unit } from "../staff/model";
import { AskLink } from "./ask";
import { Confirmed, contactFacts } from "./contact-card";
import { CountOne } from "./count-one";
import { keeps } from "./keeping";
import type { FunctionContact } from "./model";
import { functionName, gapWords, isStale, weekShort } from "./words";

const WEEKS = 8;

export function ContactView({ params }: ViewProps) {
  const one = useApp().one<FunctionContact>("function_contact", params.id ?? "").value;
  return one ? <Contact key={one.id} one={one} /> : <Missing home="/contacts" />;
}

function Contact({ one }: { one: FunctionContact }) {
  const app = useApp();
  const unit = app.one<Unit>("unit", one.unit).value;
  const area = app.one<Area>("area", unit?.area ?? "").value;
  const keeper = keeps(app, one.unit);
  const facts = contactFacts(one, area?.promise_days);
  const deputy = one.deputy;
  return (
    <Page title={functionName(one.function)} kicker={one.unit_name} lead={one.offers ?? unit?.offers} back={{ href: "/contacts", label: t("Contacts") }}>
      <Columns
        left={<>
          <Card>
            {one.badge && <Badge tone="info" icon="hand">{t("BUSE")}</Badge>}
            {facts.length > 0 && <Facts items={facts} />}
            {one.phone ? <CallButton kind="primary" block number={one.phone}><Phone number={one.phone} /></CallButton> : unit?.phone && <CallButton kind="primary" block number={unit.phone}>{t("Call {name}", { name: unit.name })}</CallButton>}
            {deputy?.phone && <CallButton block number={deputy.phone}>{t("Call the deputy, {name}", { name: deputy.name })}</CallButton>}
            <Confirmed one={one} />
          </Card>
          <AskLink one={one} />
          {one.how_to && <Section title={t("How families get there")}><Card><p>{one.how_to}</p></Card></Section>}
          {isStale(one) && !keeper && <Notice tone="warn" icon="warning" title={t("Nobody has confirmed this for six months")}><span>{t("The unit is asked to check it. Call and ask if you are not sure.")}</span></Notice>}
        </>}
        right={<>
          {keeper && <Keeping one={one} />}
          {one.badge === "buse" && app.may("contact.tally", one) && keeper && app.me.value?.kind === "staff" && <Tally one={one} />}
          <Rows><Row icon="building" title={one.unit_name} text={one.municipality ?? unit?.town} href={`/contacts/${one.unit}`} /></Rows>
        </>}
      />
    </Page>
  );
}

function Keeping({ one }: { one: FunctionContact }) {
  const app = useApp();
  const { run, said } = useDoing();
  const [done, setDone] = useState(false);
  const [asked, setAsked] = useState(false);
  const lead = app.me.value?.kind === "process_lead";
  const confirm = async (): Promise<void> => {
    const answer = await run("directory.confirm", { function_contact: one.id });
    setDone(answer.state === "done");
  };
  const remove = async (): Promise<void> => {
    const answer = await run("directory.remove", { function_contact: one.id });
    setAsked(false);
    if (answer.state === "done") navigate("/contacts", { replace: true });
  };
  return (
    <Section title={t("Is this right?")}>
      {(one.gap?.length ?? 0) > 0 && <Notice tone={lead ? "bad" : "warn"} icon="warning" title={gapWords(one.gap ?? [])}><span>{t("Others turn here. Write who holds it, and who stands in.")}</span></Notice>}
      <Card selected={isStale(one)}>
        {done
          ? <Notice tone="good" icon="check" alert title={t("Confirmed. Thank you.")}><span>{t("You are asked again in six months.")}</span></Notice>
          : <Button kind="primary" block icon="check" onPress={confirm}>{t("Yes, everything is right")}</Button>}
        <LinkButton block icon="edit" href={`/functions/${one.id}/edit`}>{t("Change something")}</LinkButton>
        <Button kind="quiet" block icon="trash" onPress={() => setAsked(true)}>{t("We no longer have this function")}</Button>
        {said}
        <OutboxFor id={one.id} names={["directory.confirm", "directory.edit", "directory.remove"]} />
      </Card>
      <AskSheet
        open={asked} onClose={() => setAsked(false)} title={t("Take away this function?")} lead={`${functionName(one.function)}, ${one.unit_name}`}
        yes={{ label: t("Take it away"), onPress: remove, kind: "badline" }} no={t("Keep as it is")} note={t("It disappears for everybody in the area.")}
      />
    </Section>
  );
}

/** How many came, week by week, and one more. */
function Tally({ one }: { one: FunctionContact }) {
  const weeks = (one.tally ?? []).slice(0, WEEKS);
  return (
    <Section title={t("Contacts with you as BUSE")} note={t("Only the number is counted. Nothing about whom or what.")}>
      <Card>
        {weeks.length > 0 ? <Bars label={t("Contacts a week")} items={weeks.map((week) => ({ label: weekShort(week.week), value: week.count }))} /> : <p class="muted">{t("Nothing counted yet.")}</p>}
        <CountOne one={one} />
      </Card>
    </Section>
  );
}
