/** "Vem får veta vad?": what is asked, what one has said yes to, what has ended, and who has looked. */
import { useState } from "preact/hooks";
import { capital, fullDate, longDate, stamp } from "../../dates";
import { t } from "../../i18n";
import { Card, Empty, Notice, Page, Pairs, Row, Rows, Section, SkeletonPage, useApp } from "../../ui";
import type { ViewProps } from "../roles";
import { ChildSwitch, calledIn, useAbout, useChild } from "./child";
import type { AccessEntry, Child, Consent } from "./docs";
import { Missing } from "./fetching";
import { AskedCard, EndedRow, GivenCard, TakenBack, endedWords, isGiven, isMine, purgeWords } from "./sharing-parts";
import { ShowWho, isByCode } from "./show-who";
import { useRead } from "./use-read";
import { answerWords, consentQuestion, first, unitNames } from "./words";

const lately = (a: Consent, b: Consent): number => b.asked_at.localeCompare(a.asked_at);

export function Sharing(_: ViewProps) {
  const app = useApp();
  const { child, children, coordinator } = useChild();
  const [takenBack, setTakenBack] = useState<string | null>(null);
  const consents = [...useAbout<Consent>("consent", child?.id)].sort(lately);
  useRead("consent", consents.filter((one) => !isMine(one)).map((one) => one.id));
  if (!child) return app.syncedAt.value === null ? <Page busy><SkeletonPage hero={false} /></Page> : <Missing />;
  const asked = consents.filter(isMine);
  const given = consents.filter(isGiven);
  const ended = consents.filter((one) => !isMine(one) && !isGiven(one));
  const taken = ended.find((one) => one.id === takenBack);
  const young = app.me.value?.kind === "young_person";
  return (
    <Page
      title={young ? t("Who may know what about you?") : t("Who may know what about {name}?", { name: child.display_name })}
      lead={young ? t("You decide about your part. You can change your mind at any time.") : t("You decide. You can change your mind at any time.")}
      back={young ? { href: "/", label: t("Home") } : undefined}
    >
      <ChildSwitch child={child} children={children} />
      {asked.length > 0 && (
        <Section title={coordinator?.name ? t("{name} asks", { name: first(coordinator.name) }) : t("A question to you")}>
          {asked.map((one) => <AskedCard key={one.id} consent={one} child={child} />)}
        </Section>
      )}
      {given.length > 0 && <Section title={t("You have said yes to this")}>{given.map((one) => <GivenCard key={one.id} consent={one} child={child} onTaken={setTakenBack} />)}</Section>}
      {taken && <TakenBack consent={taken} />}
      {isByCode(app) && <ShowWho />}
      {consents.length === 0 && !isByCode(app) && <Empty icon="lock" title={t("Nothing is shared with others")} text={t("Nobody outside the coordinator's workplace sees anything until you say yes.")} />}
      {ended.length > 0 && <Section title={t("No longer shared")}><Rows>{ended.map((one) => <EndedRow key={one.id} consent={one} />)}</Rows></Section>}
      <Rows><Row icon="eye" tone="info" href="/sharing/seen" title={t("Who has looked")} text={t("Which workplaces have opened something, day by day")} /></Rows>
    </Page>
  );
}

/** One consent in full. */
export function ConsentView({ params }: ViewProps) {
  const app = useApp();
  const consent = app.one<Consent>("consent", params["id"] ?? "").value;
  const child = app.one<Child>("child", consent?.child ?? "").value;
  useRead("consent", consent ? [consent.id] : []);
  if (!consent || !child) return <Missing back="/sharing" />;
  const ended = !isMine(consent) && !isGiven(consent);
  return (
    <Page title={consentQuestion(consent, calledIn(app, child))} kicker={capital(stamp(consent.asked_at))} back={{ href: "/sharing", label: t("Sharing") }}>
      {isMine(consent) && <AskedCard consent={consent} child={child} whole />}
      {isGiven(consent) && <GivenCard consent={consent} child={child} whole />}
      {ended && <Notice tone="grey" icon="lock" title={endedWords(consent) || t("This has ended")}><span>{purgeWords(consent)}</span></Notice>}
      <Pairs items={[
        { name: t("From"), value: <bdi>{unitNames(consent.from_units)}</bdi> },
        { name: t("To"), value: <bdi>{unitNames(consent.to_units)}</bdi> },
        { name: t("Your answer"), value: answerWords(consent.answer) },
        { name: t("Holds until"), value: longDate(consent.valid_until) },
      ]} />
      <p class="sm muted inset">{t("This is about what they may say to each other. Their own records follow their own rules.")}</p>
    </Page>
  );
}

/** Which workplaces have opened something, newest first. No names: that is for the log. */
export function Seen(_: ViewProps) {
  const { child, children } = useChild();
  const app = useApp();
  const entries = [...useAbout<AccessEntry>("access_entry", child?.id)].sort((a, b) => b.on.localeCompare(a.on));
  if (!child) return app.syncedAt.value === null ? <Page busy><SkeletonPage hero={false} /></Page> : <Missing back="/sharing" />;
  const days = [...new Set(entries.map((one) => one.on))];
  return (
    <Page title={t("Who has looked")} lead={t("Workplace and role, day by day. Ask your coordinator if you wonder about something.")} back={{ href: "/sharing", label: t("Sharing") }}>
      <ChildSwitch child={child} children={children} />
      {isByCode(app) && <ShowWho />}
      {days.length === 0 && !isByCode(app) && <Empty icon="eye-off" title={t("Nobody has looked yet")} />}
      {days.map((day) => (
        <Section key={day} title={capital(fullDate(day))}>
          <Rows>{entries.filter((one) => one.on === day).map((one) => <Row key={one.id} icon="eye" tone="grey" title={<bdi>{one.unit_name}</bdi>} text={<bdi>{one.function}</bdi>} />)}</Rows>
        </Section>
      ))}
      {days.length > 0 && <Card><p class="sm muted">{t("Every opening is noted, also when nothing was changed.")}</p></Card>}
    </Page>
  );
}
