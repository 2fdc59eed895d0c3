/** Planning a term meeting: the day (proposed ones first), the place, what is taken up and who is needed. And moving it. */
import { useState } from "preact/hooks";
import { addDays, fullDate, capital, today, wallTime, weekdayOf } from "../../dates";
import { t, tn } from "../../i18n";
import { navigate } from "../../router";
import { Button, Card, Chips, ChoiceGroup, Columns, Field, Form, type FormState, LinkButton, Notice, OutboxFor, OutboxNotice, Page, Section, type Wrong, useApp, useForm } from "../../ui";
import type { ViewProps } from "../roles";
import { Missing, useAdding, useDoing } from "../staff/kit";
import type { Area } from "../staff/model";
import type { TermMeeting } from "./model";
import { FUNCTIONS, avoidWords, functionName, meetingWords } from "./words";
import { compare } from "./search";

const USUAL = ["head_teacher", "counsellor", "social_worker", "doctor", "consultant", "therapist"];
const OTHER = "other";
interface Point { title: string; minutes: string; who: string }
interface Times { choice: string; day: string; at: string; minutes: string; place: string; join_url: string }
interface Values extends Times { agenda: Point[]; functions: string[] }

/** The school term a day belongs to: "VT 2027" until July, then "HT 2027". */
const termOf = (day: string): string => `${Number(day.slice(5, 7)) <= 7 ? "VT" : "HT"} ${day.slice(0, 4)}`;

const startsLocal = (v: Times): string => (v.choice && v.choice !== OTHER ? v.choice : `${v.day}T${v.at}`);

function wrongTimes(v: Times): Wrong {
  const own = !v.choice || v.choice === OTHER;
  return {
    day: own && (!/^\d{4}-\d{2}-\d{2}$/.test(v.day) ? t("Choose a day") : v.day < today() && t("Choose a time that is still to come")),
    at: own && !/^\d{2}:\d{2}$/.test(v.at) && t("Choose a time of day"),
    join_url: v.join_url.trim() && !/^https:\/\/\S+\.\S+/.test(v.join_url.trim()) && t("Write the address of the video meeting. It begins with https://"),
  };
}

/** Why another day would be better; nothing is forbidden. */
function AvoidNotice({ day, avoid }: { day: string; avoid: TermMeeting["avoid"] }) {
  const span = avoid?.find((one) => one.from <= day && day <= one.to);
  const why = /^\d{4}-/.test(day) && weekdayOf(day) > 4 ? "weekend" : span?.why;
  return why ? <Notice tone="warn" icon="warning" title={avoidWords(why)}><span>{t("Many may be away. You can still choose it.")}</span></Notice> : null;
}

function TimeFields<V extends Times>({ form, proposals, avoid }: { form: FormState<V>; proposals: readonly string[]; avoid: TermMeeting["avoid"] }) {
  const v: Times = form.values;
  const ids = form.ids as unknown as Record<keyof Times, string>;
  const set = (name: keyof Times, value: string): void => form.set(name, value as V[keyof Times]);
  const coming = proposals.filter((one) => one.slice(0, 10) > today());
  return (
    <Card>
      {coming.length > 0 && (
        <ChoiceGroup
          legend={t("Which day?")} hint={t("Proposed days leave six weeks' notice and avoid breaks and holidays.")} value={v.choice || null} onChange={(x) => set("choice", x)} id={ids.choice}
          options={[...coming.map((one) => ({ value: one, label: `${capital(fullDate(one.slice(0, 10)))} ${wallTime(one.slice(11, 16))}` })), { value: OTHER, label: t("Another day") }]}
        />
      )}
      {(coming.length === 0 || v.choice === OTHER) && <>
        <Field label={t("Day")} type="date" min={today()} max={addDays(today(), 730)} id={ids.day} value={v.day} error={form.errors.day} onInput={(x) => set("day", x)} />
        <AvoidNotice day={v.day} avoid={avoid} />
        <Field label={t("Begins")} type="time" id={ids.at} value={v.at} error={form.errors.at} onInput={(x) => set("at", x)} />
      </>}
      <Chips label={t("Length")} options={["60", "90", "120"].map((value) => ({ value, label: t("{n} min", { n: value }) }))} values={[v.minutes]} onChange={([x]) => x && set("minutes", x)} />
      <Field label={t("Room or address")} optional id={ids.place} value={v.place} error={form.errors.place} onInput={(x) => set("place", x.slice(0, 120))} />
      <Field label={t("Address of the video meeting")} optional type="url" id={ids.join_url} value={v.join_url} error={form.errors.join_url} onInput={(x) => set("join_url", x)} />
    </Card>
  );
}

export function TermPlan({ params }: ViewProps) {
  const app = useApp();
  const draft = app.one<TermMeeting>("term_meeting", params.id ?? "").value;
  const [own, setOwn] = useState(false);
  if (app.me.value?.kind !== "process_lead" || (params.id && !draft)) return <Missing home="/terms" />;
  return draft || own ? <Plan key={params.id ?? "new"} draft={draft} /> : <Who onOwn={() => setOwn(true)} />;
}

/** One more meeting: the house proposes days for it. Without a connection one chooses the day oneself. */
function Who({ onOwn }: { onOwn: () => void }) {
  const app = useApp();
  const { run, said } = useDoing();
  const propose = async (network?: "buse"): Promise<void> => {
    const done = app.online.value ? await run("term.propose", { network }) : null;
    if (done?.state === "refused") return;
    if (done?.state !== "done") return onOwn();
    const id = String(done.result?.term_meeting);
    // The answer can be here a moment before the draft itself.
    for (let n = 0; n < 30 && !app.one("term_meeting", id).peek(); n += 1) await new Promise((soon) => setTimeout(soon, 100));
    navigate(`/terms/${id}/plan`, { replace: true });
  };
  return (
    <Page title={t("Who meets?")} lead={t("You choose among proposed days. Nobody is told yet.")} back={{ href: "/terms", label: t("Term meetings") }}>
      {!app.online.value && <Notice tone="grey" icon="offline" title={t("Days are proposed when you are online")}><span>{t("Now you choose the day yourself.")}</span></Notice>}
      {said}
      <Button kind="primary" block onPress={() => propose()}>{t("Everybody who holds a function")}</Button>
      {app.online.value && <Button block onPress={() => propose("buse")}>{t("The BUSE network")}</Button>}
    </Page>
  );
}

/** The agenda of last time, else the usual one. What was promised last time always comes first. */
function template(before: TermMeeting | undefined): Point[] {
  const first = t("What we promised last time");
  const usual: [string, string][] = [[t("What has happened since last time"), "30"], [t("Our list of contacts: is it right?"), "20"], [t("Who does what until next time"), "15"]];
  const kept = (before?.agenda ?? []).filter((one) => one.title !== first).map((one) => ({ title: one.title, minutes: one.minutes ? String(one.minutes) : "", who: one.who ?? "" }));
  const points = kept.length > 0 ? kept : usual.map(([title, minutes]) => ({ title, minutes, who: "" }));
  return [{ title: first, minutes: "15", who: "" }, ...points];
}

function Plan({ draft }: { draft: TermMeeting | undefined }) {
  const app = useApp();
  const { run, said } = useDoing();
  const [sent, setSent] = useState<{ id: string; avoid: string | undefined } | null>(null);
  const before = app.all<TermMeeting>("term_meeting").value.filter((one) => (one.state === "held" || one.state === "planned") && one.network === draft?.network).sort((a, b) => (a.starts_at < b.starts_at ? 1 : -1))[0];
  const area = app.one<Area>("area", draft?.area ?? before?.area ?? "").value;
  const proposals = draft?.proposals ?? [];
  const termFor = (v: Times): string => draft?.term ?? termOf(startsLocal(v));
  const form = useForm<Values>(
    {
      choice: proposals.find((one) => one.slice(0, 10) > today()) ?? "", day: "", at: "13:00", minutes: String(draft?.minutes ?? 90), place: before?.place ?? "", join_url: "",
      agenda: template(before), functions: draft?.required_functions ?? before?.required_functions ?? USUAL,
    },
    (v) => ({ ...wrongTimes(v), functions: v.functions.length === 0 && t("Choose at least one function") }),
    async (v): Promise<void> => {
      const agenda = v.agenda.filter((one) => one.title.trim()).map((one) => ({ title: one.title.trim(), ...(Number(one.minutes) > 0 ? { minutes: Number(one.minutes) } : {}), ...(one.who.trim() ? { who: one.who.trim() } : {}) }));
      const done = await run("term.plan", {
        term: termFor(v), starts_local: startsLocal(v), minutes: Number(v.minutes), place: v.place.trim(), join_url: v.join_url.trim(), agenda, required_functions: v.functions, term_meeting: draft?.id,
      }, form);
      if (done.state === "refused") return;
      if (done.state === "waiting") return navigate(draft ? `/terms/${draft.id}` : "/terms", { replace: true });
      setSent({ id: String(done.result?.term_meeting ?? ""), avoid: done.result?.avoid as string | undefined });
      window.scrollTo(0, 0);
    },
  );
  if (sent)
    return (
      <Page title={t("Everybody has been told")} kicker={[meetingWords({ ...(draft ?? {}), term: termFor(form.values) }), area?.name].filter(Boolean).join(" · ")}>
        {sent.avoid && <Notice tone="warn" icon="warning" title={avoidWords(sent.avoid)}><span>{t("Many may be away. You can move the meeting.")}</span></Notice>}
        <Notice tone="good" icon="check" alert title={t("The meeting is planned")}><span>{t("Those who hold a function that is needed have been asked to answer.")}</span></Notice>
        <LinkButton kind="primary" block href={`/terms/${sent.id}`}>{t("See the meeting")}</LinkButton>
      </Page>
    );
  const v = form.values;
  const point = (index: number, next: Point | null): void => form.set("agenda", v.agenda.flatMap((one, at) => (at === index ? (next ? [next] : []) : [one])));
  const list = useAdding(v.agenda.length);
  const keys = [...new Set([...v.functions, ...Object.keys(FUNCTIONS)])].sort((a, b) => compare(functionName(a), functionName(b)));
  return (
    <Page title={t("When do we meet?")} kicker={draft?.network ? [meetingWords(draft), area?.name].filter(Boolean).join(" · ") : area?.name} lead={draft?.network ? t("Twice a term, those who are BUSE in their unit.") : t("Once a term, everybody who holds a function.")} back={{ href: "/terms", label: t("Term meetings") }}>
      <Form form={form}>
        <Columns
          half
          left={<>
            <TimeFields form={form} proposals={proposals} avoid={draft?.avoid} />
            <Section title={t("What is taken up?")} note={t("No individual children.")}>
              <div class="stack" ref={list}>
              {v.agenda.map((one, index) => (
                <Card key={index} label={t("Point {n}", { n: index + 1 })}>
                  <Field label={t("Point {n}", { n: index + 1 })} value={one.title} onInput={(x) => point(index, { ...one, title: x.slice(0, 80) })} />
                  <Field label={t("Minutes it takes")} optional inputMode="numeric" value={one.minutes} onInput={(x) => point(index, { ...one, minutes: x.replace(/\D/g, "").slice(0, 3) })} />
                  <Field label={t("Who tells?")} optional value={one.who} onInput={(x) => point(index, { ...one, who: x.slice(0, 60) })} />
                  {v.agenda.length > 1 && <Button slim kind="quiet" icon="trash" onPress={() => point(index, null)}>{t("Take away")}</Button>}
                </Card>
              ))}
              {v.agenda.length < 20 && <Button icon="plus" onPress={() => form.set("agenda", [...v.agenda, { title: "", minutes: "", who: "" }])}>{t("One more point")}</Button>}
              </div>
            </Section>
          </>}
          right={<>
            {!draft?.network && <Card>
              <Chips several label={t("Who is needed?")} id={form.ids.functions} options={keys.map((value) => ({ value, label: functionName(value) }))} values={v.functions} onChange={(x) => form.set("functions", x.slice(0, 20))} />
              {form.errors.functions && <p class="error">{form.errors.functions}</p>}
              <p class="sm muted">{tn("{n} function is called, from every unit that has it.", "{n} functions are called, from every unit that has them.", v.functions.length)}</p>
            </Card>}
            {said}
            {draft ? <OutboxFor id={draft.id} names={["term.plan"]} /> : app.outbox.value.filter((one) => one.name === "term.plan").map((one) => <OutboxNotice key={one.id} item={one} />)}
            <Button type="submit" kind="primary" block>{t("Plan and tell everybody")}</Button>
          </>}
        />
      </Form>
    </Page>
  );
}

export function TermMove({ params }: ViewProps) {
  const one = useApp().one<TermMeeting>("term_meeting", params.id ?? "").value;
  return one ? <Move key={one.id} one={one} /> : <Missing home="/terms" />;
}

function Move({ one }: { one: TermMeeting }) {
  const { run, said } = useDoing();
  const form = useForm<Times>(
    { choice: OTHER, day: one.starts_local.slice(0, 10), at: one.starts_local.slice(11, 16), minutes: String(one.minutes), place: one.place ?? "", join_url: one.join_url ?? "" },
    wrongTimes,
    async (v): Promise<void> => {
      const done = await run("term.move", { term_meeting: one.id, starts_local: startsLocal(v), minutes: Number(v.minutes), place: v.place.trim(), join_url: v.join_url.trim() }, form);
      if (done.state === "refused") return;
      navigate(`/terms/${one.id}`, { replace: true });
    },
  );
  return (
    <Page title={t("Move the meeting")} kicker={meetingWords(one)} lead={t("Everybody is asked to answer again.")} back={{ href: `/terms/${one.id}`, label: t("The meeting") }}>
      <Form form={form}>
        <TimeFields form={form} proposals={one.proposals ?? []} avoid={one.avoid} />
        {said}
        <OutboxFor id={one.id} names={["term.move"]} />
        <Button type="submit" kind="primary" block>{t("Move and tell everybody")}</Button>
      </Form>
    </Page>
  );
}
