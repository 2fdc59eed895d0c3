/** A child's page: who stands around it, what is promised, and what comes next. Or what a family has shared with us. */
import { useEffect } from "preact/hooks";
import { capital, dayWords, fullDate, longDate, stamp, today } from "../../dates";
import { t } from "../../i18n";
import { Badge, Buttons, CallButton, Card, ChildName, Columns, DateTile, Hero, LinkButton, More, Notice, OutboxFor, Page, Phone, Portrait, Row, Rows, Section, dial, namesHidden, shownAmong, shownName, useApp } from "../../ui";
import { PrintCard } from "../../ui/print-card";
import type { ViewProps } from "../roles";
import { useOpenUnits } from "./directory";
import { type Around, Missing, ageWords, partOf, shutOut, useChild, useSelf } from "./kit";
import type { Consent, ContactRequest, Measure, Meeting, Message, Waiting } from "./model";
import { askerWords, dueWords, isLate } from "./promise";
import { TeamRowsOf } from "./team-rows";
import { consentState, kindWords, listed, measureState, meetingTitle, personState, purposeWords, reasonWords, waitWords, worseWords } from "./words";

const ofChild = <T extends { child?: unknown }>(docs: readonly T[], id: string): T[] => docs.filter((one) => one.child === id);

function Requests({ around }: { around: Around }) {
  const app = useApp();
  const requests = ofChild(app.all<ContactRequest>("contact_request").value, around.child.id).filter((one) => one.asked_by);
  const open = requests.filter((one) => one.state === "open").sort((a, b) => (a.due_at < b.due_at ? -1 : 1));
  const done = requests.filter((one) => one.state === "answered").sort((a, b) => ((a.answered_at ?? "") < (b.answered_at ?? "") ? 1 : -1)).slice(0, 2);
  if (open.length + done.length === 0) return null;
  return (
    <Section title={t("Promises")}>
      <Rows>
        {open.map((one) => (
          <Row key={one.id} icon="flag" tone={isLate(one, app.now.value) ? "bad" : "mark"} title={t("Call {who}", { who: askerWords(one, undefined) })} text={`${reasonWords(one.reason)} · ${isLate(one, app.now.value) ? t("late since {day}", { day: dayWords(one.due_on) }) : dueWords(one)}`} href={`/requests/${one.id}`} />
        ))}
        {done.map((one) => <Row key={one.id} icon="check" tone="good" title={t("Answered {who}", { who: askerWords(one, undefined) })} text={one.answered_at ? stamp(one.answered_at) : undefined} href={`/requests/${one.id}`} />)}
      </Rows>
    </Section>
  );
}

function Meetings({ around }: { around: Around }) {
  const app = useApp();
  const { child, held } = around;
  const all = ofChild(app.all<Meeting>("meeting").value, child.id);
  const ahead = all.filter((one) => one.state !== "held" && one.state !== "cancelled").sort((a, b) => (a.starts_at < b.starts_at ? -1 : 1));
  const held_ = all.filter((one) => one.state === "held").sort((a, b) => (a.starts_at < b.starts_at ? 1 : -1)).slice(0, 3);
  const words = (one: Meeting): string => {
    if (one.state === "draft") return t("Nobody is invited yet");
    if (one.state === "held") return t("Held");
    const gone = shutOut(one, around.coordinator);
    if (gone.length > 0) return t("{names}: the yes has ended, does not see the meeting", { names: listed(gone) });
    const missing = (one.answers ?? []).filter((answer) => answer.answer === "none").length;
    return one.state === "confirmed" ? t("Everybody has answered") : t("{n} have not answered", { n: missing });
  };
  return (
    <Section title={t("Meetings")}>
      {ahead.length + held_.length > 0 && <Rows>
        {[...ahead, ...held_].map((one) => <Row key={one.id} start={<DateTile date={one.starts_at} />} title={<bdi>{meetingTitle(one, child.display_name)}</bdi>} text={words(one)} href={`/meetings/${one.id}`} />)}
      </Rows>}
      {held && child.state === "open" && <LinkButton icon="plus" href={`/children/${child.id}/meeting`}>{t("Plan a meeting")}</LinkButton>}
      {!held && ahead.length + held_.length === 0 && <p class="muted inset">{t("No meetings are shared with you.")}</p>}
      <OutboxFor id={child.id} names={["meeting.propose"]} />
    </Section>
  );
}

function Waits({ around }: { around: Around }) {
  const app = useApp();
  const { child, held } = around;
  const cards = ofChild(app.all<Waiting>("waiting").value, child.id).filter((one) => one.state !== "ended" && one.state !== "started");
  const measures = ofChild(app.all<Measure>("support_measure").value, child.id).filter((one) => one.state === "offered" || one.state === "running");
  if (child.state === "closed" && cards.length + measures.length === 0) return null;
  return (
    <Section title={t("Waiting and support meanwhile")}>
      {cards.length + measures.length > 0 && <Rows>
        {cards.map((one) => {
          const late = (one.next_check_in_on ?? "9") < today();
          return (
            <Row
              key={one.id} icon={one.worse_reports?.length ? "warning" : "clock"} tone={one.worse_reports?.length ? "bad" : late ? "mark" : "info"} title={t("{title}, {name}", { title: waitWords(one.what), name: one.unit_name })}
              text={one.worse_reports?.length ? t("It has become worse") : one.next_check_in_on ? t("Ask how it is, {day}", { day: dayWords(one.next_check_in_on) }) : t("By {day}", { day: longDate(one.limit_on) })} href={`/waiting/${one.id}`}
            />
          );
        })}
        {measures.map((one) => <Row key={one.id} icon="hand" tone="good" title={one.title} text={`${one.unit_name} · ${one.state === "offered" ? t("Offered from {day}", { day: longDate(one.starts_on) }) : measureState(one.state)}`} href={`/measures/${one.id}`} />)}
      </Rows>}
      {held && child.state === "open" && (
        <Buttons>
          <LinkButton icon="clock" href={`/children/${child.id}/waiting`}>{t("Waits for care")}</LinkButton>
          <LinkButton icon="hand" href={`/children/${child.id}/measure`}>{t("Offer support")}</LinkButton>
        </Buttons>
      )}
      {!held && cards.length + measures.length === 0 && <p class="muted inset">{t("Nothing of this is shared with you.")}</p>}
      <OutboxFor id={child.id} names={["waiting.open", "measure.offer"]} />
    </Section>
  );
}

function Family({ around }: { around: Around }) {
  const app = useApp();
  const { child } = around;
  const messages = ofChild(app.all<Message>("message").value, child.id);
  const last = (relation: string): Message | undefined => messages.filter((one) => one.thread === relation).sort((a, b) => (a.sent_at < b.sent_at ? 1 : -1))[0];
  const people = child.people ?? [];
  const names = people.map((one) => one.name);
  return (
    <Section title={t("The family")}>
      {people.length > 0 && <Rows>
        {people.map((one) => {
          const latest = last(one.relation);
          return (
            <Row
              key={one.relation} start={<Portrait name={shownName(one.name)} size={44} />} title={<bdi>{shownAmong(one.name, names)}</bdi>}
              text={`${kindWords(one.kind)} · ${latest ? t("message {when}", { when: stamp(latest.sent_at) }) : personState(one.kind === "guardian" || one.state === "invited" ? one.state : "here")}`} href={`/children/${child.id}/family/${one.relation}`}
              {...(one.state === "invited" ? { end: <Badge tone="mark" icon="clock">{t("Invited")}</Badge> } : one.state === "joined" && one.kind === "guardian" ? { end: <Badge tone="warn" icon="warning">{t("To check")}</Badge> } : {})}
            />
          );
        })}
      </Rows>}
      {people.length === 0 && <p class="muted inset">{t("Nobody of the family is invited yet.")}</p>}
      {child.state === "open" && <LinkButton icon="plus" href={`/children/${child.id}/invite`}>{t("Invite somebody of the family")}</LinkButton>}
      <OutboxFor id={child.id} names={["guardian.invite", "young.invite", "supporter.invite", "guardian.verify", "guardian.end", "supporter.end"]} />
    </Section>
  );
}

function Consents({ around }: { around: Around }) {
  const app = useApp();
  const { child, held } = around;
  const order = ["asked", "complete", "refused", "withdrawn", "expired"];
  const all = ofChild(app.all<Consent>("consent").value, child.id).sort((a, b) => order.indexOf(a.state ?? "complete") - order.indexOf(b.state ?? "complete"));
  const live = all.filter((one) => !one.state || one.state === "asked" || one.state === "complete");
  return (
    <Section title={held ? t("What may be shared") : t("What the family said yes to")}>
      {live.length > 0 && <Rows>
        {live.map((one) => (
          <Row
            key={one.id} icon="share-with" tone={one.state === "asked" ? "mark" : "good"} title={purposeWords(one.purpose)}
            text={`${one.to_units.map((unit) => unit.name).join(", ")} · ${one.state === "asked" ? consentState("asked") : t("until {day}", { day: longDate(one.valid_until) })}`} href={`/consents/${one.id}`}
          />
        ))}
      </Rows>}
      {live.length === 0 && <p class="muted inset">{t("Nothing is shared with other units.")}</p>}
      {all.length > live.length && <p class="sm muted inset">{t("Ended or refused: {n}.", { n: all.length - live.length })} {all.filter((one) => !live.includes(one)).map((one, index) => <a key={one.id} href={`/consents/${one.id}`}>{index > 0 ? " · " : ""}{purposeWords(one.purpose)}</a>)}</p>}
      {held && child.state === "open" && (
        <LinkButton block icon="share-with" href={`/children/${child.id}/consent`}>{t("Ask to share")}</LinkButton>
      )}
      <OutboxFor id={child.id} names={["consent.ask", "consent.record"]} />
    </Section>
  );
}

/** The family's card on paper, for those without a phone of their own. The child's name is not on it: slips are lost. */
function PaperCard({ around: { child, coordinator } }: { around: Around }) {
  if (!coordinator?.name || !coordinator.phone || child.state !== "open") return null;
  const { deputy } = coordinator;
  return (
    <More summary={t("A card on paper for the family")}>
      <PrintCard
        relation={t("Your coordinator")} name={coordinator.name} role={[coordinator.title, coordinator.unit_name].filter(Boolean).join(", ")} phone={coordinator.phone}
        hours={coordinator.reach_hours}
        deputy={deputy?.phone ? { name: deputy.name, phone: deputy.phone } : undefined}
      />
    </More>
  );
}

function People({ around }: { around: Around }) {
  const { child, coordinator } = around;
  const own = useSelf()?.unit;
  const open = useOpenUnits(child.id);
  return (
    <Section title={t("Who coordinates")}>
      <Rows>
        <Row start={<Portrait name={coordinator?.name ?? "?"} size={44} />} title={coordinator?.name ?? t("Nobody yet")} text={coordinator?.name ? `${coordinator.title ?? ""}, ${coordinator.unit_name}` : coordinator?.answers_by ? t("To be named by {day}", { day: fullDate(coordinator.answers_by) }) : undefined} />
        {coordinator?.deputy ? <Row start={<Portrait name={coordinator.deputy.name} size={44} />} title={coordinator.deputy.name} text={t("Stands in")} /> : <Row icon="person" tone="mark" title={t("Nobody stands in")} text={t("Choose one, so that no promise waits")} href={`/children/${child.id}/people`} />}
        {(coordinator?.people ?? []).map((one) => <Row key={one.person} start={<Portrait name={one.name} size={44} />} title={one.name} text={[one.title, one.unit_name].filter(Boolean).join(", ")} end={one.unit === own || open.has(one.unit ?? "") ? undefined : <Badge tone="warn" icon="eye-off">{t("Sees nothing now")}</Badge>} />)}
        <Row icon="people" tone="grey" title={t("Change who stands around the child")} href={`/children/${child.id}/people`} />
      </Rows>
      <OutboxFor id={child.id} names={["coordinator.deputy", "seat.assign", "seat.end"]} />
    </Section>
  );
}

function Safety({ around }: { around: Around }) {
  const { child } = around;
  return (
    <Section title={t("More")}>
      <Rows>
        <Row icon="lock" tone={child.protected ? "mark" : "grey"} title={t("Protected identity")} text={child.protected ? t("On: only a few see this child") : t("Hide the child from everybody but a few")} href={`/children/${child.id}/protect`} />
        <TeamRowsOf child={child} />
        {child.state === "open" && <Row icon="check-circle" tone="grey" title={t("Close with a last word")} text={t("When the coordination is over")} href={`/children/${child.id}/close`} />}
      </Rows>
      <OutboxFor id={child.id} names={["protect.set", "protect.add", "protect.lift", "child.close"]} />
    </Section>
  );
}

/** The child's name as the family wants it. */
function Facts({ around }: { around: Around }) {
  const { child } = around;
  const words = [ageWords(child), child.interpreter && t("Interpreter: {what}", { what: child.interpreter }), child.turns_18_on && !namesHidden.value && t("18 on {day}", { day: longDate(child.turns_18_on) })];
  return <>{words.filter(Boolean).join(" · ")}</>;
}

export function ChildView({ params }: ViewProps) {
  const app = useApp();
  const id = params.id ?? "";
  const around = useChild(id);
  
  useEffect(() => {
    if (around) app.read("child", id);
  }, [id, Boolean(around)]);
  if (!around) return <Missing />;
  const { child, coordinator, held } = around;
  const back = { href: "/children", label: t("Children") };
  if (!held) return <Shared around={around} back={back} />;
  const worse = ofChild(app.all<Waiting>("waiting").value, id).filter((one) => one.worse_reports?.length);
  return (
    <Page title={<ChildName name={child.display_name} />} kicker={<Facts around={around} />} back={back}>
      {child.protected && <Notice tone="warn" icon="lock" title={t("Protected identity")}><a href={`/children/${id}/protect`}>{t("See who may know")}</a></Notice>}
      {child.state === "closed" && <Notice tone="grey" icon="check-circle" title={t("The coordination is closed")}><span>{child.last_word}</span></Notice>}
      {partOf(app, coordinator) === "deputy" && coordinator?.name && <Notice tone="info" icon="person" title={t("You stand in for {name}", { name: coordinator.name })} />}
      {worse.map((one) => (
        <Notice key={one.id} tone="bad" icon="warning" title={t("The family says that it has become worse")}>
          <span>{t("It is about {what}.", { what: worseWords([...new Set((one.worse_reports ?? []).flatMap((report) => report.what))]) })} <a href={`/waiting/${one.id}`}>{t("See what they said, and call")}</a></span>
        </Notice>
      ))}
      {child.state === "open" && <LinkButton icon="mic" href={`/children/${id}/spoken`}>{t("Note the family's answer")}</LinkButton>}
      <Columns
        left={<><Requests around={around} /><Meetings around={around} /><Waits around={around} /></>}
        right={<><Family around={around} /><Consents around={around} /><People around={around} /><Safety around={around} /></>}
      />
      <PaperCard around={around} />
    </Page>
  );
}

/** What a family has shared with this unit: exactly the documents of the consent. */
function Shared({ around, back }: { around: Around; back: { href: string; label: string } }) {
  const { child, coordinator } = around;
  return (
    <Page title={<ChildName name={child.display_name} />} kicker={`${t("Shared with you")} · ${ageWords(child)}`} back={back}>
      <Columns
        left={<>
          {coordinator && (
            <Hero
              relation={t("Coordinator")} name={coordinator.name ?? t("Being named")} role={[coordinator.title, coordinator.unit_name].filter(Boolean).join(", ")}
              buttons={coordinator.phone && <CallButton kind="primary" number={dial(coordinator.phone)}>{t("Call {name}", { name: coordinator.name?.split(" ")[0] ?? "" })}</CallButton>}
              reach={coordinator.away_until && coordinator.away_until >= today() ? t("Away until {day}", { day: fullDate(coordinator.away_until) }) : coordinator.reach_hours && capital(coordinator.reach_hours)} foot={coordinator.phone && <Phone number={coordinator.phone} />}
            />
          )}
          <Meetings around={around} />
          <Waits around={around} />
        </>}
        right={<>
          <Consents around={around} />
          <Card><p class="sm muted">{t("Nothing else is shared. When the family ends the sharing, this disappears from your device.")}</p></Card>
        </>}
      />
    </Page>
  );
}
