/** One meeting: when, where and how, who comes, what it is about, one's own answer, joining, and afterwards the decisions. */
import { capital, dateOf, fromNow, fullDate, longDate, stamp, timeRange } from "../../dates";
import { N_, t, tn } from "../../i18n";
import { Badge, Button, Card, Facts, Icon, LinkButton, Ltr, Notice, OutboxFor, Page, Phone, Portrait, Row, Rows, Section, Steps, T, Trail, dial, useApp } from "../../ui";
import type { ViewProps } from "../roles";
import { coordinatorOf } from "./child";
import type { Attendee, Child, Decision, Meeting, Voice } from "./docs";
import { Missing } from "./fetching";
import { AnotherTime, MeetingAnswer } from "./meeting-answer";
import { MeetingNote } from "./meeting-note";
import { answerWords, canJoin, isOver, isPlanned, opensAt, placeWords } from "./meeting-parts";
import { useRead } from "./use-read";
import { cancelledWords, commas, first, interpreterWords, listed, meetingTitle, opensWords } from "./words";
import { TAKE_PART_ICONS, VoiceWords, takePartWords } from "./voice-words";

export function MeetingView({ params }: ViewProps) {
  const app = useApp();
  const meeting = app.one<Meeting>("meeting", params["id"] ?? "").value;
  useRead("meeting", meeting ? [meeting.id] : []);
  if (!meeting) return <Missing back="/meetings" />;
  const young = app.me.value?.kind === "young_person";
  const coordinator = coordinatorOf(app, meeting.child);
  const planned = isPlanned(meeting);
  const joinable = canJoin(meeting);
  return (
    <Page
      title={<span dir="auto">{meetingTitle(meeting)}</span>} kicker={capital(fullDate(meeting.starts_at))} back={{ href: "/meetings", label: t("Meetings") }}
      {...(joinable ? { cta: <Join meeting={meeting} young={young} />, ctaNote: t("You can leave whenever you want.") } : {})}
    >
      {meeting.state === "cancelled" && (
        <Notice tone="warn" icon="close" title={t("The meeting is cancelled")}><span>{cancelledWords(meeting.cancelled_reason)} {t("You need not do anything.")}</span></Notice>
      )}
      {meeting.state === "cancelled" && !isOver(meeting) && <Calendar meeting={meeting} gone />}
      <When meeting={meeting} />
      {meeting.state === "held" && <Afterwards meeting={meeting} young={young} />}
      {planned && (young ? <OwnWay meeting={meeting} coordinator={coordinator?.name} /> : <MeetingAnswer meeting={meeting} coordinator={coordinator?.name} />)}
      {planned && !young && <MeetingNote meeting={meeting} coordinator={coordinator?.name} />}
      <Voices meeting={meeting} young={young} />
      <WhoComes meeting={meeting} />
      {planned && <Agenda meeting={meeting} />}
      {planned && <Ahead meeting={meeting} joinable={joinable} />}
    </Page>
  );
}

/** How a young person takes part, as they have said. It is asked where they prepare, and nowhere else; this leads there. */
function OwnWay({ meeting, coordinator }: { meeting: Meeting; coordinator: string | undefined }) {
  const app = useApp();
  const voice = app.all<Voice>("voice").value.find((one) => one.meeting === meeting.id);
  const begun = app.now.value >= Date.parse(meeting.starts_at);
  const answered = voice !== undefined || meeting.answer !== "none";
  return (
    <Card selected={!answered && !begun}>
      {voice
        ? <Row bare icon={TAKE_PART_ICONS[voice.take_part] ?? "person"} title={takePartWords(voice.take_part, first(coordinator))} text={t("You have said that you take part this way.")} />
        : <Row bare icon={answered ? "check" : "person"} title={answered ? answerWords(meeting.answer) : t("How do you want to take part?")} text={answered ? t("This is what you have answered.") : t("You choose. You can change it until the meeting begins.")} />}
      <OutboxFor id={meeting.id} names={["voice.release", "meeting.respond"]} />
      {!begun && <LinkButton kind={answered || canJoin(meeting) ? "soft" : "primary"} block icon={answered ? "edit" : "note"} href={`/prepare/${meeting.id}`}>{voice ? t("Change it") : answered ? t("Change it or prepare") : t("Answer and prepare")}</LinkButton>}
      <AnotherTime meeting={meeting} />
    </Card>
  );
}

function When({ meeting }: { meeting: Meeting }) {
  const languages = useApp().one<Child>("child", meeting.child).value?.languages ?? [];
  const ways = meeting.join_url && meeting.phone_in ? t("You can take part by link or by phone.") : meeting.join_url ? t("You can take part by link.") : meeting.phone_in ? t("You can take part by phone.") : undefined;
  const gone = meeting.state === "cancelled";
  return (
    <Facts items={[
      { icon: "clock", title: <Ltr>{timeRange(meeting.starts_at, meeting.minutes)}</Ltr>, text: gone ? undefined : capital(fromNow(meeting.starts_at)) },
      placeWords(meeting) && { icon: meeting.place ? "pin" : "video" as const, title: <bdi>{meeting.place ?? placeWords(meeting)}</bdi>, text: meeting.place && isPlanned(meeting) ? ways : undefined },
      meeting.interpreter && !gone && { icon: "globe", title: t("An interpreter is booked"), text: <bdi>{capital(interpreterWords(meeting.interpreter, languages))}</bdi> },
    ]} />
  );
}

function Coming({ person }: { person: Attendee }) {
  switch (person.answer) {
    case "yes":
    case "substitute": return <Badge tone="good" icon="check">{t("Comes")}</Badge>;
    case "digital": return <Badge tone="info" icon="video">{t("By link")}</Badge>;
    case "phone": return <Badge tone="info" icon="phone">{t("By phone")}</Badge>;
    default: return <Badge icon="clock">{t("Not answered")}</Badge>;
  }
}

function WhoComes({ meeting }: { meeting: Meeting }) {
  const held = meeting.state === "held";
  const role = (person: Attendee) => (
    <>
      <bdi>{[person.title, person.unit_name].filter(Boolean).join(", ")}</bdi>
      {person.leads && <>. {held ? t("Who led it") : t("Leads the meeting")}</>}
      {person.substitute_for && <>. {t("Comes instead of {name}", { name: person.substitute_for })}</>}
    </>
  );
  if (!meeting.people?.length || meeting.state === "cancelled") return null;
  const gone = meeting.left_out ?? [];
  const also = meeting.also_invited ?? [];
  return (
    <Section
      title={held ? t("Who was there") : t("Who comes")}
      note={also.length > 0 && (held ? tn("{names} was invited too.", "{names} were invited too.", also.length, { names: listed(also) }) : tn("{names} is invited too.", "{names} are invited too.", also.length, { names: listed(also) }))}
    >
      <Rows>
        {meeting.people.map((person) => (
          <Row key={person.name} start={<Portrait name={person.name} size={44} />} title={<bdi>{person.name}</bdi>} text={role(person)} end={isPlanned(meeting) && <Coming person={person} />} />
        ))}
      </Rows>
      {gone.length > 0 && (
        <Notice tone="grey" icon="lock" title={t("{units} is not told of the meeting any more", { units: listed(gone) })}>
          <span>{t("The yes to sharing with them has ended. The meeting stays as it is until your coordinator changes it.")}</span>
        </Notice>
      )}
    </Section>
  );
}

function Agenda({ meeting }: { meeting: Meeting }) {
  if (!meeting.agenda?.length) return null;
  return (
    <Section title={t("How the meeting goes")}>
      <Card>
        <Trail numbered steps={meeting.agenda.map((item) => ({
          what: <span dir="auto">{item.title}</span>,
          time: [item.who, item.minutes && tn("{n} minute", "{n} minutes", item.minutes)].filter(Boolean).join(" · "),
        }))} />
      </Card>
    </Section>
  );
}

/** The calendar, and when the door opens. */
function Ahead({ meeting, joinable }: { meeting: Meeting; joinable: boolean }) {
  const digital = meeting.join_url || meeting.phone_in;
  return (
    <div class="stack-2">
      <Calendar meeting={meeting} />
      {digital && !joinable && <Button block icon="video" disabled={t("You can join from {when}.", { when: opensWords(opensAt(meeting)) })}>{t("Join")}</Button>}
      <p class="xs muted centre">{t("The calendar says only that you have something booked.")}</p>
    </div>
  );
}

/** The meeting for one's own calendar; when it is cancelled the file takes it out again. */
function Calendar({ meeting, gone = false }: { meeting: Meeting; gone?: boolean }) {
  const link = <LinkButton block icon="calendar" href={`/calendar/meeting/${meeting.id}.ics`} download="tid.ics">{gone ? t("Take it out of the calendar") : t("Add to the calendar")}</LinkButton>;
  return gone ? <div class="stack-2">{link}<p class="sm muted centre">{t("If you put it in your calendar: the file takes it out again.")}</p></div> : link;
}

/** Joining by link or by phone; tells that one has come. */
function Join({ meeting, young }: { meeting: Meeting; young: boolean }) {
  const app = useApp();
  const come = (): void => {
    if (!meeting.checked_in && app.may("meeting.check_in", meeting)) app.send("meeting.check_in", { meeting: meeting.id }).catch(() => undefined);
  };
  if (young) return <LinkButton kind="primary" big block icon="video" href={`/meetings/${meeting.id}/join`}>{t("Choose how to join")}</LinkButton>;
  const both = meeting.join_url && meeting.phone_in;
  return (
    <>
      {meeting.join_url && <a class="btn primary big block" href={meeting.join_url} target="_blank" rel="noopener noreferrer" onClick={come}><Icon name="video" large /> {t("Join by link")}</a>}
      {meeting.phone_in && (
        <a class={both ? "btn second block" : "btn primary big block"} href={`tel:${dial(meeting.phone_in)}`} onClick={come}>
          <Icon name="phone" /> <T msg={N_("Call {number}")} number={<Phone number={meeting.phone_in} />} />
        </a>
      )}
    </>
  );
}

function Voices({ meeting, young }: { meeting: Meeting; young: boolean }) {
  const voices = useApp().all<Voice>("voice").value.filter((one) => one.meeting === meeting.id);
  useRead("voice", voices.map((one) => one.id));
  if (voices.length === 0) return null;
  return (
    <Section title={young ? t("Your words") : t("Words before the meeting")} note={young && voices[0]?.seen_by ? t("Seen by {names}.", { names: listed(voices[0].seen_by) }) : undefined}>
      {voices.map((voice) => <VoiceWords key={voice.id} voice={voice} />)}
    </Section>
  );
}

/** `name` is the child's, where the reader may know it. */
function whoDoes(decision: Decision, young: boolean, name: string | undefined): string {
  const family = young ? t("The family") : t("You in the family");
  const own = young ? t("You") : name || t("The young person");
  const who = decision.who_unit_name ?? (decision.who === "family" ? family : decision.who === "young_person" ? own : "");
  return commas([who, decision.by_on && t("by {date}", { date: longDate(decision.by_on) })]);
}

function Afterwards({ meeting, young }: { meeting: Meeting; young: boolean }) {
  const decisions = meeting.decisions ?? [];
  const name = useApp().one<Child>("child", meeting.child).value?.display_name;
  return (
    <>
      {meeting.child_heard && (
        <Section title={young ? t("What you thought") : name ? t("What {name} thought", { name }) : t("What the child thought")}><Card><p dir="auto">{meeting.child_heard}</p></Card></Section>
      )}
      <Section
        title={t("What was decided")}
        note={[meeting.main_responsible_name && t("{unit} holds it together.", { unit: meeting.main_responsible_name }), meeting.follow_up_on && t("Next time to look at it: {date}.", { date: fullDate(meeting.follow_up_on) })].filter(Boolean).join(" ")}
      >
        {decisions.length === 0
          ? <Card><p class="muted">{t("Nothing was written down.")}</p></Card>
          : (
            <Rows>
              {decisions.map((decision, index) => (
                <Row
                  key={index} icon={decision.done ? "check" : "flag"} tone={decision.done ? "good" : "grey"} title={<span dir="auto">{decision.what}</span>} text={whoDoes(decision, young, name)}
                  end={decision.done && <Badge tone="good" icon="check">{t("Done")}</Badge>}
                />
              ))}
            </Rows>
          )}
      </Section>
      {meeting.held_at && isOver(meeting) && <Steps small items={[{ icon: "clock", text: t("Written down {when}", { when: stamp(dateOf(meeting.held_at) === meeting.held_at ? meeting.starts_at : meeting.held_at) }) }]} />}
    </>
  );
}

