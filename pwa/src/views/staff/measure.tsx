/** Support while waiting: offered, running, followed up on a day. */
import { addDays, fullDate, longDate, today } from "../../dates";
import { t } from "../../i18n";
import { navigate } from "../../router";
import { Button, Card, ChoiceGroup, Facts, Field, Form, OutboxFor, Page, Section, Switch, useApp, useForm } from "../../ui";
import type { ViewProps } from "../roles";
import { ChildKicker, Missing, useChild, useDoing, useUnsent } from "./kit";
import type { Child, Measure } from "./model";
import { UnitField } from "./waiting";
import { measureState } from "./words";

export function MeasureNew({ params }: ViewProps) {
  const around = useChild(params.id ?? "");
  return around?.held ? <New child={around.child} /> : <Missing />;
}

interface Values { title: string; unit: string; unit_name: string; contact_function: string; starts_on: string; follow_up_on: string; for_young: boolean }

function New({ child }: { child: Child }) {
  const { run, said } = useDoing();
  const young = child.people?.some((one) => one.kind === "young_person" && one.state !== "invited");
  const form = useForm<Values>(
    { title: "", unit: "", unit_name: "", contact_function: "", starts_on: today(), follow_up_on: addDays(today(), 28), for_young: false },
    (v) => ({
      title: !v.title.trim() && t("Write what it is"), unit: !v.unit && !v.unit_name.trim() && t("Choose a unit, or write its name"),
      follow_up_on: v.follow_up_on <= v.starts_on && t("Choose a day after the start"),
    }),
    async (v) => {
      const done = await run("measure.offer", {
        child: child.id, title: v.title.trim().slice(0, 80), ...(v.unit ? { unit: v.unit } : { unit_name: v.unit_name.trim() }), contact_function: v.contact_function.trim().slice(0, 60),
        starts_on: v.starts_on, follow_up_on: v.follow_up_on, ...(v.for_young ? { for_young: true } : {}),
      }, form);
      if (done.state !== "refused") navigate(`/children/${child.id}`, { replace: true });
    },
  );
  return (
    <Page title={t("Offer support")} kicker={<ChildKicker child={child} />} lead={t("Something that helps already while the family waits.")} back={{ href: `/children/${child.id}`, label: t("The child") }}>
      <Form form={form}>
        <Card>
          <Field label={t("What is it?")} hint={t("In plain words: “Talks with the counsellor, every second week”.")} {...form.of("title")} />
          <Field label={t("Whom does the family ask for?")} optional {...form.of("contact_function")} />
        </Card>
        <Card><UnitField id={form.ids.unit} unit={form.values.unit} name={form.values.unit_name} error={form.errors.unit} onUnit={(x) => form.set("unit", x)} onName={(x) => form.set("unit_name", x)} /></Card>
        <Card>
          <Field label={t("Starts on")} type="date" {...form.of("starts_on")} />
          <Field label={t("Follow up on")} type="date" min={today()} {...form.of("follow_up_on")} />
        </Card>
        {young && <Card flush><Switch label={t("The young person sees it too")} checked={form.values.for_young} onChange={(x) => form.set("for_young", x)} /></Card>}
        {said}
        <Button type="submit" kind="primary" block>{t("Offer it")}</Button>
      </Form>
    </Page>
  );
}

export function MeasureView({ params }: ViewProps) {
  const measure = useApp().one<Measure>("support_measure", params.id ?? "").value;
  const around = useChild(measure?.child ?? "");
  if (!measure || !around) return <Missing />;
  return (
    <Page title={<bdi>{measure.title}</bdi>} kicker={<ChildKicker child={around.child} />} lead={measureState(measure.state)} back={{ href: `/children/${measure.child}`, label: t("The child") }}>
      <Card><Facts items={[
        { icon: "building", title: measure.unit_name, text: measure.contact_function },
        { icon: "calendar", title: t("From {day}", { day: longDate(measure.starts_on) }) },
        measure.follow_up_on && { icon: "flag", title: t("Follow up {day}", { day: fullDate(measure.follow_up_on) }) },
        measure.ended_on && { icon: "check", title: t("Ended {day}", { day: longDate(measure.ended_on) }) },
      ]} /></Card>
      <OutboxFor id={measure.id} />
      {around.held && (measure.state === "offered" || measure.state === "running") && <FollowUp measure={measure} />}
    </Page>
  );
}

function FollowUp({ measure }: { measure: Measure }) {
  const { run, said } = useDoing();
  const unsent = useUnsent(measure.id);
  const form = useForm<{ state: "running" | "done" | "stopped"; follow_up_on: string }>(
    { state: "running", follow_up_on: addDays(today(), 28) },
    (v) => (v.state !== "running" || v.follow_up_on > today() ? {} : { follow_up_on: t("Choose a day to come") }),
    (v): Promise<unknown> => run("measure.follow_up", { support_measure: measure.id, state: v.state, ...(v.state === "running" ? { follow_up_on: v.follow_up_on } : {}) }, form),
  );
  return unsent && !form.busy ? null : (
    <Section title={t("Follow up")}>
      <Form form={form}>
        <Card>
          <ChoiceGroup legend={t("How is it going?")} {...form.of("state")} options={[{ value: "running", label: t("It goes on") }, { value: "done", label: t("It is done") }, { value: "stopped", label: t("It was stopped") }]} />
          {form.values.state === "running" && <Field label={t("Follow up next time on")} type="date" min={addDays(today(), 1)} {...form.of("follow_up_on")} />}
          {said}
          <Button type="submit" kind="primary">{t("Save")}</Button>
        </Card>
      </Form>
    </Section>
  );
}
