/** A meeting as professionals see it: who comes, what was asked, one's own answer, and what came out of it. */
import { useEffect, useState } from "preact/hooks";
import { capital, dateOf, daysBetween, dayWords, fullDate, longDate, time, timeRange, today } from "../../dates";
import { t } from "../../i18n";
import { AskSheet, Badge, Button, CallButton, Card, ChoiceGroup, Columns, type Fact, Facts, Field, LinkButton, Ltr, Notice, OutboxFor, Page, Phone, Portrait, Row, Rows, Section, Sheet, Trail, shownName, useApp } from "../../ui";
import { ReminderOffer } from "../reminders";
import type { ViewProps } from "../roles";
import { ChildKicker, Missing, shutOut, useChild, useDoing } from "./kit";
import { Decisions } from "./meeting-decisions";
import { isLive } from "./meeting-over";
import type { Meeting, MeetingAnswer, Voice } from "./model";
import { canJoin } from "./today-times";
import { NotReached, UnreachedFor, useUnreached } from "./unreached";
import { answerWords, kindWords, listed, meetingTitle, reasonLate, takePart } from "./words";

const BADGES: Readonly<Record<string, { tone: "good" | "bad" | "mark" | "info"; icon: "check" | "close" | "clock" | "video" | "phone" | "person" }>> = {
  none: { tone: "mark", icon: "clock" }, yes: { tone: "good", icon: "check" }, no: { tone: "bad", icon: "close" }, digital: { tone: "info", icon: "video" },
  phone: { tone: "info", icon: "phone" }, substitute: { tone: "info", icon: "person" },
};

function AnswerBadge({ answer, over }: { answer: string; over: boolean }) {
  if (over && answer === "none") return <Badge icon="clock">{t("Did not answer")}</Badge>;
  const look = BADGES[answer] ?? BADGES.none!;
  return <Badge tone={look.tone} icon={look.icon}>{answerWords(answer)}</Badge>;
}

/** "Psykolog, UPH Norra Skaraborg". */
function workplace(meeting: Meeting, one: MeetingAnswer): string {
  const card = meeting.people.find((person) => person.name === one.name);
  return card ? [card.title, card.unit_name].filter(Boolean).join(", ") : kindWords(one.kind);
}

/** Who was asked and what each said; family names hidden until asked. */
function Answers({ meeting }: { meeting: Meeting }) {
  const app = useApp();
  const seat = app.me.value?.seat;
  const name = (one: MeetingAnswer): string => (one.kind === "staff" ? one.name ?? "" : shownName(one.name ?? ""));
  const missed = new Set(useUnreached(meeting.id).map((one) => one.relation));
  return (
    <Rows>
      {(meeting.answers ?? []).map((one) => (
        <Row
          key={one.who} start={<Portrait name={name(one) || "?"} size={44} />} title={<bdi>{name(one)}</bdi>}
          text={one.who === seat ? t("You") : one.substitute ? t("{name} comes instead", { name: one.substitute }) : one.checked_in ? (meeting.state === "held" ? t("Was there") : t("Is here")) : one.kind === "staff" ? workplace(meeting, one) : kindWords(one.kind)}
          end={missed.has(one.who) ? <NotReached /> : <AnswerBadge answer={one.who === seat ? meeting.answer ?? one.answer : one.answer} over={meeting.state === "held"} />}
        />
      ))}
    </Rows>
  );
}

type Own = "yes" | "digital" | "phone" | "substitute" | "no";

/** One's own answer. A no is told to the coordinator; a substitute needs a name. */
function OwnAnswer({ meeting }: { meeting: Meeting }) {
  const app = useApp();
  const { run, said } = useDoing();
  const mine = meeting.answers?.find((one) => one.who === app.me.value?.seat);
  const current = meeting.answer ?? mine?.answer ?? "none";
  const [chosen, setChosen] = useState<Own | null>(null);
  const [substitute, setSubstitute] = useState("");
  const [fresh, setFresh] = useState(false);
  if (!mine || !app.may("meeting.respond", meeting)) return null;
  const value = chosen ?? (current === "none" ? null : (current as Own));
  const answer = (own: Own): void => {
    setChosen(own);
    if (own === "substitute") return;
    void run("meeting.respond", { meeting: meeting.id, answer: own, starts_local: meeting.starts_local });
    if (own !== "no") setFresh(true);
  };
  return (
    <>
      <Card selected={current === "none"}>
        <ChoiceGroup
          legend={t("Do you come?")} value={value} onChange={answer}
          options={[
            { value: "yes", label: t("I come") }, ...(meeting.join_url ? [{ value: "digital" as const, label: t("I take part by video") }] : []), ...(meeting.phone_in ? [{ value: "phone" as const, label: t("I take part by phone") }] : []),
            { value: "substitute", label: t("Somebody else comes instead") }, { value: "no", label: t("I cannot come") },
          ]}
        />
        {value === "substitute" && (
          <>
            <Field label={t("Who comes instead?")} value={substitute || (mine.substitute ?? "")} onInput={setSubstitute} />
            <Button icon="check" disabled={substitute.trim() ? false : t("Write a name")} onPress={() => run("meeting.respond", { meeting: meeting.id, answer: "substitute", substitute: substitute.trim().slice(0, 80), starts_local: meeting.starts_local })}>{t("Save")}</Button>
          </>
        )}
        {said}
        <OutboxFor id={meeting.id} names={["meeting.respond"]} />
      </Card>
      {fresh && <ReminderOffer />}
    </>
  );
}

/** What the young person wanted the meeting to know. */
function Voices({ meeting }: { meeting: Meeting }) {
  const app = useApp();
  const voices = app.all<Voice>("voice").value.filter((one) => one.meeting === meeting.id);
  useEffect(() => {
    for (const one of voices) app.read("voice", one.id);
  }, [voices.map((one) => one.id).join()]);
  return (
    <>
      {voices.map((one) => (
        <Section key={one.id} title={t("The young person's own words")} note={one.read_aloud ? t("Wants somebody to read this out.") : undefined}>
          <Card>
            <Facts items={[
              { icon: "hand", title: takePart(one.take_part) },
              one.say?.good && { icon: "heart", title: t("Good"), text: one.say.good },
              one.say?.hard && { icon: "warning", title: t("Hard"), text: one.say.hard },
              one.say?.want && { icon: "check", title: t("Wants"), text: one.say.want },
              one.say?.not_want && { icon: "close", title: t("Does not want"), text: one.say.not_want },
              one.not_about?.length && { icon: "eye-off", title: t("Do not talk about"), text: one.not_about.join(", ") },
            ]} />
          </Card>
        </Section>
      ))}
    </>
  );
}

function Asks({ meeting }: { meeting: Meeting }) {
  return (
    <>
      {(meeting.new_time_asks ?? []).map((one) => (
        <Notice key={one.who} tone="mark" icon="clock" title={t("{name} asks for another time", { name: shownName(one.name ?? "") })}><span>{one.text} <a href={`/meetings/${meeting.id}/move`}>{t("Choose another time")}</a></span></Notice>
      ))}
    </>
  );
}

const CANCEL = ["illness", "cannot_gather", "family_wish", "other"] as const;

/** What the coordinator may do with a meeting that is to come, or has just been. */
function Doing({ meeting }: { meeting: Meeting }) {
  const app = useApp();
  const { run, said } = useDoing();
  const [cancelling, setCancelling] = useState(false);
  const [sip, setSip] = useState(false);
  const begun = app.now.value >= Date.parse(meeting.starts_at);
  const live = meeting.state === "invited" || meeting.state === "confirmed" || meeting.state === "draft";
  const missing = (meeting.answers ?? []).filter((one) => one.answer === "none" && one.who !== app.me.value?.seat);
  const cancel = async (reason: string): Promise<void> => {
    setCancelling(false);
    await run("meeting.cancel", { meeting: meeting.id, reason });
  };
  return (
    <>
      {said}
      {live && (
        <Rows>
          {meeting.state === "draft" && <Row icon="mail" title={t("Send the invitations")} text={t("Nobody is invited yet")} href={`/meetings/${meeting.id}/people`} />}
          {meeting.state !== "draft" && <Row icon="people" title={t("Change who comes")} text={missing.length > 0 ? t("{n} have not answered", { n: missing.length }) : undefined} href={`/meetings/${meeting.id}/people`} />}
          {!begun && <Row icon="clock" title={t("Move to another time")} href={`/meetings/${meeting.id}/move`} />}
          {app.may("meeting.to_sip", meeting) && <Row icon="list" title={t("Make it a SIP")} text={t("Nothing is written again")} onPress={() => setSip(true)} />}
          {app.may("meeting.cancel", meeting) && !begun && <Row icon="close" title={t("Cancel the meeting")} onPress={() => setCancelling(true)} />}
        </Rows>
      )}
      <Sheet open={cancelling} onClose={() => setCancelling(false)} title={t("Cancel the meeting?")} lead={t("Everybody invited is told at once. Choose why.")}>
        <div class="stack-2">
          {CANCEL.map((reason) => <Button key={reason} block onPress={() => cancel(reason)}>{reasonLate(reason)}</Button>)}
          <Button block kind="quiet" onPress={() => setCancelling(false)}>{t("Keep the meeting")}</Button>
        </div>
      </Sheet>
      <AskSheet open={sip} onClose={() => setSip(false)} title={t("Make it a SIP?")} lead={t("The meeting keeps its people, time and agenda. After it, decisions, follow-up and main responsibility are required.")} yes={{ label: t("Yes, make it a SIP"), onPress: async () => { setSip(false); await run("meeting.to_sip", { meeting: meeting.id }); } }} no={t("Keep as it is")} />
    </>
  );
}

/** Five working days are at least so many: a meeting before that has no reminder to answer. */
const ASKED_AGAIN_DAYS = 7;

/** Calls to those who have not answered: the professionals one has a number to. */
function AskMissing({ meeting }: { meeting: Meeting }) {
  const app = useApp();
  if (meeting.state !== "invited" || app.now.value >= Date.parse(meeting.starts_at)) return null;
  const missing = (meeting.answers ?? []).filter((one) => one.answer === "none" && one.who !== app.me.value?.seat);
  if (missing.length === 0) return null;
  const phone = (one: MeetingAnswer): string | undefined => (one.kind === "staff" ? (app.one("staff", one.who).value?.phone as string | undefined) : undefined);
  return (
    <Section title={t("Ask those who have not answered")} note={daysBetween(meeting.invited_on ?? today(), dateOf(meeting.starts_at)) > ASKED_AGAIN_DAYS ? t("They get a reminder by themselves five working days after they were asked.") : undefined}>
      <Rows>
        {missing.map((one) => (
          <Row
            key={one.who} start={<Portrait name={one.kind === "staff" ? one.name ?? "?" : shownName(one.name ?? "?")} size={44} />} title={<bdi>{one.kind === "staff" ? one.name : shownName(one.name ?? "")}</bdi>} text={kindWords(one.kind)}
            end={one.kind === "staff" ? (phone(one) ? <CallButton slim number={phone(one)!}>{t("Call")}</CallButton> : undefined) : <LinkButton slim icon="message" href={`/children/${meeting.child}/thread/${one.who}`}>{t("Write")}</LinkButton>}
          />
        ))}
      </Rows>
    </Section>
  );
}

export function MeetingView({ params }: ViewProps) {
  const app = useApp();
  const id = params.id ?? "";
  const meeting = app.one<Meeting>("meeting", id).value;
  const around = useChild(meeting?.child ?? "");
  useEffect(() => {
    if (meeting) app.read("meeting", id);
  }, [id, Boolean(meeting)]);
  if (!meeting) return <Missing />;
  const coordinated = meeting.invited !== undefined;
  const gone = shutOut(meeting, around?.coordinator);
  const end = Date.parse(meeting.ends_at);
  const planned = meeting.state === "invited" || meeting.state === "confirmed";
  const written = app.about(id).value.some((item) => ["meeting.hold", "meeting.amend"].includes(item.name));
  const joinable = meeting.join_url && planned && canJoin(meeting.starts_at, end, app.now.value);
  const back = around ? { href: `/children/${meeting.child}`, label: t("The child") } : { href: "/", label: t("Today") };
  const facts: Fact[] = [
    { icon: "clock", title: capital(fullDate(meeting.starts_at)), text: <Ltr>{timeRange(meeting.starts_at, meeting.minutes)}</Ltr> },
    meeting.place && { icon: "pin", title: <bdi>{meeting.place}</bdi> },
    meeting.join_url && { icon: "video", title: t("By video"), text: joinable || !planned ? undefined : t("The link opens at {time}", { time: time(Date.parse(meeting.starts_at) - 900_000) }) },
    meeting.phone_in && { icon: "phone", title: <Phone number={meeting.phone_in} />, text: t("Call in") },
    meeting.interpreter && { icon: "globe", title: t("Interpreter: {what}", { what: meeting.interpreter }) },
    meeting.invited_by && { icon: "mail", title: t("{name} invited {day}", { name: meeting.invited_by, day: meeting.invited_on ? dayWords(meeting.invited_on) : "" }) },
  ];
  return (
    <Page title={<bdi>{meetingTitle(meeting, around?.child.display_name)}</bdi>} kicker={around && <ChildKicker child={around.child} />} back={back}>
      {meeting.state === "cancelled" && <Notice tone="grey" icon="close" title={t("The meeting is cancelled")}><span>{meeting.cancelled_reason && reasonLate(meeting.cancelled_reason)}</span></Notice>}
      {meeting.state === "draft" && <Notice tone="mark" icon="edit" title={t("Nobody is invited yet")}><span>{t("Only you and your deputy see it.")}</span></Notice>}
      {meeting.late && coordinated && meeting.state !== "held" && <Notice tone="warn" icon="flag" title={meeting.limit_on ? t("Later than it should be: by {day}", { day: longDate(meeting.limit_on) }) : t("Later than it should be")}><span>{meeting.late_reason ? reasonLate(meeting.late_reason) : t("No reason is given yet.")}</span></Notice>}
      {isLive(meeting) && <Asks meeting={meeting} />}
      {gone.length > 0 && <Notice tone="warn" icon="eye-off" title={t("{names}: the yes has ended, does not see the meeting", { names: listed(gone) })}><span>{t("Ask the family anew, or change who comes.")} <a href={`/children/${meeting.child}/consent`}>{t("Ask to share")}</a></span></Notice>}
      {isLive(meeting) && <UnreachedFor doc={meeting.id} />}
      <OutboxFor id={id} names={["meeting.invite", "meeting.move", "meeting.cancel", "meeting.hold", "meeting.amend", ...(meeting.state === "held" ? [] : ["meeting.to_sip"])]} />
      {coordinated && planned && !written && app.now.value >= Date.parse(meeting.starts_at) && <LinkButton kind="primary" icon="note" href={`/meetings/${id}/hold`}>{t("Write what came out of the meeting")}</LinkButton>}
      <Columns
        left={<>
          <Card><Facts items={facts} />{joinable && <LinkButton kind="primary" icon="video" href={meeting.join_url!} external>{t("Join")}</LinkButton>}</Card>
          <OwnAnswer meeting={meeting} />
          <Voices meeting={meeting} />
          {meeting.state === "held" && <Decisions meeting={meeting} />}
          {coordinated && !written && app.may("meeting.amend", meeting) && <LinkButton icon="note" href={`/meetings/${id}/hold`}>{t("Change the notes")}</LinkButton>}
          {meeting.agenda && <Section title={t("Agenda")}><Card><Trail numbered steps={meeting.agenda.map((one) => ({ what: <bdi>{one.title}</bdi>, time: [one.minutes && t("{n} min", { n: one.minutes }), one.who].filter(Boolean).join(" · ") || undefined }))} /></Card></Section>}
        </>}
        right={<>
          {meeting.state !== "cancelled" && <Section title={meeting.state === "held" ? t("Who was invited") : t("Who comes")}><Answers meeting={meeting} /></Section>}
          {coordinated && <Doing meeting={meeting} />}
          {coordinated && <AskMissing meeting={meeting} />}
          {meeting.state === "held" && meeting.follow_up_on && <Card><Facts items={[{ icon: "flag", title: t("Follow up {day}", { day: fullDate(meeting.follow_up_on) }), text: meeting.main_responsible_name }]} /></Card>}
        </>}
      />
    </Page>
  );
}
