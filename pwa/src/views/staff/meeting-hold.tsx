/** After the meeting: how the child was heard (always), what was decided, and when it is followed up; and all of it anew. */
import { useState } from "preact/hooks";
import { fullDate, stamp, today } from "../../dates";
import { t } from "../../i18n";
import { navigate } from "../../router";
import { Button, Card, Chips, ChoiceGroup, Facts, Field, Form, Notice, OutboxFor, Page, Row, Rows, Section, TextArea, useApp, useForm } from "../../ui";
import type { ViewProps } from "../roles";
import { ChildKicker, Missing, useAdding, useChild, useDoing, useFrom } from "./kit";
import { Over, isLive } from "./meeting-over";
import type { Coordinator, Meeting, Staff, UnitRef } from "./model";

/** The units that take part: one's own, and those of the people invited. */
function useUnits(meeting: Meeting): readonly UnitRef[] {
  const app = useApp();
  const self = app.one<Staff>("staff", app.me.value?.seat ?? "").value;
  const coordinator = app.all<Coordinator>("coordinator").value.find((one) => one.child === meeting.child);
  const found = [...(self ? [{ unit: self.unit, name: coordinator?.unit_name ?? "" }] : []), ...meeting.people.map((one) => ({ unit: one.unit, name: one.unit_name ?? "" }))];
  return [...new Map(found.filter((one) => one.name).map((one) => [one.unit, one])).values()];
}

export function UnitChoice({ meeting, legend, value, onChange, error, id }: { meeting: Meeting; legend: string; value: string; onChange: (unit: string) => void; error?: string | undefined; id?: string }) {
  const units = useUnits(meeting);
  return <ChoiceGroup legend={legend} options={units.map((one) => ({ value: one.unit, label: one.name }))} value={value} onChange={onChange} error={error} {...(id ? { id } : {})} />;
}

interface Line { what: string; who: string; by_on: string }
const NO_LINE: Line = { what: "", who: "", by_on: "" };

function Decided({ line, index, units, onChange, onRemove }: { line: Line; index: number; units: readonly UnitRef[]; onChange: (line: Line) => void; onRemove: () => void }) {
  const who = [...units.map((one) => ({ value: one.unit, label: one.name })), { value: "family", label: t("The family") }, { value: "young_person", label: t("The young person") }, { value: "other", label: t("Somebody else") }];
  return (
    <Card label={t("Decision {n}", { n: index + 1 })}>
      <Field label={t("What was decided?")} value={line.what} onInput={(what) => onChange({ ...line, what: what.slice(0, 200) })} />
      <Chips label={t("Who does it?")} options={who} values={line.who ? [line.who] : []} onChange={([value]) => onChange({ ...line, who: value ?? "" })} />
      <Field label={t("By when?")} optional type="date" min={today()} value={line.by_on} onInput={(by_on) => onChange({ ...line, by_on })} />
      <Button slim kind="quiet" icon="trash" onPress={onRemove}>{t("Take away")}</Button>
    </Card>
  );
}

export function MeetingHold({ params, query }: ViewProps) {
  const app = useApp();
  const meeting = app.one<Meeting>("meeting", params.id ?? "").value;
  if (!meeting?.invited) return <Missing />;
  return isLive(meeting) || app.may("meeting.amend", meeting) ? <Hold key={meeting.id} meeting={meeting} query={query} /> : <Over meeting={meeting} />;
}

/** Which notes stand there: what one sends says which one has seen. */
const stands = (meeting: Meeting): string => meeting.noted_at ?? meeting.held_at ?? "nothing";

/** Beside one's own words: what somebody else, or oneself on another device, has saved meanwhile. */
function StandsNow({ meeting }: { meeting: Meeting }) {
  return (
    <Section title={t("What stands there now")}>
      <Notice tone="info" icon="note" title={t("Written {when}", { when: stamp(stands(meeting)) })}><span>{t("What you save takes the place of these words. Decisions are added to those there are.")}</span></Notice>
      <Card>
        <p dir="auto">{meeting.child_heard}</p>
        {meeting.follow_up_on && <Facts items={[{ icon: "flag", title: t("Follow up {day}", { day: fullDate(meeting.follow_up_on) }), text: meeting.main_responsible_name }]} />}
      </Card>
    </Section>
  );
}

interface Values { child_heard: string; follow_up_on: string; main_responsible_unit: string; lines: Line[] }

function Hold({ meeting, query }: { meeting: Meeting; query: URLSearchParams }) {
  const around = useChild(meeting.child);
  const units = useUnits(meeting);
  const { run, said } = useDoing();
  const held = !isLive(meeting);
  const [began] = useState(held ? stands(meeting) : "nothing");
  const before = meeting.decisions ?? [];
  const form = useForm<Values>(
    { child_heard: meeting.child_heard ?? "", follow_up_on: meeting.follow_up_on ?? "", main_responsible_unit: meeting.main_responsible_unit ?? "", lines: [] },
    (v) => (!v.child_heard.trim() ? { child_heard: t("Write how the child was heard. It is always needed.") } : v.child_heard.length > 500 ? { child_heard: t("Write a shorter text") } : {}),
    async (v): Promise<void> => {
      const decisions = v.lines.filter((one) => one.what.trim()).map((one) => ({
        what: one.what.trim(), ...(["family", "young_person", "other"].includes(one.who) ? { who: one.who } : one.who ? { who_unit: one.who } : {}), ...(one.by_on ? { by_on: one.by_on } : {}),
      }));
      const notes = { meeting: meeting.id, child_heard: v.child_heard.trim(), decisions, main_responsible_unit: v.main_responsible_unit };
      const done = held
        ? await run("meeting.amend", { ...notes, over: stands(meeting), follow_up_on: v.follow_up_on === meeting.follow_up_on ? "" : v.follow_up_on }, form)
        : await run("meeting.hold", { ...notes, follow_up_on: v.follow_up_on }, form);
      if (done.state === "refused") return;
      navigate(`/meetings/${meeting.id}`, { replace: true });
    },
  );
  useFrom(query, form, (args) => ({
    child_heard: args.child_heard, follow_up_on: args.follow_up_on ?? "", main_responsible_unit: args.main_responsible_unit ?? "",
    lines: (args.decisions ?? []).map((one: any) => ({ what: one.what, who: one.who ?? one.who_unit ?? "", by_on: one.by_on ?? "" })),
  }));
  const list = useAdding(form.values.lines.length);
  const line = (index: number, next: Line | null): void => form.set("lines", form.values.lines.flatMap((one, at) => (at === index ? (next ? [next] : []) : [one])));
  return (
    <Page title={t("What came out of the meeting?")} kicker={around && <ChildKicker child={around.child} />} back={{ href: `/meetings/${meeting.id}`, label: t("The meeting") }} lead={t("Everybody invited reads this.")}>
      <Form form={form}>
        {held && (query.has("from") || form.found || stands(meeting) !== began) && <StandsNow meeting={meeting} />}
        <Card>
          <TextArea label={t("How was the child heard?")} hint={t("In the room, through written words, or through somebody else. Or why not.")} max={500} {...form.of("child_heard")} />
        </Card>
        <Section title={t("Decided")}>
          {before.length > 0 && <Rows label={t("Written before")}>{before.map((old, index) => <Row key={index} icon="flag" title={<bdi>{old.what}</bdi>} text={old.who_unit_name} />)}</Rows>}
          <div class="stack" ref={list}>
          {form.values.lines.map((one, index) => <Decided key={index} line={one} index={index} units={units} onChange={(next) => line(index, next)} onRemove={() => line(index, null)} />)}
          {before.length + form.values.lines.length < 20 && <Button icon="plus" onPress={() => form.set("lines", [...form.values.lines, NO_LINE])}>{form.values.lines.length > 0 ? t("One more decision") : t("Write a decision")}</Button>}
          </div>
        </Section>
        <Card>
          <Field label={t("Follow up on")} optional={meeting.kind !== "sip"} type="date" min={today()} {...form.of("follow_up_on")} />
          <UnitChoice meeting={meeting} legend={t("Main responsible unit")} {...form.of("main_responsible_unit")} />
        </Card>
        {said}
        <OutboxFor id={meeting.id} names={["meeting.hold", "meeting.amend"]} />
        <Button type="submit" kind="primary" block>{t("Save and tell everybody")}</Button>
      </Form>
    </Page>
  );
}
