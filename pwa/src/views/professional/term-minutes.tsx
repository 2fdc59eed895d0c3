/** After the term meeting: what was said, and what each unit promised. A promise becomes the unit's task. */
import { useState } from "preact/hooks";
import { addDays, stamp, today } from "../../dates";
import { t } from "../../i18n";
import { navigate } from "../../router";
import { Button, Card, Chips, Columns, Field, Form, Notice, OutboxFor, Page, Row, Rows, Section, TextArea, useApp, useForm } from "../../ui";
import type { ViewProps } from "../roles";
import { Missing, useAdding, useDoing, useFrom } from "../staff/kit";
import type { Unit } from "../staff/model";
import type { TermMeeting } from "./model";
import { indexed, search } from "./search";
import { whenWords } from "./words";

interface Point { what: string; who_unit: string; by_on: string }
interface Values { minutes_text: string; points: Point[] }
const NO_POINT: Point = { what: "", who_unit: "", by_on: "" };
const SHOWN = 6;

export function TermMinutes({ params, query }: ViewProps) {
  const app = useApp();
  const one = app.one<TermMeeting>("term_meeting", params.id ?? "").value;
  return one && app.me.value?.kind === "process_lead" ? <Minutes key={one.id} one={one} query={query} /> : <Missing home="/terms" />;
}

/** Which minutes stand there: what one sends says which one has seen. */
const stands = (one: TermMeeting): string => (one.minutes_text ? (one.minutes_at ?? one.held_at ?? "nothing") : "nothing");

/** Beside one's own text: what somebody else, or oneself on another device, has saved meanwhile. */
function StandsNow({ one }: { one: TermMeeting }) {
  return (
    <Section title={t("What stands there now")}>
      <Notice tone="info" icon="note" title={t("Written {when}", { when: stamp(stands(one)) })}><span>{t("What you save takes the place of this text. Promises are added to those there are.")}</span></Notice>
      <Card>{one.minutes_text?.split(/\n+/).map((line, index) => <p key={index} dir="auto">{line}</p>)}</Card>
    </Section>
  );
}

function Minutes({ one, query }: { one: TermMeeting; query: URLSearchParams }) {
  const { run, said } = useDoing();
  const [began] = useState(stands(one));
  const form = useForm<Values>(
    { minutes_text: one.minutes_text ?? "", points: [] },
    (v) => (!v.minutes_text.trim() ? { minutes_text: t("Write what came out of the meeting") } : v.minutes_text.length > 4000 ? { minutes_text: t("Write a shorter text") } : {}),
    async (v): Promise<void> => {
      const action_points = v.points.filter((point) => point.what.trim()).map((point) => ({ what: point.what.trim(), ...(point.who_unit ? { who_unit: point.who_unit } : {}), ...(point.by_on ? { by_on: point.by_on } : {}) }));
      const done = await run("term.minutes", { term_meeting: one.id, minutes_text: v.minutes_text.trim(), action_points, over: stands(one) }, form);
      if (done.state === "refused") return;
      navigate(`/terms/${one.id}`, { replace: true });
    },
  );
  useFrom(query, form, ({ minutes_text, action_points = [] }) => ({ minutes_text, points: action_points.map((point: Partial<Point>) => ({ ...NO_POINT, ...point })) }));
  const v = form.values;
  const list = useAdding(v.points.length);
  const point = (index: number, next: Point | null): void => form.set("points", v.points.flatMap((old, at) => (at === index ? (next ? [next] : []) : [old])));
  return (
    <Page title={t("What came out of the meeting?")} kicker={whenWords(one)} lead={t("Everybody who was called reads this. Write nothing about a child.")} back={{ href: `/terms/${one.id}`, label: t("The meeting") }}>
      <Form form={form}>
        <Columns
          half
          left={<>
            {one.minutes_text && (query.has("from") || form.found || stands(one) !== began) && <StandsNow one={one} />}
            <Card><TextArea label={t("Notes from the meeting")} rows={10} max={4000} {...form.of("minutes_text")} /></Card>
          </>}
          right={<>
            <Section title={t("Who does what?")} note={t("What a unit promised becomes its task, and is shown at the next term meeting.")}>
              {(one.action_points ?? []).length > 0 && <Rows label={t("Written before")}>{(one.action_points ?? []).map((old, index) => <Row key={index} icon="flag" title={old.what} text={old.who_unit_name} />)}</Rows>}
              <div class="stack" ref={list}>
              {v.points.map((old, index) => (
                <Card key={index} label={t("Promise {n}", { n: index + 1 })}>
                  <Field label={t("What was promised?")} value={old.what} onInput={(what) => point(index, { ...old, what: what.slice(0, 200) })} />
                  <UnitChips value={old.who_unit} onChange={(who_unit) => point(index, { ...old, who_unit })} first={one.participants.map((person) => person.unit)} />
                  <Field label={t("By when?")} optional type="date" min={today()} max={addDays(today(), 730)} value={old.by_on} onInput={(by_on) => point(index, { ...old, by_on })} />
                  <Button slim kind="quiet" icon="trash" onPress={() => point(index, null)}>{t("Take away")}</Button>
                </Card>
              ))}
              {v.points.length < 20 && <Button icon="plus" onPress={() => form.set("points", [...v.points, NO_POINT])}>{v.points.length > 0 ? t("One more promise") : t("Write a promise")}</Button>}
              </div>
            </Section>
            {said}
            <OutboxFor id={one.id} names={["term.minutes"]} />
            <Button type="submit" kind="primary" block>{t("Save and tell everybody")}</Button>
          </>}
        />
      </Form>
    </Page>
  );
}

/** A unit of the area: those that take part first, the rest by searching. */
function UnitChips({ value, onChange, first }: { value: string; onChange: (unit: string) => void; first: readonly string[] }) {
  const [words, setWords] = useState("");
  const units = useApp().all<Unit>("unit").value;
  const found = search(indexed(units, (one) => one.name, (one) => [one.town]), words);
  const sorted = [...found.filter((one) => one.id === value), ...found.filter((one) => one.id !== value && first.includes(one.id)), ...found.filter((one) => one.id !== value && !first.includes(one.id))];
  return (
    <div class="stack">
      <Chips label={t("Which unit?")} options={sorted.slice(0, SHOWN).map((one) => ({ value: one.id, label: one.name }))} values={value ? [value] : []} onChange={([x]) => onChange(x ?? "")} />
      {units.length > SHOWN && <Field label={t("Search among the units")} hideLabel type="search" icon="search" value={words} onInput={setWords} />}
    </div>
  );
}
