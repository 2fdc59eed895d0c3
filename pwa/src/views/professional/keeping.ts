/** Who keeps which rows, and the rows found. */
import { lang, tn } from "../../i18n";
import type { App } from "../../state/api";
import { useApp } from "../../ui";
import type { Staff, Unit } from "../staff/model";
import { unitKind } from "../staff/words";
import type { FunctionContact, OpenHour } from "./model";
import { type Indexed, indexed } from "./search";
import { functionName } from "./words";

/** Whether this seat keeps the unit's rows: those who work there, process leaders and admins. */
export function keeps(app: App, unit: string): boolean {
  const me = app.me.value;
  return me?.kind === "process_lead" || me?.kind === "admin" || app.one<Staff>("staff", me?.seat ?? "").value?.unit === unit;
}

/** `entity` is the document's own, here too so that thousands are counted without looking into each. */
export type Entry = { id: string; entity: string } & (
  | { kind: "contact"; unit: Unit | undefined; doc: FunctionContact }
  | { kind: "unit"; unit: Unit; doc: Unit }
  | { kind: "hour"; unit: Unit | undefined; doc: OpenHour }
);

export interface Tally { contacts: number; units: number; hours: number }

/** How many of each: a contact is a function in the directory, wherever it is counted. */
export function tally(rows: readonly { entity: string }[]): Tally {
  const found: Tally = { contacts: 0, units: 0, hours: 0 };
  for (const { entity } of rows) entity === "function_contact" ? found.contacts++ : entity === "unit" ? found.units++ : found.hours++;
  return found;
}

/** "45 kontakter, 21 enheter": what there is none of is not said, but that there is no contact is. */
export function tallyWords({ contacts, units, hours }: Tally): string {
  return [
    (contacts > 0 || units + hours === 0) && tn("{n} contact", "{n} contacts", contacts), units > 0 && tn("{n} unit", "{n} units", units),
    hours > 0 && tn("{n} open hour", "{n} open hours", hours),
  ].filter(Boolean).join(", ");
}

export const townOf = (one: Entry): string => (one.kind === "contact" ? one.doc.municipality : undefined) ?? one.unit?.town ?? "";

function title(one: Entry): string {
  return one.kind === "contact" ? `${functionName(one.doc.function)} ${one.doc.unit_name}` : one.kind === "unit" ? one.doc.name : `${one.doc.unit_name} ${one.doc.consultant_title}`;
}

function words(one: Entry): (string | undefined)[] {
  const place = [one.unit?.name, one.unit?.town, one.unit && unitKind(one.unit.kind), townOf(one)];
  if (one.kind === "contact") {
    const { name, title, offers, how_to, hours, deputy, badge, function: key } = one.doc;
    return [...place, name, title, offers ?? one.unit?.offers, how_to, hours, deputy?.name, badge && "BUSE", key];
  }
  return one.kind === "unit" ? [...place, one.doc.offers, one.doc.hours] : place;
}

type Index = readonly Indexed<Entry>[];
/** Kept as long as the documents it was made of. */
const made = new WeakMap<readonly FunctionContact[], { units: readonly Unit[]; hours: readonly OpenHour[]; lang: string; index: Index }>();

/** Everything of the area that one may turn to, indexed once for each change of the documents. */
export function useEntries(): Index {
  const app = useApp();
  const contacts = app.all<FunctionContact>("function_contact").value;
  const units = app.all<Unit>("unit").value;
  const hours = app.all<OpenHour>("open_hour").value;
  const known = made.get(contacts);
  if (known && known.units === units && known.hours === hours && known.lang === lang.value) return known.index;
  const byId = new Map(units.map((one) => [one.id, one]));
  const entries: Entry[] = [
    ...contacts.map((doc): Entry => ({ kind: "contact", id: doc.id, entity: doc.entity, unit: byId.get(doc.unit), doc })),
    ...units.map((doc): Entry => ({ kind: "unit", id: doc.id, entity: doc.entity, unit: doc, doc })),
    ...hours.filter((doc) => doc.state === "open").map((doc): Entry => ({ kind: "hour", id: doc.id, entity: doc.entity, unit: byId.get(doc.unit), doc })),
  ];
  const index = indexed(entries, title, words);
  made.set(contacts, { units, hours, lang: lang.value, index });
  return index;
}
