/**
 * Help contacts and links. Three layers, so that there is always a number: four written here, the build's whole copy
 * (a file of the app, kept by the service worker), and the server's own, which may be newer.
 */
import { signal } from "@preact/signals";
import { today } from "../dates";
import { lang } from "../i18n";
import type { RoleKind } from "./app-context";

/** Address of the build's copy; filled in by the build. */
declare const __REGION__: string;

export interface HelpContact {
  key: string;
  /** As it is written; empty when there is only a chat or a page. */
  number: string;
  /** As it is dialled. */
  tel: string;
  chat: string;
  audience: "everyone" | "child" | "adult" | "guardian";
  verified_on: string;
  /** Hours are shown before this date only: they go stale. */
  hours_until: string;
}
interface ContactWords { name: string; about: string; hours: string }
interface RegionWords {
  contacts: Record<string, ContactWords>;
  links: Record<string, { name: string; about: string }>;
  advice: Record<string, string>;
}
export interface Region {
  schema: number;
  contacts: readonly HelpContact[];
  links: readonly { key: string; url: string; verified_on: string }[];
  texts: Record<string, RegionWords>;
}

/** Numbers that do not change, for the seconds before anything else is here. */
const always = (key: string, number: string, audience: HelpContact["audience"]): HelpContact =>
  ({ key, number, tel: number.replace(/ /g, ""), chat: "", audience, verified_on: "", hours_until: "" });
const ALWAYS: Region = {
  schema: 1, links: [], texts: {},
  contacts: [always("emergency", "112", "everyone"), always("bris", "116 111", "child"), always("suicide_line", "90101", "everyone"), always("care_advice", "1177", "everyone")],
};
const NAMES: Readonly<Record<string, string>> = { emergency: "SOS Alarm", bris: "Bris", suicide_line: "Mind", care_advice: "1177" };

/** The newest document there is here. */
export const region = signal<Region>(ALWAYS);

/** Puts the build's copy in place, then asks the server; offline the service worker answers with what it has. */
export async function loadRegion(): Promise<void> {
  try {
    const built = await fetch(__REGION__);
    if (built.ok) region.value = (await built.json()) as Region;
  } catch {
    // The file did not come: the four numbers stay.
  }
  try {
    const answer = await fetch("/public/region.json");
    if (!answer.ok) return;
    const fresh = (await answer.json()) as Region;
    if (fresh.schema === region.peek().schema && fresh.contacts.length > 0) region.value = fresh;
  } catch {
    // Offline: the copy we have is the one to show.
  }
}

function words(): RegionWords | undefined {
  const { texts } = region.value;
  return texts[lang.value] ?? texts["sv"];
}

/** One contact with its words; `hours` is empty when they may be out of date. */
export interface ShownContact extends HelpContact, ContactWords {}

/** The contacts for this role, in the region's order (danger first): a young person's are everybody's and children's. */
export function contactsFor(role: RoleKind): ShownContact[] {
  const shown = words();
  return region.value.contacts
    .filter(({ audience }) => role !== "youth" || audience === "everyone" || audience === "child")
    .map((contact) => {
      const found = shown?.contacts[contact.key];
      const fresh = today() < contact.hours_until;
      return { ...contact, name: found?.name ?? NAMES[contact.key] ?? contact.number, about: found?.about ?? "", hours: fresh ? found?.hours ?? "" : "" };
    });
}

/** The region's links with their words. */
export function helpLinks(): { key: string; url: string; name: string; about: string }[] {
  const shown = words();
  return region.value.links.map(({ key, url }) => ({ key, url, name: shown?.links[key]?.name ?? url, about: shown?.links[key]?.about ?? "" }));
}

/** One of the fixed sentences: danger, suicide, child, care, never_leave, not_acute, traces. */
export function advice(key: string): string {
  return words()?.advice[key] ?? "";
}
