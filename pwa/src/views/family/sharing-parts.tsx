/** Consent in cards: a question with three equal answers, a yes with what it covers, what has ended. */
import { useEffect, useRef, useState } from "preact/hooks";
import { longDate, stamp, today } from "../../dates";
import { t, tn } from "../../i18n";
import { AskSheet, Badge, Button, Card, IconTile, Notice, OutboxNotice, Row, Steps, useApp } from "../../ui";
import { calledIn, useAbout } from "./child";
import type { Child, Consent, Meeting } from "./docs";
import { bySoonest, isPlanned } from "./meeting-parts";
import { answerWords, consentQuestion, first, kindWords, listed, purposeWords, unitNames } from "./words";

/** Waits for one's own answer. */
export const isMine = (consent: Consent): boolean => consent.state === "asked" && !consent.answer;
/** One's own yes stands, or it is shared: what can be taken back. Whether others have answered is not told. */
export const isGiven = (consent: Consent): boolean => !isMine(consent) && (consent.state === "shared" || (consent.withdrawable === true && Boolean(consent.answer) && consent.answer !== "no"));

function useUnsettled(consent: Consent) {
  return useApp().about(consent.id).value.filter((item) => item.name.startsWith("consent."));
}

function Unsettled({ consent }: { consent: Consent }) {
  return <>{useUnsettled(consent).map((item) => <OutboxNotice key={item.id} item={item} what={item.name === "consent.withdraw" ? t("You take back your yes") : t("Your answer: {answer}", { answer: answerWords(String(item.args["answer"])) })} />)}</>;
}

/** What is shared and what is not; `ticked` when it is shared now. */
export function Covers({ consent, child, ticked = true }: { consent: Consent; child: Child; ticked?: boolean }) {
  const name = calledIn(useApp(), child);
  return (
    <Steps small items={[
      ...consent.information_kinds.map((kind) => ({ icon: ticked ? "check" as const : "info" as const, ...(ticked ? { state: "ok" as const } : {}), text: kindWords(kind, name) })),
      ...(consent.excludes ?? []).map((text) => ({ icon: "close" as const, text: <>{t("Not:")} <span dir="auto">{text}</span></> })),
    ]} />
  );
}

/** The question with its three answers of the same size. */
export function AskedCard({ consent, child, whole = false }: { consent: Consent; child: Child; whole?: boolean }) {
  const app = useApp();
  const unsettled = useUnsettled(consent).length > 0;
  const name = calledIn(app, child);
  const answer = (value: string) => (): Promise<string> => app.send("consent.answer", { consent: consent.id, answer: value });
  return (
    <Card selected>
      {!whole && <div class="row bare top-a"><IconTile name="hand" tone="mark" round /><div class="txt"><h3>{consentQuestion(consent, name)}</h3><small>{t("Asked {when}. Until {date} at the longest.", { when: stamp(consent.asked_at), date: longDate(consent.valid_until) })}</small></div></div>}
      <p class="sm">{t("They would then know:")}</p>
      <Covers consent={consent} child={child} ticked={false} />
      <Unsettled consent={consent} />
      {!unsettled && (
        <div class="stack-2">
          <Button block onPress={answer("yes")}>{t("Yes, that is fine")}</Button>
          <Button block onPress={answer("yes_without_name")}>{t("Yes, but without name")}</Button>
          <Button block onPress={answer("no")}>{t("No")}</Button>
        </div>
      )}
      <p class="sm muted">{name
        ? <>{t("Without name: they may talk about the question, but not know that it is about {name}.", { name })} {t("{name} gets help whatever you answer.", { name })}</>
        : <>{t("Without name: they may talk about the question, but not know that it is about you.")} {t("You get help whatever you answer.")}</>}</p>
    </Card>
  );
}

/** One's own yes, and taking it back. */
export function GivenCard({ consent, child, whole = false, onTaken }: { consent: Consent; child: Child; whole?: boolean; onTaken?: (consent: string) => void }) {
  const [asking, setAsking] = useState(false);
  const unsettled = useUnsettled(consent).length > 0;
  const waiting = consent.state !== "shared";
  return (
    <Card>
      <Row
        bare icon="share-with" title={<bdi>{unitNames(consent.to_units)}</bdi>} text={[purposeWords(consent.purpose), consent.answer === "yes_without_name" ? t("Without name") : ""].filter(Boolean).join(". ")}
        end={waiting ? <Badge icon="lock">{t("Not shared")}</Badge> : <Badge tone="good" icon="check">{t("Yes")}</Badge>}
      />
      {waiting && <p class="sm">{t("You have said yes. Nothing is shared now: it takes a yes from everybody who is asked. This is what it would be:")}</p>}
      <Covers consent={consent} child={child} ticked={!waiting} />
      <div class="row bare">
        <span class="txt"><small>{saidWords(consent)}<br />{t("Valid until {date}", { date: longDate(consent.valid_until) })}</small></span>
        {consent.withdrawable && !unsettled && <Button slim icon="undo" onPress={() => setAsking(true)}>{t("Take back")}</Button>}
      </div>
      <Unsettled consent={consent} />
      {!whole && <a href={`/sharing/${consent.id}`} class="btn quiet">{t("Read more")}</a>}
      <WithdrawSheet consent={consent} child={child} open={asking} onClose={() => setAsking(false)} onTaken={onTaken} />
    </Card>
  );
}

/** When one's own yes was given, or noted by somebody else. */
function saidWords(consent: Consent): string {
  if (!consent.answered_at) return "";
  const date = longDate(consent.answered_at);
  return consent.form === "in_app" ? t("You said yes {date}.", { date }) : consent.form === "oral" ? t("Noted {date}: you said yes.", { date }) : t("Noted {date}: you said yes on paper.", { date });
}

/** "Ta tillbaka ditt ja?" What happens at once, what stays, and which meeting it touches. */
function WithdrawSheet({ consent, child, open, onClose, onTaken }: { consent: Consent; child: Child; open: boolean; onClose: () => void; onTaken: ((consent: string) => void) | undefined }) {
  const app = useApp();
  const name = calledIn(app, child);
  const units = new Set(consent.to_units.map((unit) => unit.unit));
  const touched = useAbout<Meeting>("meeting", child.id).filter(isPlanned).sort(bySoonest)
    .map((meeting) => ({ meeting, names: (meeting.people ?? []).filter((person) => units.has(person.unit)).map((person) => first(person.name)) }))
    .filter(({ names }) => names.length > 0);
  const withdraw = async (): Promise<void> => {
    await app.send("consent.withdraw", { consent: consent.id });
    onTaken?.(consent.id);
    onClose();
  };
  return (
    <AskSheet
      open={open} onClose={onClose} title={t("Take back your yes?")} lead={name ? t("{units} may then no longer know anything about {name} here.", { units: unitNames(consent.to_units), name }) : t("{units} may then no longer know anything about you here.", { units: unitNames(consent.to_units) })}
      yes={{ label: t("Yes, take it back"), kind: "second", onPress: withdraw }} no={t("Keep as it is")} note={t("You do not have to say why.")}
    >
      <Steps items={[
        { icon: "check-circle", state: "ok", text: <><b>{t("At once:")}</b> {t("it disappears from their phones and computers in Samled.")}</> },
        { icon: "info", text: <><b>{t("Stays:")}</b> {t("what already stands in their own records.")}</> },
        ...touched.map(({ meeting, names }) => ({
          icon: "calendar" as const, state: "todo" as const,
          text: <><b>{t("The meeting {date}:", { date: longDate(meeting.starts_at) })}</b> {t("{names} is taken off the list.", { names: listed(names) })}</>,
        })),
      ]} />
    </AskSheet>
  );
}

/** How far the erasing has come. */
export function purgeWords(consent: Consent): string {
  const { purge } = consent;
  if (!purge || purge.devices === 0) return t("Nothing is shared.");
  if (purge.confirmed >= purge.devices) return t("Nothing is shared. It is erased from all devices.");
  return `${t("Nothing is shared.")} ${tn("{done} of {n} device has confirmed that it is erased.", "{done} of {n} devices have confirmed that it is erased.", purge.devices, { done: purge.confirmed })}`;
}

/** Why it is not shared. */
export function endedWords(consent: Consent): string {
  if (consent.answer === "no") return t("You said no.");
  if (consent.valid_until < today()) return t("Ended {date}.", { date: longDate(consent.valid_until) });
  return "";
}

/** What was taken back a moment ago, in the place of its card, and how far the erasing has come. */
export function TakenBack({ consent }: { consent: Consent }) {
  const here = useRef<HTMLDivElement>(null);
  useEffect(() => here.current?.scrollIntoView({ block: "nearest" }), []);
  return (
    <div ref={here}>
      <Notice tone="good" icon="check-circle" alert title={t("You have taken back your yes")}><span><bdi>{unitNames(consent.to_units)}</bdi>. {purgeWords(consent)}</span></Notice>
    </div>
  );
}

export function EndedRow({ consent }: { consent: Consent }) {
  const purging = consent.purge && consent.purge.confirmed < consent.purge.devices;
  return <Row icon={purging ? "clock" : "lock"} tone="grey" href={`/sharing/${consent.id}`} title={<bdi>{unitNames(consent.to_units)}</bdi>} text={[endedWords(consent), purgeWords(consent)].filter(Boolean).join(" ")} />;
}

