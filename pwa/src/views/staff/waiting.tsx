/** A waiting card as the coordinator keeps it: what the family said, the next check-in, and how it ended. */
import { useEffect, useState } from "preact/hooks";
import { addDays, capital, fullDate, longDate, stamp, today } from "../../dates";
import { t } from "../../i18n";
import { navigate } from "../../router";
import { Button, Buttons, Card, Chips, Columns, Facts, Field, Form, LinkButton, Notice, OutboxFor, Page, Section, Switch, TextArea, Trail, type TrailStep, shownName, useApp, useForm } from "../../ui";
import type { ViewProps } from "../roles";
import { ChildKicker, Missing, partOf, useChild, useDoing, useUnsent } from "./kit";
import type { Child, Waiting } from "./model";
import { UnitPicker } from "./unit-picker";
import { BASES, WAITS, basisWords, choices, waitState, waitWords, worseWords } from "./words";

/** A unit of the area, or a name written by hand. */
export function UnitField({ unit, name, onUnit, onName, error, id }: { unit: string; name: string; onUnit: (id: string) => void; onName: (name: string) => void; error?: string | undefined; id: string }) {
  return (
    <>
      <UnitPicker legend={t("Which unit?")} id={id} error={error} value={unit} onChange={onUnit} other={t("Another unit")} />
      {unit === "" && <Field label={t("What is it called?")} value={name} onInput={(x) => onName(x.slice(0, 80))} />}
    </>
  );
}

interface Values { unit: string; unit_name: string; what: string; start_on: string; start_basis: string; queue_fact: string; next_check_in_on: string; for_young: boolean }

export function WaitingNew({ params }: ViewProps) {
  const around = useChild(params.id ?? "");
  return around?.held ? <New child={around.child} /> : <Missing />;
}

function New({ child }: { child: Child }) {
  const { run, said } = useDoing();
  const young = child.people?.some((one) => one.kind === "young_person" && one.state !== "invited");
  const form = useForm<Values>(
    { unit: "", unit_name: "", what: "first_visit", start_on: today(), start_basis: "referral_issued", queue_fact: "", next_check_in_on: addDays(today(), 14), for_young: false },
    (v) => ({
      unit: !v.unit && !v.unit_name.trim() && t("Choose a unit, or write its name"),
      start_on: (!v.start_on || v.start_on > today()) && t("Choose the day the wait began"),
      next_check_in_on: v.next_check_in_on <= today() && t("Choose a day to come"),
    }),
    async (v) => {
      const done = await run("waiting.open", {
        child: child.id, ...(v.unit ? { unit: v.unit } : { unit_name: v.unit_name.trim() }), what: v.what, start_on: v.start_on, start_basis: v.start_basis,
        queue_fact: v.queue_fact.trim().slice(0, 200), next_check_in_on: v.next_check_in_on, ...(v.for_young ? { for_young: true } : {}),
      }, form);
      if (done.state !== "refused") navigate(`/children/${child.id}`, { replace: true });
    },
  );
  return (
    <Page title={t("Waits for care")} kicker={<ChildKicker child={child} />} lead={t("The family sees since when, the dates of the guarantee, and when you ask next.")} back={{ href: `/children/${child.id}`, label: t("The child") }}>
      <Form form={form}>
        <Card><UnitField id={form.ids.unit} unit={form.values.unit} name={form.values.unit_name} error={form.errors.unit} onUnit={(x) => form.set("unit", x)} onName={(x) => form.set("unit_name", x)} /></Card>
        <Card>
          <Chips label={t("What do they wait for?")} options={choices(WAITS)} values={[form.values.what]} onChange={([x]) => x && form.set("what", x)} />
          <Field label={t("The wait began on")} type="date" max={today()} {...form.of("start_on")} />
          <Chips label={t("What happened that day?")} options={choices(BASES)} values={[form.values.start_basis]} onChange={([x]) => x && form.set("start_basis", x)} />
        </Card>
        <Card>
          <Field label={t("What the unit has said about the wait")} optional hint={t("Only what they have said. It gets today's date.")} {...form.of("queue_fact")} />
          <Field label={t("When do you ask how it is?")} type="date" min={addDays(today(), 1)} {...form.of("next_check_in_on")} />
        </Card>
        {young && <Card flush><Switch label={t("The young person sees it too")} checked={form.values.for_young} onChange={(x) => form.set("for_young", x)} /></Card>}
        {said}
        <Button type="submit" kind="primary" block>{t("Save")}</Button>
      </Form>
    </Page>
  );
}

function CheckIn({ card }: { card: Waiting }) {
  const { run, said } = useDoing();
  const [saved, setSaved] = useState(false);
  const unsent = useUnsent(card.id, "waiting.check_in");
  const form = useForm<{ note: string; queue_fact: string; next_check_in_on: string }>(
    { note: "", queue_fact: "", next_check_in_on: addDays(today(), 14) },
    (v) => (v.next_check_in_on > today() ? {} : { next_check_in_on: t("Choose a day to come") }),
    async (v) => {
      const { state } = await run("waiting.check_in", { waiting: card.id, next_check_in_on: v.next_check_in_on, queue_fact: v.queue_fact.trim().slice(0, 200), note: v.note.trim().slice(0, 300) }, form);
      if (state !== "refused") form.forget();
      setSaved(state === "done");
    },
  );
  return unsent && !form.busy ? null : (
    <Section title={t("You have asked how it is")}>
      {saved && <Notice tone="good" icon="check" alert title={t("The check-in is saved")} />}
      <Form form={form}>
        <Card>
          <TextArea label={t("A few words to the family")} optional rows={3} max={300} {...form.of("note")} />
          <Field label={t("What the unit has said about the wait")} optional {...form.of("queue_fact")} />
          <Field label={t("When do you ask next time?")} type="date" min={addDays(today(), 1)} {...form.of("next_check_in_on")} />
          {said}
          <Button type="submit" kind="primary" icon="check">{t("Save the check-in")}</Button>
        </Card>
      </Form>
    </Section>
  );
}

/** What has been and what is to come, in the order of its days. No visit is promised by a day that is over. */
function steps(card: Waiting, mine: boolean, open: boolean): TrailStep[] {
  const now = today();
  const next = card.next_check_in_on;
  const over = now > (card.overdue_after ?? card.limit_on);
  const found: { on: string; step: TrailStep }[] = [
    { on: card.start_on, step: { what: basisWords(card.start_basis), why: card.paused_days ? t("Paused {n} days", { n: card.paused_days }) : undefined } },
    ...(card.queue_fact ? [{ on: card.queue_fact.dated, step: { what: <bdi>{card.queue_fact.text}</bdi> } }] : []),
    ...(card.checked_in_on ? [{ on: card.checked_in_on, step: { what: mine ? t("You asked how it is") : t("The family was asked how it is"), ...(card.note ? { why: <bdi>{card.note}</bdi> } : {}) } }] : []),
    ...(card.target_on < now ? [{ on: card.target_on, step: { icon: "clock" as const, what: t("The aim of 30 days has passed") } }] : []),
    ...(next ? [{ on: next < now ? now : next, step: { state: "now" as const, time: capital(fullDate(next)), what: asks(next < now, mine), ...(card.check_in_by ? { why: card.check_in_by } : {}) } }] : []),
    ...(open ? [{ on: card.limit_on, step: over ? { icon: "flag" as const, what: t("The limit of 90 days has passed") } : { state: "goal" as const, time: t("By {day}", { day: longDate(card.limit_on) }), what: waitWords(card.what), why: t("The day the care guarantee gives") } }] : []),
  ];
  return found.sort((a, b) => a.on.localeCompare(b.on)).map(({ on, step }) => ({ state: "done", time: capital(longDate(on)), ...step }));
}

/** Who asks: whoever coordinates, and to everybody else that person. */
function asks(late: boolean, mine: boolean): string {
  if (mine) return late ? t("You should have asked how it is") : t("You ask how it is");
  return late ? t("The family should have been asked how it is") : t("The family is asked how it is");
}

export function WaitingView({ params }: ViewProps) {
  const app = useApp();
  const card = app.one<Waiting>("waiting", params.id ?? "").value;
  const around = useChild(card?.child ?? "");
  const { run, said } = useDoing();
  const ending = useUnsent(card?.id ?? "", "waiting.end");
  useEffect(() => {
    if (card) app.read("waiting", card.id);
  }, [card?.id]);
  if (!card || !around) return <Missing />;
  const open = card.state === "waiting" || card.state === "offered" || card.state === "declined";
  const reports = card.worse_reports ?? [];
  const end = (outcome: string) => (): Promise<unknown> => run("waiting.end", { waiting: card.id, outcome });
  const now = today();
  const mine = partOf(app, around.coordinator) === "coordinator";
  return (
    <Page title={t("{title}, {name}", { title: waitWords(card.what), name: card.unit_name })} kicker={<ChildKicker child={around.child} />} lead={waitState(card.state)} back={{ href: `/children/${card.child}`, label: t("The child") }}>
      {reports.map((one) => (
        <Notice key={`${one.name}${one.at}`} tone="bad" icon="warning" title={t("{name} said {when} that it has become worse", { name: shownName(one.name), when: stamp(one.at) })}>
          <span>{t("It is about {what}.", { what: worseWords(one.what) })} {t("Call first, then save a check-in below.")}</span>
        </Notice>
      ))}
      {reports.length > 0 && around.held && <Buttons>{(around.child.people ?? []).filter((one) => one.state !== "invited" && one.kind !== "supporter").map((one) => <LinkButton key={one.relation} icon="message" href={`/children/${card.child}/thread/${one.relation}`}>{t("Write to {name}", { name: shownName(one.name) })}</LinkButton>)}</Buttons>}
      <Columns
        left={<>
          <Section title={t("The wait")}>
            <Card>
              <Trail steps={steps(card, mine, open)} />
            </Card>
          </Section>
          <OutboxFor id={card.id} names={["waiting.check_in"]} />
          {around.held && open && app.may("waiting.check_in", card) && <CheckIn card={card} />}
        </>}
        right={<>
          {(card.target_on >= now || card.for_young) && <Card><Facts items={[card.target_on >= now && { icon: "flag", title: t("Aim: {day}", { day: longDate(card.target_on) }) }, card.for_young && { icon: "eye", title: t("The young person sees it too") }]} /></Card>}
          {said}
          <OutboxFor id={card.id} names={["waiting.end"]} />
          {around.held && open && !ending && (
            <Section title={t("What has happened?")} note={t("Started and ended cannot be changed afterwards.")}>
              <div class="stack-2">
                {card.state === "waiting" && <Button block icon="calendar" onPress={end("offered")}>{t("They are offered a time")}</Button>}
                {card.state === "offered" && <Button block onPress={end("declined")}>{t("They said no to the time")}</Button>}
                <Button block icon="check" onPress={end("started")}>{t("It has started")}</Button>
                <Button block icon="close" onPress={end("ended")}>{t("They do not wait any longer")}</Button>
              </div>
            </Section>
          )}
        </>}
      />
    </Page>
  );
}
