/** Which free times are shown: by kind of unit at once, by unit, topic, way and day on request. Kept while the app is open. */
import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import { dateOf, shortDay } from "../../dates";
import { t } from "../../i18n";
import { Button, Chips, useApp } from "../../ui";
import type { Slot, Unit } from "./model";
import { topicWords, unitShort } from "./words";

interface Wanted { kind: string; unit: string; topics: readonly string[]; mode: string; day: string }
const NONE: Wanted = { kind: "", unit: "", topics: [], mode: "", day: "" };
const wanted = signal<Wanted>(NONE);

/** Days shown to choose between. */
const DAYS = 10;

export const dayShort = (day: string): string => `${shortDay(day)} ${Number(day.slice(8))}/${Number(day.slice(5, 7))}`;

/** The topic one has filtered by, when there is one only: the form begins with it. */
export const wantedTopic = (): string => (wanted.value.topics.length === 1 ? wanted.value.topics[0] ?? "" : "");

/** The times that fit, and the filters with `isSet` when any is used. */
export function useFilter(open: readonly Slot[]): { fitting: readonly Slot[]; isSet: boolean; clear: () => void; kindOf: ReadonlyMap<string, string> } {
  const units = useApp().all<Unit>("unit").value;
  const kindOf = new Map(units.map((one) => [one.id, one.kind]));
  const w = wanted.value;
  const fitting = open.filter((one) =>
    (!w.kind || kindOf.get(one.unit) === w.kind) && (!w.unit || one.unit === w.unit) && (w.topics.length === 0 || w.topics.some((topic) => one.topics.includes(topic)))
    && (!w.mode || one.mode === w.mode) && (!w.day || dateOf(one.starts_at) === w.day));
  return { fitting, isSet: w !== NONE && JSON.stringify(w) !== JSON.stringify(NONE), clear: () => { wanted.value = NONE; }, kindOf };
}

export function Filter({ open, kindOf }: { open: readonly Slot[]; kindOf: ReadonlyMap<string, string> }) {
  const w = wanted.value;
  const [more, setMore] = useState(Boolean(w.unit || w.topics.length || w.mode || w.day));
  const put = (change: Partial<Wanted>): void => { wanted.value = { ...wanted.value, ...change }; };
  const kinds = [...new Set(open.map((one) => kindOf.get(one.unit)).filter((kind) => kind !== undefined))];
  const units = [...new Map(open.filter((one) => !w.kind || kindOf.get(one.unit) === w.kind).map((one) => [one.unit, one.unit_name]))];
  const days = [...new Set(open.map((one) => dateOf(one.starts_at)))].slice(0, DAYS);
  const all = { value: "*", label: t("Everyone") };
  const one = (values: string[]): string => (values[0] === "*" ? "" : values[0] ?? "");
  return (
    <div class="stack-2">
      {kinds.length > 1 && (
        <Chips label={<span class="vh">{t("Who answers?")}</span>} values={[w.kind || "*"]} onChange={(x) => put({ kind: one(x), unit: "" })} options={[all, ...kinds.map((kind) => ({ value: kind, label: unitShort(kind) }))]} />
      )}
      <div><Button slim icon="filter" aria-expanded={more} onPress={() => setMore(!more)}>{more ? t("Fewer choices") : t("More choices")}</Button></div>
      {more && (
        <>
          {units.length > 1 && <Chips label={t("Unit")} values={[w.unit || "*"]} onChange={(x) => put({ unit: one(x) })} options={[all, ...units.map(([value, label]) => ({ value, label }))]} />}
          <Chips
            label={t("How do you talk?")} values={[w.mode || "*"]} onChange={(x) => put({ mode: one(x) })}
            options={[{ value: "*", label: t("Either way") }, { value: "video", label: t("By video"), icon: "video" }, { value: "phone", label: t("By phone"), icon: "phone" }]}
          />
          <Chips label={t("Day")} values={[w.day || "*"]} onChange={(x) => put({ day: one(x) })} options={[{ value: "*", label: t("Any day") }, ...days.map((day) => ({ value: day, label: dayShort(day) }))]} />
          <Chips label={t("What is it about?")} several values={w.topics} onChange={(topics) => put({ topics })} options={[...new Set(open.flatMap((slot) => slot.topics))].map((topic) => ({ value: topic, label: topicWords(topic) }))} />
        </>
      )}
    </div>
  );
}
