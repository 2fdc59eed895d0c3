/** Colleagues in other units as the directory has them: by function, unit, place and name. */
import { useMemo } from "preact/hooks";
import { today } from "../../dates";
import { useApp } from "../../ui";
import type { FunctionContact } from "../professional/model";
import { indexed, search } from "../professional/search";
import { functionName } from "../professional/words";
import type { Colleague, Consent, Unit } from "./model";

/** Somebody with a seat in another unit, and what they do there. */
export interface Listed extends Colleague { unit: string; unit_name: string; functions: string[]; town: string }

/** Everybody in the directory who has a seat, each once. */
export function useListed(): readonly Listed[] {
  const app = useApp();
  const contacts = app.all<FunctionContact>("function_contact").value;
  const units = app.all<Unit>("unit").value;
  return useMemo(() => {
    const towns = new Map(units.map((one) => [one.id, one.town]));
    const found = new Map<string, Listed>();
    for (const one of contacts) {
      if (!one.holder || !one.name) continue;
      const known = found.get(one.holder);
      if (known) known.functions.push(functionName(one.function));
      else found.set(one.holder, { person: one.holder, name: one.name, title: one.title ?? functionName(one.function), unit: one.unit, unit_name: one.unit_name, functions: [functionName(one.function)], town: towns.get(one.unit) ?? "" });
    }
    return [...found.values()];
  }, [contacts, units]);
}

/** Those whom all the words fit; nobody without words. */
export function useSearch(words: string): readonly Listed[] {
  const listed = useListed();
  const index = useMemo(() => indexed(listed, (one) => one.name, (one) => [one.title, one.unit_name, one.town, ...one.functions]), [listed]);
  return words.trim() ? search(index, words) : [];
}

/** What a unit is found by besides its own name: the functions and the people there. */
export function useUnitWords(): ReadonlyMap<string, string> {
  const contacts = useApp().all<FunctionContact>("function_contact").value;
  return useMemo(() => {
    const found = new Map<string, string>();
    for (const one of contacts) found.set(one.unit, `${found.get(one.unit) ?? ""} ${functionName(one.function)} ${one.name ?? ""} ${one.title ?? ""}`);
    return found;
  }, [contacts]);
}

/** Units that a yes from the family names and that see this kind of thing; without `kind` whatever they see. */
export function useOpenUnits(childId: string, kind?: string): ReadonlySet<string> {
  const now = today();
  const held = useApp().all<Consent>("consent").value.filter((one) => one.child === childId && one.state === "complete" && !one.without_name && one.valid_until >= now && (!kind || one.information_kinds.includes(kind)));
  return new Set(held.flatMap((one) => one.to_units.map((unit) => unit.unit)));
}
