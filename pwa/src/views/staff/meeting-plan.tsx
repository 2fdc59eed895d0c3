/** Planning a meeting: when and where, who comes, and the invitations sent in the same step. */
import { useRef, useState } from "preact/hooks";
import { addDays, today, weekdayOf } from "../../dates";
import { t } from "../../i18n";
import { navigate } from "../../router";
import { Button, Buttons, Card, Chips, ChoiceGroup, Field, Form, More, Notice, Page, TextArea, type Wrong, fieldErrors, useApp, useForm } from "../../ui";
import type { ViewProps } from "../roles";
import { useReachable } from "./child-people";
import { ChildKicker, Missing, useChild, useDoing, useFrom } from "./kit";
import { LateAsk, type LateReason, isLateAnswer } from "./late";
import { ConsentNeeded, PeopleFields, unitNames, useSeats } from "./meeting-people";
import { MEETING_KINDS, choices } from "./words";

export interface When { day: string; at: string; minutes: string; where: string; place: string; join_url: string; phone_in: string }

/** What is wrong with a time and a place, by field. */
export function checkWhen(v: When): Wrong {
  return {
    day: (!/^\d{4}-\d{2}-\d{2}$/.test(v.day) || v.day < today()) && t("Choose a day from today on"),
    at: !/^\d{2}:\d{2}$/.test(v.at) && t("Choose when it begins"),
    join_url: v.where === "video" && !/^https:\/\/\S+\.\S+/.test(v.join_url.trim()) && t("Write the address of the video meeting. It begins with https://"),
    place: v.where === "room" && !v.place.trim() && t("Write where you meet"),
    phone_in: v.where === "phone" && !v.phone_in.trim() && t("Write the number to call"),
  };
}

/** Back from the arguments. */
export function whenOf(args: any): When {
  const { starts_local = "", minutes, place = "", join_url = "", phone_in = "" } = args;
  return { day: starts_local.slice(0, 10), at: starts_local.slice(11, 16), minutes: String(minutes), where: place ? "room" : join_url ? "video" : "phone", place, join_url, phone_in };
}

/** The arguments of a time and a place. */
export function whenArgs(v: When): Record<string, unknown> {
  return { starts_local: `${v.day}T${v.at}`, minutes: Number(v.minutes), place: v.place.trim(), join_url: v.join_url.trim(), phone_in: v.phone_in.trim() };
}

interface FieldsOf<V> { values: V; set: <K extends keyof V>(name: K, value: V[K]) => void; errors: { readonly [field: string]: string | undefined }; ids: Record<string, string> }

/** Day, time, length and place. */
export function WhenFields<V extends When>({ form }: { form: FieldsOf<V> }) {
  const set = (name: keyof When) => (value: string): void => form.set(name, value as V[typeof name]);
  const v = form.values;
  return (
    <>
      <Card>
        <Field label={t("Day")} hint={t("At least five working days ahead, unless the family wants it sooner.")} type="date" min={today()} id={form.ids.day} value={v.day} error={form.errors.day} onInput={set("day")} />
        <Field label={t("Begins at")} type="time" id={form.ids.at} value={v.at} error={form.errors.at} onInput={set("at")} />
        <Chips label={t("Length")} options={["30", "45", "60", "90"].map((value) => ({ value, label: t("{n} min", { n: value }) }))} values={[v.minutes]} onChange={([value]) => value && set("minutes")(value)} />
      </Card>
      <Card>
        <ChoiceGroup
          legend={t("How do you meet?")} tiles value={v.where as "room" | "video" | "phone"} onChange={set("where")}
          options={[{ value: "room", label: t("In a room"), icon: "pin" }, { value: "video", label: t("By video"), icon: "video" }, { value: "phone", label: t("By phone"), icon: "phone" }]}
        />
        {v.where === "room" && <Field label={t("Where")} id={form.ids.place} value={v.place} error={form.errors.place} onInput={set("place")} />}
        {v.where !== "phone" && <Field label={t("Address of the video meeting")} type="url" optional={v.where === "room"} hint={v.where === "room" ? t("So that somebody can take part from home.") : undefined} id={form.ids.join_url} value={v.join_url} error={form.errors.join_url} onInput={set("join_url")} />}
        <Field label={t("Number to call in")} type="tel" optional={v.where !== "phone"} id={form.ids.phone_in} value={v.phone_in} error={form.errors.phone_in} onInput={set("phone_in")} />
      </Card>
    </>
  );
}

interface Values extends When { kind: string; title: string; agenda: string; interpreter: string; invited: string[]; staff: string[] }

/** The first weekday at least a week ahead. */
function firstDay(): string {
  let day = addDays(today(), 7);
  while (weekdayOf(day) > 4) day = addDays(day, 1);
  return day;
}

export function MeetingPlan({ params, query }: ViewProps) {
  const around = useChild(params.id ?? "");
  return around?.held ? <Plan id={around.child.id} query={query} /> : <Missing />;
}

function Plan({ id, query }: { id: string; query: URLSearchParams }) {
  const app = useApp();
  const around = useChild(id)!;
  const reachable = useReachable(id, "meeting");
  // Whom one has chosen and the family's yes no longer covers stays to be taken away.
  const known = [...reachable, ...(around.coordinator?.people ?? []).filter((one) => !reachable.some(({ person }) => person === one.person))];
  const { run, said, clear } = useDoing();
  const [units, setUnits] = useState<string[] | null>(null);
  const [late, setLate] = useState<{ meeting: string; limit: string } | null>(null);
  const draft = useRef(false);
  const seat = useSeats(around, run);
  const { child } = around;
  const family = (child.people ?? []).filter((one) => one.kind !== "supporter").map((one) => one.relation);
  const form = useForm<Values>(
    { kind: "network", title: "", day: firstDay(), at: "15:00", minutes: "60", where: "room", place: "", join_url: "", phone_in: "", agenda: "", interpreter: child.interpreter ?? "", invited: family, staff: [app.me.value?.seat ?? ""] },
    checkWhen,
    async (v) => {
      setUnits(null);
      const agenda = v.agenda.split("\n").map((line) => line.trim()).filter(Boolean).slice(0, 12).map((title) => ({ title: title.slice(0, 80) }));
      const done = (!draft.current && await seat(v.staff)) || await run("meeting.propose", {
        child: id, kind: v.kind, title: v.title.trim(), ...whenArgs(v), agenda: agenda.length > 0 ? agenda : undefined, interpreter: v.interpreter.trim(), invited: v.invited, staff: v.staff, invite: !draft.current,
      }, form);
      if (done.state === "refused" && done.code === "consent_required") {
        clear();
        setUnits(unitNames(app, done.data));
      } else if (done.state === "refused") form.fail(fieldErrors({ ...done.fields, ...(done.fields.starts_local ? { day: done.fields.starts_local } : {}) }));
      else if (done.state === "done" && isLateAnswer(done.result)) setLate({ meeting: done.result.meeting, limit: done.result.limit_on ?? done.result.due_on ?? "" });
      else navigate(done.state === "done" ? `/meetings/${done.result.meeting}` : `/children/${id}`, { replace: true });
    },
  );
  useFrom(query, form, (args) => ({
    ...whenOf(args), kind: args.kind, title: args.title ?? "", agenda: (args.agenda ?? []).map((one: { title: string }) => one.title).join("\n"),
    interpreter: args.interpreter ?? "", invited: args.invited ?? [], staff: (args.staff ?? []).filter((one: string) => known.some(({ person }) => person === one)),
  }));
  const why = async (reason: LateReason): Promise<void> => {
    if (!late) return;
    await run("meeting.invite", { meeting: late.meeting, late_reason: reason });
    navigate(`/meetings/${late.meeting}`, { replace: true });
  };
  return (
    <Page title={t("Plan a meeting")} kicker={<ChildKicker child={child} />} back={{ href: `/children/${id}`, label: t("The child") }}>
      {!app.online.value && <Notice tone="warn" icon="offline" title={t("You are offline")}><span>{t("The invitations go when you are online.")}</span></Notice>}
      <Form form={form}>
        <Card><Chips label={t("What kind of meeting?")} options={choices(MEETING_KINDS)} values={[form.values.kind]} onChange={([value]) => value && form.set("kind", value)} /></Card>
        <WhenFields form={form} />
        <PeopleFields child={child} people={known.filter((one) => reachable.includes(one) || form.values.staff.includes(one.person))} values={form.values} onChange={(v) => { form.set("invited", v.invited); form.set("staff", v.staff); }} />
        <Card>
          <More summary={t("Title, agenda and interpreter")}>
            <div class="stack">
              <Field label={t("Title")} optional hint={t("Everybody invited reads it.")} id={form.ids.title} value={form.values.title} error={form.errors.title} onInput={(x) => form.set("title", x.slice(0, 80))} />
              <TextArea label={t("Agenda")} optional hint={t("One point on each line.")} {...form.of("agenda")} />
              <Field label={t("Interpreter")} optional id={form.ids.interpreter} value={form.values.interpreter} error={form.errors.interpreter} onInput={(x) => form.set("interpreter", x.slice(0, 60))} />
            </div>
          </More>
        </Card>
        {units && <ConsentNeeded childId={id} units={units} />}
        {said}
        <Buttons>
          <Button kind="primary" icon="mail" onPress={() => { draft.current = false; form.submit(); }}>{t("Send the invitations")}</Button>
          <Button icon="note" onPress={() => { draft.current = true; form.submit(); }}>{t("Save without inviting")}</Button>
        </Buttons>
      </Form>
      <LateAsk limit={late?.limit ?? null} onChoose={why} onClose={() => late && navigate(`/meetings/${late.meeting}`, { replace: true })} />
    </Page>
  );
}
