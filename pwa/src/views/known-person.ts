/** The coordinator as the last row of "help now": somebody the person already knows. */
import { today } from "../dates";
import { t } from "../i18n";
import type { App, Doc } from "../state/api";
import type { KnownPerson } from "../ui";
import { roleKind } from "./roles";

interface CoordinatorDoc extends Doc {
  name?: string;
  phone?: string;
  reach_hours?: unknown;
  away_until?: string;
  deputy?: { name: string; phone?: string };
}

const PLAIN_HOURS = /^vardagar (\d{1,2}(?:[.:]\d\d)?[–-]\d{1,2}(?:[.:]\d\d)?)$/i;

/** "vardagar 8–16", the way most write it, in the reader's language; anything else as it was written. */
export function hoursWords(written: string): { text: string; own: boolean } {
  const hours = PLAIN_HOURS.exec(written.trim())?.[1];
  return hours ? { text: t("weekdays {hours}", { hours }), own: false } : { text: written, own: true };
}

/** The named coordinator with a number, or who stands in today, for families and young people; nobody for staff. */
export function knownPerson(app: App): KnownPerson | undefined {
  const role = roleKind(app.me.value?.kind);
  if (role !== "family" && role !== "youth") return undefined;
  const found = app.all<CoordinatorDoc>("coordinator").value.find((doc) => doc.name && doc.phone);
  if (!found?.name || !found.phone) return undefined;
  const { deputy, away_until = "" } = found;
  if (deputy?.phone && away_until >= today())
    return { name: deputy.name, phone: deputy.phone, about: t("Answers while {name} is away", { name: found.name }) };
  const hours = typeof found.reach_hours === "string" ? t("Reached {hours}", { hours: hoursWords(found.reach_hours).text }) : "";
  return { name: found.name, phone: found.phone, about: [role === "youth" ? t("Your person") : t("Your coordinator"), hours].filter(Boolean).join(". ") };
}
