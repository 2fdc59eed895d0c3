/** The terms of a consent: what for, what, to whom, and what is left out. Used when asking and when noting a spoken yes. */
import { addDays, today } from "../../dates";
import { t } from "../../i18n";
import { Card, Chips, ChoiceList, Field, Switch, type Wrong, useApp } from "../../ui";
import { useListed } from "./directory";
import { useSelf } from "./kit";
import type { Child, Consent, Slot } from "./model";
import { UnitsPicker } from "./unit-picker";
import { INFORMATION, PURPOSES, choices } from "./words";

export interface Terms { purpose: string; information_kinds: string[]; to_units: string[]; excludes: string; valid_until: string; people: string[]; also_young: boolean }

/** Years after the 13th birthday (negative: before). */
function reached(child: Child, years: number): boolean {
  const turns = child.turns_13_on ?? "9999-01-01";
  return `${Number(turns.slice(0, 4)) + years}${turns.slice(4)}` <= today();
}

/** What is mostly asked for: meeting together, with who the child is and the meetings. From 15 the young person is asked too. */
export function firstTerms(child: Child, query?: URLSearchParams): Terms {
  const purpose = query?.get("for") ?? "meeting";
  return { purpose, information_kinds: USUAL[purpose] ?? ["child"], to_units: query?.getAll("unit") ?? [], excludes: "", valid_until: "", people: query?.getAll("person") ?? [], also_young: reached(child, 2) };
}

/** As whom the young person answers: their own relation with an account, else the child. */
export function youngParty(child: Child): string {
  return child.people?.find((one) => one.kind === "young_person" && one.state !== "invited")?.relation ?? child.id;
}

/** The kinds that a purpose mostly needs; the person changes them. */
const USUAL: Readonly<Record<string, string[]>> = {
  coordination: ["child", "meeting", "waiting"], meeting: ["child", "meeting"], sip: ["child", "meeting", "measure"], team: ["child", "team"], handover: ["child", "handover"], feedback: ["child", "meeting"], ask_for_us: ["child", "waiting"],
};

/** What is wrong, in the order of the page. */
export function checkTerms(v: Terms, answers?: string | false): Wrong {
  return {
    purpose: !v.purpose && t("Choose what it is for"),
    to_units: v.to_units.length === 0 && t("Choose at least one unit"),
    answers,
    information_kinds: v.purpose && v.information_kinds.length === 0 && t("Choose at least one thing"),
    valid_until: v.valid_until && v.valid_until <= today() && t("Choose a day to come"),
  };
}

export function termArgs(v: Terms): Record<string, unknown> {
  const excludes = v.excludes.split("\n").map((line) => line.trim().slice(0, 120)).filter(Boolean).slice(0, 10);
  return {
    purpose: v.purpose, information_kinds: v.information_kinds, to_units: v.to_units, excludes: excludes.length > 0 ? excludes : undefined,
    valid_until: v.valid_until, people: v.people.length > 0 ? v.people : undefined, also_young: v.also_young || undefined,
  };
}

/** People in some units that this device knows of: those in the directory, and those who give advice. */
function useKnown(): (units: readonly string[]) => readonly { value: string; label: string; hint: string }[] {
  const advisers = useApp().all<Slot>("slot").value.map((one) => ({ unit: one.unit, value: one.consultant, label: one.consultant_title, hint: one.unit_name }));
  const listed = useListed().map((one) => ({ unit: one.unit, value: one.person, label: one.name, hint: [one.title, one.unit_name].filter(Boolean).join(", ") }));
  const all = [...new Map([...advisers, ...listed].map((one) => [one.value, one])).values()];
  return (units) => all.filter((one) => units.includes(one.unit));
}

interface FormOf { values: Terms; set: <K extends keyof Terms>(name: K, value: Terms[K]) => void; errors: { readonly [field: string]: string | undefined }; ids: Record<string, string> }

/** What for, and to whom: the units that this family has answered about before come first. */
export function TermsFirst({ form, child }: { form: FormOf; child: Child }) {
  const app = useApp();
  const own = useSelf()?.unit;
  const v = form.values;
  const knownIn = useKnown();
  const before = app.all<Consent>("consent").value.filter((one) => one.child === child.id).flatMap((one) => one.to_units.map((unit) => unit.unit));
  const purpose = ([value]: string[]): void => {
    if (!value) return;
    form.set("purpose", value);
    form.set("information_kinds", USUAL[value] ?? ["child"]);
  };
  const units = (chosen: string[]): void => {
    const kept = chosen.slice(0, 10);
    form.set("to_units", kept);
    form.set("people", v.people.filter((person) => knownIn(kept).some((one) => one.value === person)));
  };
  return (
    <>
      <Card><Chips label={t("What for?")} id={form.ids.purpose} error={form.errors.purpose} options={choices(PURPOSES)} values={v.purpose ? [v.purpose] : []} onChange={purpose} /></Card>
      <Card>
        <UnitsPicker legend={t("To whom?")} id={form.ids.to_units} error={form.errors.to_units} exclude={own} first={before} values={v.to_units} onChange={units} />
      </Card>
    </>
  );
}

/** What they may see, what not, who there, and until when. */
export function TermsMore({ form, child, short = false }: { form: FormOf; child: Child; short?: boolean }) {
  const v = form.values;
  const known = useKnown()(v.to_units);
  return (
    <>
      <Card>
        {short
          ? <Chips label={t("What may they see?")} several id={form.ids.information_kinds} error={form.errors.information_kinds} options={choices(INFORMATION)} values={v.information_kinds} onChange={(x) => form.set("information_kinds", x)} />
          : <ChoiceList legend={t("What may they see?")} id={form.ids.information_kinds} error={form.errors.information_kinds} options={choices(INFORMATION)} values={v.information_kinds} onChange={(x) => form.set("information_kinds", x)} />}
        <label class="field"><span class="lab">{t("Not to be shared")} <span class="muted light">{t("If you like")}</span></span><textarea class="area" rows={2} dir="auto" value={v.excludes} onInput={(event) => form.set("excludes", event.currentTarget.value)} /></label>
        <p class="sm muted">{t("What the family does not want to be shared, one thing on each line.")}</p>
      </Card>
      {known.length > 0 && <Card><ChoiceList legend={t("Who there?")} hint={t("Those you choose see it when everybody has said yes.")} options={known} values={v.people} onChange={(x) => form.set("people", x)} /></Card>}
      <Card>
        <Field label={t("Until")} optional hint={t("Without a day it ends with the next term, after twelve months at most.")} type="date" min={addDays(today(), 1)} id={form.ids.valid_until} value={v.valid_until} error={form.errors.valid_until} onInput={(x) => form.set("valid_until", x)} />
      </Card>
      {!short && reached(child, -1) && <Card flush><Switch label={t("Ask the young person too")} hint={t("Suggested from 12 years, and nearly always from 15.")} checked={v.also_young} onChange={(x) => form.set("also_young", x)} /></Card>}
    </>
  );
}
