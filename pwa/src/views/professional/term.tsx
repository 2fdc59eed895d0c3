/** One term meeting: do you come, what is taken up, who comes, what was promised, and what came out of it. */
import { useState } from "preact/hooks";
import { longDate, stamp, time } from "../../dates";
import { t, tn } from "../../i18n";
import { Badge, Button, Card, Chips, ChoiceGroup, Columns, Field, LinkButton, Notice, OutboxFor, Page, Row, Rows, Saved, Section, type Tone, Trail, useApp } from "../../ui";
import { ReminderOffer } from "../reminders";
import type { ViewProps } from "../roles";
import { leadPart } from "../staff/chunks";
import { Missing, useColleagues, useDoing, useSelf } from "../staff/kit";
import type { Area } from "../staff/model";
import { OwnTime } from "./mail-time";
import type { ActionPoint, Participant, TermMeeting } from "./model";
import { compare } from "./search";
import { answerWords, functionName, meetingWords, ownAnswer, whenWords } from "./words";

const TermLead = leadPart("TermLead");
const NOTHING = new URLSearchParams();

export function TermView({ params }: ViewProps) {
  const one = useApp().one<TermMeeting>("term_meeting", params.id ?? "").value;
  return one ? <Term key={one.id} one={one} /> : <Missing home="/terms" />;
}

function Term({ one }: { one: TermMeeting }) {
  const app = useApp();
  const area = app.one<Area>("area", one.area).value;
  const seat = app.me.value?.seat ?? "";
  const over = Date.parse(one.ends_at) <= app.now.value;
  const kicker = [meetingWords(one), area?.name].filter(Boolean).join(" · ");
  const lead = app.me.value?.kind === "process_lead";
  const mine = lead || one.participants.some((person) => person.who === seat);
  const last = <Points title={t("What was promised last time")} points={one.promised_last_time ?? []} />;
  const where = [one.place, one.join_url && t("Or by link")].filter(Boolean).join(". ");
  return (
    <Page title={one.state === "draft" ? t("Not planned yet") : whenWords(one)} kicker={kicker} lead={where || undefined} back={{ href: "/terms", label: t("Term meetings") }}>
      {one.state === "cancelled" && <Notice tone="bad" icon="close" title={t("The meeting is cancelled")}><span>{t("A new time comes here when there is one.")}</span></Notice>}
      <Columns
        left={<>
          {one.state === "planned" && !over && <Answer one={one} />}
          {one.minutes_text && <Section title={t("What came out of it")}><Card>{one.minutes_text.split(/\n+/).map((line, index) => <p key={index}>{line}</p>)}{one.held_at && <p class="sm muted">{t("Written {when}", { when: stamp(one.minutes_at ?? one.held_at) })}</p>}</Card></Section>}
          <Points title={t("What we promised")} points={one.action_points ?? []} />
          {one.state !== "held" && last}
          {(one.agenda?.length ?? 0) > 0 && <Section title={agendaWords(one)}><Card><Agenda one={one} /></Card></Section>}
          {one.state === "held" && last}
          {lead && <TermLead params={{ id: one.id }} query={NOTHING} />}
        </>}
        right={<>
          <Coming one={one} />
          {one.state === "planned" && !over && <>
            {mine && <OwnTime id={one.id} />}
            {one.join_url && <LinkButton icon="video" external href={one.join_url}>{t("Open the video meeting")}</LinkButton>}
            {mine && <Notice tone="grey" icon="bell" title={t("You are reminded six weeks, two weeks, a day and an hour before")} />}
          </>}
          {one.state === "cancelled" && one.planned_on && !over && mine && <OwnTime id={one.id} off />}
        </>}
      />
    </Page>
  );
}

const agendaWords = (one: TermMeeting): string => (one.state === "held" ? t("This is what we took up") : t("This is what we take up"));

function Agenda({ one }: { one: TermMeeting }) {
  let minute = 0;
  const steps = (one.agenda ?? []).map((item) => {
    const at = time(Date.parse(one.starts_at) + minute * 60_000);
    minute += item.minutes ?? 0;
    return { what: item.title, time: [one.agenda?.some((other) => other.minutes) && at, item.who].filter(Boolean).join(" · ") || undefined };
  });
  return <Trail numbered steps={steps} label={agendaWords(one)} />;
}

function Answer({ one }: { one: TermMeeting }) {
  const app = useApp();
  const { run, said } = useDoing();
  const self = useSelf();
  const called = ownAnswer(one, app.me.value?.seat);
  const mine = called ?? (self?.functions.some((key) => one.required_functions.includes(key)) ? "none" : undefined);
  const [choice, setChoice] = useState<string | null>(null);
  const [fresh, setFresh] = useState(false);
  const named = one.participants.find((person) => person.who === app.me.value?.seat)?.substitute ?? "";
  if (mine === undefined || !app.may("term.respond", one)) return null;
  const waiting = app.about(one.id).value.some((item) => item.name === "term.respond");
  const shown = choice ?? (mine === "none" ? null : mine);
  const send = (answer: string, substitute?: string): Promise<unknown> => run("term.respond", { term_meeting: one.id, answer, substitute });
  const choose = (answer: string): void => {
    setChoice(answer);
    if (answer === "substitute") return;
    void send(answer);
    if (answer !== "no") setFresh(true);
  };
  return (
    <>
      <Card selected={mine === "none"} label={t("Do you come?")}>
        <ChoiceGroup
          tiles legend={t("Do you come?")} value={shown} onChange={choose}
          options={[
            { value: "yes", label: t("Yes, in the room"), icon: "building" as const }, ...(one.join_url ? [{ value: "digital", label: t("Yes, by link"), icon: "video" as const }] : []),
            { value: "substitute", label: t("No, my substitute"), icon: "people" as const }, { value: "no", label: t("No"), icon: "close" as const },
          ]}
        />
        {shown === "substitute" && <Substitute named={named} send={(name) => send("substitute", name)} />}
        {said}
        {shown === "substitute" && mine !== "substitute" && !waiting && <p class="sm muted">{mine === "none" ? t("Nothing is sent until you have chosen who comes.") : t("Your old answer stands until you have chosen who comes.")}</p>}
        {mine !== "none" && mine === shown && !waiting && <Saved>{t("Your answer is sent. You can change it until the meeting.")}</Saved>}
        <OutboxFor id={one.id} names={["term.respond"]} />
      </Card>
      {fresh && <ReminderOffer />}
    </>
  );
}

const OTHER = "";

/** Who comes instead: one press on a colleague, one's own deputy first, or somebody else by name. */
function Substitute({ named, send }: { named: string; send: (name: string) => Promise<unknown> }) {
  const deputy = useSelf()?.deputy;
  const colleagues = useColleagues();
  const names = [...colleagues.filter((one) => one.id === deputy), ...colleagues.filter((one) => one.id !== deputy)].map((one) => one.name);
  const [chosen, setChosen] = useState<string | null>(named === "" ? null : names.includes(named) ? named : OTHER);
  const [other, setOther] = useState(names.includes(named) ? "" : named);
  const [failed, setFailed] = useState(false);
  const typed = names.length === 0 || chosen === OTHER;
  const pick = (name: string): void => {
    setChosen(name);
    if (name !== OTHER && name !== chosen) void send(name);
  };
  return (
    <>
      {names.length > 0 && <Chips label={t("Who comes instead?")} values={chosen === null ? [] : [chosen]} onChange={([name]) => name !== undefined && pick(name)} options={[...[...new Set(names)].map((name) => ({ value: name, label: <bdi>{name}</bdi> })), { value: OTHER, label: t("Somebody else") }]} />}
      {typed && <>
        <Field label={names.length > 0 ? t("The name of the one who comes") : t("Who comes instead?")} value={other} error={failed && !other.trim() ? t("Write who comes instead") : undefined} onInput={(x) => setOther(x.slice(0, 80))} />
        <Button block kind="soft" onPress={() => { setFailed(!other.trim()); return other.trim() ? send(other.trim()) : undefined; }}>{t("Send")}</Button>
      </>}
    </>
  );
}

function Points({ title, points }: { title: string; points: readonly ActionPoint[] }) {
  if (points.length === 0) return null;
  return (
    <Section title={title}>
      <Rows>
        {points.map((point, index) => (
          <Row
            key={index} icon={point.done ? "check" : "flag"} tone={point.done ? "good" : "mark"} title={point.what}
            text={[point.who_unit_name, point.by_on && t("By {day}", { day: longDate(point.by_on) })].filter(Boolean).join(" · ")}
            end={point.done ? <Badge tone="good" icon="check">{t("Done")}</Badge> : undefined}
          />
        ))}
      </Rows>
    </Section>
  );
}

const LOOK: Readonly<Record<string, { tone: Tone; icon: "check" | "video" | "close" | "people" | "clock" }>> = {
  yes: { tone: "good", icon: "check" }, digital: { tone: "info", icon: "video" }, substitute: { tone: "good", icon: "people" }, no: { tone: "bad", icon: "close" }, none: { tone: "plain", icon: "clock" },
};
/** So many rows before the rest is folded away. */
const SHOWN = 12;

function Coming({ one }: { one: TermMeeting }) {
  const app = useApp();
  const [all, setAll] = useState(false);
  const mine = ownAnswer(one, app.me.value?.seat);
  const answerOf = (person: Participant): string => (person.who === app.me.value?.seat ? mine ?? person.answer : person.answer);
  const people = [...one.participants].sort((a, b) => compare(a.unit_name ?? "", b.unit_name ?? "") || compare(a.name, b.name));
  const answered = people.filter((person) => answerOf(person) !== "none").length;
  return (
    <>
      {one.missing_functions.length > 0 && one.state === "planned" && (
        <Notice tone={app.me.value?.kind === "process_lead" ? "bad" : "warn"} icon="warning" title={tn("{n} function is missing so far", "{n} functions are missing so far", one.missing_functions.length)}>
          <span>{one.missing_functions.map(functionName).join(", ")}</span>
        </Notice>
      )}
      {people.length > 0 && (
        <Section title={one.state === "held" ? t("Who was called") : t("Who comes")} end={one.state === "held" ? undefined : <span class="sm muted">{t("{n} of {all} have answered", { n: answered, all: people.length })}</span>}>
          <Rows>
            {people.slice(0, all ? people.length : SHOWN).map((person) => {
              const answer = answerOf(person);
              const look = LOOK[answer] ?? LOOK["none"]!;
              return <Row key={person.who} title={person.unit_name ?? person.name} text={[person.name, person.title, person.substitute && t("sends {name}", { name: person.substitute })].filter(Boolean).join(", ")} end={person.not_reached ? <Badge tone="bad" icon="bell">{t("Not reached")}</Badge> : <Badge tone={look.tone} icon={look.icon}>{one.state === "held" && answer === "none" ? t("Did not answer") : answerWords(answer)}</Badge>} />;
            })}
          </Rows>
          {people.length > SHOWN && !all && <Button block onPress={() => setAll(true)}>{tn("Show {n} more", "Show {n} more", people.length - SHOWN)}</Button>}
        </Section>
      )}
    </>
  );
}
