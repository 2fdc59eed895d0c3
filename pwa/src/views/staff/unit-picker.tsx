/** Choosing among the units of an area: those near first, the rest by searching, so that the list stays short. */
import { useId, useState } from "preact/hooks";
import { t } from "../../i18n";
import { ChoiceGroup, ChoiceList, Field, useApp } from "../../ui";
import { useUnitWords } from "./directory";
import { useSelf } from "./kit";
import type { Unit } from "./model";
import { unitKind } from "./words";

/** So many are drawn; chosen ones always. */
const SHOWN = 6;

function useFound(words: string, chosen: readonly string[], exclude: string | undefined, first: readonly string[]): { units: readonly Unit[]; left: number } {
  const app = useApp();
  const town = app.one<Unit>("unit", useSelf()?.unit ?? "").value?.town;
  const people = useUnitWords();
  const wanted = words.toLocaleLowerCase("sv").split(/\s+/).filter(Boolean);
  const near = (one: Unit): number => (chosen.includes(one.id) ? 0 : first.includes(one.id) ? 1 : one.town === town ? 2 : 3);
  const all = app.all<Unit>("unit").value
    .filter((one) => one.id !== exclude && (chosen.includes(one.id) || wanted.every((word) => `${one.name} ${one.town} ${unitKind(one.kind)} ${people.get(one.id) ?? ""}`.toLocaleLowerCase("sv").includes(word))))
    .sort((a, b) => near(a) - near(b) || a.name.localeCompare(b.name, "sv"));
  const units = all.slice(0, Math.max(SHOWN, chosen.length));
  return { units, left: all.length - units.length };
}

interface PickerProps { legend: string; hint?: string; error?: string | undefined; id?: string; exclude?: string | undefined; first?: readonly string[] }

function Search({ words, onInput, left }: { words: string; onInput: (words: string) => void; left: number }) {
  const id = useId();
  return (
    <>
      <Field label={t("Search for a unit")} hideLabel type="search" inputMode="search" icon="search" id={id} value={words} onInput={onInput} />
      {left > 0 && <p class="sm muted" role="status">{t("{n} more: search by name, place, function or person", { n: left })}</p>}
    </>
  );
}

/** Several units. */
export function UnitsPicker({ values, onChange, exclude, first = [], ...group }: PickerProps & { values: readonly string[]; onChange: (values: string[]) => void }) {
  const [words, setWords] = useState("");
  const { units, left } = useFound(words, values, exclude, first);
  return (
    <div class="stack">
      <ChoiceList {...group} options={units.map((one) => ({ value: one.id, label: one.name, hint: one.town }))} values={values} onChange={onChange} />
      <Search words={words} onInput={setWords} left={left} />
    </div>
  );
}

/** One unit, or `other` with an empty value. */
export function UnitPicker({ value, onChange, other, exclude, first = [], ...group }: PickerProps & { value: string; onChange: (value: string) => void; other?: string }) {
  const [words, setWords] = useState("");
  const { units, left } = useFound(words, value ? [value] : [], exclude, first);
  const options = [...units.map((one) => ({ value: one.id, label: one.name, hint: one.town })), ...(other ? [{ value: "", label: other }] : [])];
  return (
    <div class="stack">
      <ChoiceGroup {...group} options={options} value={value} onChange={onChange} />
      <Search words={words} onInput={setWords} left={left} />
    </div>
  );
}
