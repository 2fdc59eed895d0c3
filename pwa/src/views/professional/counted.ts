/** The directory as this device has it, counted by the same rules as the server's Monday figures. */
import type { Unit } from "../staff/model";
import type { AreaFigures, FunctionContact } from "./model";
import { compare } from "./search";
import { isStale } from "./words";

export interface Now { directory: AreaFigures["directory"]; units: number; withoutBuse: readonly Unit[] }

/** The units nobody can turn to as BUSE, by name: a row that has the badge and no holder is none. What a row lacks, the server says. */
export function withoutBuse(contacts: readonly FunctionContact[], units: readonly Unit[]): Unit[] {
  const held = new Set(contacts.filter((one) => one.badge === "buse" && !one.gap?.includes("holder")).map((one) => one.unit));
  return units.filter((one) => !held.has(one.id)).sort((a, b) => compare(a.name, b.name));
}

export function directoryNow(contacts: readonly FunctionContact[], units: readonly Unit[]): Now {
  const stale = contacts.filter(isStale).length;
  return {
    directory: {
      rows: contacts.length, confirmed: contacts.length - stale, stale, without_holder: contacts.filter((one) => one.gap?.includes("holder")).length,
      without_deputy: contacts.filter((one) => one.gap?.includes("deputy") && !one.gap.includes("holder")).length,
    },
    units: units.length, withoutBuse: withoutBuse(contacts, units),
  };
}
