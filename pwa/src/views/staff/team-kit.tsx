/** What the team's pages share: teams with one's own first, the next session in words, and what a case is called. */
import { daysBetween, dateOf, fullDate, today, wallTime } from "../../dates";
import { t, tn } from "../../i18n";
import type { App } from "../../state/api";
import { shownName, useApp } from "../../ui";
import { isHeld, useSelf } from "./kit";
import type { Child, Consent, Team, TeamCase } from "./model";

export const isIn = (app: App, team: Team): boolean => team.members.some((one) => one.person === app.me.value?.seat);

/** Every team of the area, one's own first. */
export function useTeams(): readonly Team[] {
  const app = useApp();
  return [...app.all<Team>("team").value].sort((a, b) => Number(isIn(app, b)) - Number(isIn(app, a)) || a.name.localeCompare(b.name, "sv"));
}

/** "tisdag 24 november 10.30". */
export const sessionWords = (session: string): string => t("{day} {time}", { day: fullDate(session.slice(0, 10)), time: wallTime(session.slice(11)) });

export const nextSession = (team: Team): string | undefined => team.sessions.find((one) => one.slice(0, 10) >= today());

/** The team's consent, while every unit in it but one's own is named. The server decides anew. */
function holds(consent: Consent, team: Team, own: string | undefined): boolean {
  const named = consent.to_units.map((one) => one.unit);
  return consent.purpose === "team" && consent.state === "complete" && !consent.without_name && consent.valid_until >= today() && team.units.every((unit) => unit === own || named.includes(unit));
}

/** Children who may be named to a team, each with those teams. */
export function useAgreed(): readonly { child: Child; teams: readonly Team[] }[] {
  const app = useApp();
  const own = useSelf()?.unit;
  const teams = useTeams();
  const consents = app.all<Consent>("consent").value;
  return app.all<Child>("child").value
    .filter((child) => isHeld(child) && child.state === "open" && !child.protected)
    .map((child) => ({ child, teams: teams.filter((team) => consents.some((one) => one.child === child.id && holds(one, team, own))) }))
    .filter((one) => one.teams.length > 0)
    .sort((a, b) => a.child.display_name.localeCompare(b.child.display_name, "sv"));
}

export const agesWords = (band: string | undefined): string => (band ? t("{ages} years", { ages: band.replace("-", "–") }) : "");

/** "V, 13–15 år", "Utan namn, 10–12 år", or that it is a child one may not know of. */
export function caseTitle(one: TeamCase, child: Child | undefined): string {
  if (one.basis === "consent" && one.question === undefined) return t("A child, with the family's yes");
  return [child ? shownName(child.display_name) : one.child ? t("A child") : t("Without a name"), agesWords(one.age_band)].filter(Boolean).join(", ");
}

/** "Har väntat 3 dagar". */
export function waitedWords(one: TeamCase): string {
  const days = daysBetween(dateOf(one.raised_at), today());
  return days === 0 ? t("Raised today") : tn("Has waited {n} day", "Has waited {n} days", days);
}

/** Raised by oneself, or about a child whose baton one's unit holds. */
export function isOwn(one: TeamCase, children: ReadonlyMap<string, Child>): boolean {
  return one.mine === true || isHeld(children.get(one.child ?? ""));
}
