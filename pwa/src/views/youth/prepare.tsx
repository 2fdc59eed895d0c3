/** Preparing: how to take part, who may see it, what to say and what not to talk about. Nothing leaves the phone until it is let go of. */
import { useState } from "preact/hooks";
import { capital, fullDate, stamp, time } from "../../dates";
import { t } from "../../i18n";
import { type App, StoreError } from "../../state/api";
import { AskSheet, Button, Buttons, Card, Chips, ChoiceGroup, Field, Kept, LinkButton, Ltr, More, Notice, OutboxNotice, Page, Section, Steps, Switch, TextArea, refusalWords, useApp } from "../../ui";
import { coordinatorOf } from "../family/child";
import type { Meeting, Voice } from "../family/docs";
import { Missing } from "../family/fetching";
import { answerWords, isPlanned } from "../family/meeting-parts";
import { CARDS, cardWords } from "../family/voice-words";
import { first, listed, meetingTitle } from "../family/words";
import { useDraftText } from "../draft";
import type { ViewProps } from "../roles";
import { ReminderOffer } from "../reminders";
import { type Prepared, type To, fromVoice, isBare, isBegun, isLeaving, usePrepared } from "./draft";
import { Ways } from "./ways";

const LONGEST = 500;

export function Prepare({ params }: ViewProps) {
  const app = useApp();
  const meeting = app.one<Meeting>("meeting", params["id"] ?? "").value;
  if (!meeting) return <Missing back="/meetings" />;
  return <PrepareMeeting meeting={meeting} />;
}

function PrepareMeeting({ meeting }: { meeting: Meeting }) {
  const app = useApp();
  const voice = app.all<Voice>("voice").value.find((one) => one.meeting === meeting.id);
  const coordinator = coordinatorOf(app, meeting.child)?.name;
  const { draft, change, touched } = usePrepared(meeting.id, voice);
  const [asking, setAsking] = useState(false);
  const [taken, setTaken] = useState(false);
  const [answered, setAnswered] = useState(false);
  const [error, setError] = useState("");
  const open = isPlanned(meeting) && app.now.value < Date.parse(meeting.starts_at);
  const unsettled = app.outbox.value.filter((item) => (item.name === "voice.release" && item.args["meeting"] === meeting.id) || (item.name === "voice.take_back" && item.args["voice"] === voice?.id));
  const leaving = isLeaving(app, meeting.id);
  const takingBack = unsettled.some((item) => item.name === "voice.take_back" && item.state !== "refused" && item.state !== "draft");
  const back = { href: `/meetings/${meeting.id}`, label: t("The meeting") };
  const kicker = <>{capital(fullDate(meeting.starts_at))} <Ltr>{time(meeting.starts_at)}</Ltr>. <bdi>{meetingTitle(meeting)}</bdi></>;
  if (!open)
    return (
      <Page title={t("It has begun")} kicker={kicker} back={back}>
        <Notice icon="clock" title={t("The words can no longer be changed")}><span>{t("You can still show or read what you wrote.")}</span></Notice>
        <LinkButton kind="primary" big block icon="note" href={`/words/${meeting.id}`}>{t("Show my words")}</LinkButton>
      </Page>
    );
  const blocked = leaving ? t("It is on its way already.") : takingBack ? t("It can be seen until this has been sent.") : whyNot(draft, Boolean(voice) && !touched);
  const bare = isBare(draft);
  /** Without words there is nobody to choose: the answer goes to the coordinator, who holds the meeting together. */
  const answer = async (): Promise<void> => {
    const to = draft.to === "nobody" ? "coordinator" : draft.to;
    change({ to });
    setError(await release(app, meeting, { ...draft, to }));
    setAnswered(true);
  };
  return (
    <Page
      title={t("Prepare if you like")} kicker={kicker} lead={voice || leaving ? t("You can change it until the meeting begins.") : t("You can stop and go on later. Nobody sees it until you let go of it.")} back={back}
      cta={bare
        ? <Button kind="primary" big block icon="check" disabled={blocked} onPress={answer}>{t("Send my answer")}</Button>
        : <Button kind="primary" big block icon="share" disabled={blocked} onPress={() => setAsking(true)}>{voice ? t("Let go of it again") : t("Let go of it to the meeting")}</Button>}
      ctaNote={bare && !blocked ? t("Only how you take part is sent. You can write first if you like.") : undefined}
    >
      {voice && <Released voice={voice} onTaken={() => { change({ ...fromVoice(voice), to: "nobody" }); setTaken(true); }} />}
      {taken && !voice && <Notice tone="good" icon="lock" alert title={isBare(draft) ? t("Your answer is taken back") : t("Nobody else can see your words now")}><span>{isBare(draft) ? t("You can answer again whenever you like until the meeting begins.") : t("They are kept on this device, and are yours to change.")}</span></Notice>}
      {error && <Notice tone="bad" icon="warning" alert title={error} />}
      {unsettled.map((item) => (
        <OutboxNotice
          key={item.id} item={item} what={item.name === "voice.release" ? t("Your words for a meeting") : t("That you take back your words")}
          onEdit={item.name === "voice.release" ? () => { change(item.args as Partial<Prepared>); void app.discard(item.id); } : undefined}
        />
      ))}
      {!voice && !leaving && meeting.answer !== "none" && <Notice tone="grey" icon="check" title={t("You have answered: {answer}", { answer: answerWords(meeting.answer) })}><span>{t("What you choose here counts instead when you send it.")}</span></Notice>}
      <Ways meeting={meeting} value={draft.take_part} onChange={(take_part) => change({ take_part })} coordinator={coordinator} />
      <Audience meeting={meeting} value={draft.to} onChange={(to) => change({ to })} />
      <Words draft={draft} change={change} />
      <NotAbout meeting={meeting.id} values={draft.not_about} onChange={(not_about) => change({ not_about })} />
      <Card flush><Switch label={t("Read my words aloud")} hint={t("Then you need not say them yourself.")} checked={draft.read_aloud} onChange={(read_aloud) => change({ read_aloud })} /></Card>
      {touched && !leaving && isBegun(draft) && <Kept icon="lock">{voice ? t("Only you see what you have changed. Kept on this device.") : t("Only you see this. Kept on this device.")}</Kept>}
      <ReleaseSheet meeting={meeting} draft={draft} open={asking} onClose={() => setAsking(false)} onSent={() => setAnswered(true)} />
      {answered && voice && meeting.answer !== "none" && meeting.answer !== "no" && <ReminderOffer also={coordinator ? first(coordinator) : undefined} />}
    </Page>
  );
}

/** Why it cannot be let go of yet. */
function whyNot(draft: Prepared, unchanged: boolean): string | false {
  if (!draft.take_part) return t("Choose how you want to take part.");
  if (draft.to === "nobody" && !isBare(draft)) return t("Choose who may see it. Until then it stays on your phone.");
  if (Object.values(draft.say).some((text) => (text ?? "").length > LONGEST)) return t("One text is too long.");
  return unchanged && t("It is let go of already. Change something first.");
}

/** Who would read it, for each choice: the names the server gives, before anything is written. */
function Audience({ meeting, value, onChange }: { meeting: Meeting; value: Prepared["to"]; onChange: (to: Prepared["to"]) => void }) {
  const reach = meeting.words_reach ?? {};
  const names = (to: To): string => listed(reach[to] ?? []);
  const coordinator = coordinatorOf(useApp(), meeting.child);
  const deputy = coordinator?.deputy?.name;
  const own = coordinator?.name && deputy && reach.coordinator?.includes(deputy)
    ? t("{names}. {deputy} steps in when {name} is away.", { names: names("coordinator"), deputy: first(deputy), name: first(coordinator.name) })
    : names("coordinator");
  // A wider choice that would reach nobody more is no choice.
  const wider = (to: To, than: To): boolean => value === to || names(to) !== names(than);
  return (
    <ChoiceGroup<Prepared["to"]>
      legend={t("Who may see what you write?")} hint={t("These are the people. You decide, and you can change your mind until the meeting begins.")} value={value} onChange={onChange}
      options={[
        { value: "nobody", label: t("Nobody yet"), hint: t("It stays on your phone"), icon: "lock" },
        { value: "coordinator", label: reach.coordinator?.length ? t("Only {name}", { name: listed(reach.coordinator.map(first)) }) : t("Only the coordinator"), hint: <bdi>{own}</bdi>, icon: "person" },
        ...(wider("professionals", "coordinator") ? [{ value: "professionals" as const, label: t("Those who work with this"), hint: <bdi>{names("professionals")}</bdi>, icon: "people" as const }] : []),
        ...(wider("everyone_invited", "professionals") ? [{ value: "everyone_invited" as const, label: t("Everybody who is invited"), hint: <bdi>{names("everyone_invited")}</bdi>, icon: "people" as const }] : []),
      ]}
    />
  );
}

function Words({ draft, change }: { draft: Prepared; change: (part: Partial<Prepared>) => void }) {
  return (
    <Section title={t("This is what I want to say")} note={t("Write as much or as little as you like.")}>
      <Card>
        {CARDS.map((card) => (
          <More key={card} summary={cardWords(card)} open={card === "want" || Boolean(draft.say[card])}>
            <TextArea label={cardWords(card)} hideLabel guard rows={3} max={LONGEST} value={draft.say[card] ?? ""} onInput={(text) => change({ say: { ...draft.say, [card]: text } })} />
          </More>
        ))}
      </Card>
    </Section>
  );
}

const TOPICS = () => [t("Friends"), t("At home"), t("Food"), t("My body"), t("School"), t("Sleep")];
const MOST = 8;

/** What one does not want to talk about: a few to choose from, and one's own. */
function NotAbout({ meeting, values, onChange }: { meeting: string; values: string[]; onChange: (values: string[]) => void }) {
  const { text: own, write: setOwn } = useDraftText(`voice.release:${meeting}:own`);
  const topics = TOPICS();
  const options = [...topics, ...values.filter((value) => !topics.includes(value))].map((value) => ({ value, label: <span dir="auto">{value}</span> }));
  const add = (): void => {
    const topic = own.trim().slice(0, 60);
    if (topic && !values.includes(topic) && values.length < MOST) onChange([...values, topic]);
    setOwn("");
  };
  return (
    <Card>
      <Chips several label={<span class="h2">{t("I do not want to talk about")}</span>} options={options} values={values} onChange={(chosen) => onChange(chosen.slice(0, MOST))} />
      <Field label={t("Something else")} optional value={own} onInput={setOwn} hint={t("This app is not for emergencies. Nobody reads what you write here right away.")} />
      {own.trim() && <Buttons tight><Button slim icon="plus" onPress={add}>{t("Add")}</Button></Buttons>}
    </Card>
  );
}

/** What is out, to whom, and taking it back. */
function Released({ voice, onTaken }: { voice: Voice; onTaken: () => void }) {
  const app = useApp();
  const [asking, setAsking] = useState(false);
  const takeBack = async (): Promise<void> => {
    await app.send("voice.take_back", { voice: voice.id });
    // What is taken back is one's own again: it stays on the device as a draft.
    onTaken();
    setAsking(false);
  };
  const pending = app.outbox.value.some((item) => item.name === "voice.take_back" && item.args["voice"] === voice.id);
  const names = listed(voice.seen_by ?? []);
  const bare = isBare({ say: voice.say, not_about: voice.not_about ?? [], read_aloud: voice.read_aloud });
  return (
    <Notice tone="good" icon="eye" title={bare ? t("{names} can see how you take part", { names }) : t("{names} can see your words", { names })}>
      <span>{t("Let go of {when}.", { when: stamp(voice.released_at) })}</span>
      {app.may("voice.take_back", voice) && !pending && <Buttons tight><Button slim icon="undo" onPress={() => setAsking(true)}>{t("Take back")}</Button></Buttons>}
      <AskSheet
        open={asking} onClose={() => setAsking(false)} title={bare ? t("Take back your answer?") : t("Take back your words?")}
        lead={bare ? t("Nobody sees it then. You can answer again.") : t("They disappear for {names}. You can let go of them again.", { names })}
        yes={{ label: bare ? t("Yes, take it back") : t("Yes, take them back"), kind: "second", onPress: takeBack }} no={t("Keep as it is")} note={t("You do not have to say why.")}
      />
    </Notice>
  );
}

/** Sends what was prepared; why it could not be kept, or nothing. It stays a draft until the server has it (usePrepared): a refusal must not take the words along. */
async function release(app: App, meeting: Meeting, draft: Prepared): Promise<string> {
  const say = Object.fromEntries(CARDS.map((card) => [card, draft.say[card]?.trim()]).filter(([, text]) => text));
  try {
    await app.send("voice.release", { meeting: meeting.id, take_part: draft.take_part, to: draft.to, say, not_about: draft.not_about, read_aloud: draft.read_aloud });
    return "";
  } catch (fault) {
    return refusalWords(fault instanceof StoreError ? fault.code : "");
  }
}

function ReleaseSheet({ meeting, draft, open, onClose, onSent }: { meeting: Meeting; draft: Prepared; open: boolean; onClose: () => void; onSent: () => void }) {
  const app = useApp();
  const [error, setError] = useState("");
  const { to } = draft;
  const names = to === "nobody" ? [] : meeting.words_reach?.[to] ?? [];
  const send = async (): Promise<void> => {
    const wrong = await release(app, meeting, draft);
    setError(wrong);
    if (wrong) return;
    onSent();
    onClose();
  };
  return (
    <AskSheet
      open={open} onClose={onClose} title={t("Let go of your words?")} lead={t("{names} can then see what you wrote.", { names: listed(names) })}
      yes={{ label: t("Yes, let go of them"), onPress: send }} no={t("Not yet")} note={t("You can take them back until the meeting begins.")}
    >
      {error && <Notice tone="bad" icon="warning" alert title={error} />}
      <Steps items={[
        ...names.map((name) => ({ icon: "eye" as const, text: <bdi>{name}</bdi> })),
        { icon: "lock", state: "ok", text: to === "everyone_invited" ? t("Nobody else sees it.") : t("No guardian sees it. Nobody else either.") },
      ]} />
    </AskSheet>
  );
}
