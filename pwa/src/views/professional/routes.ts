/** Where the pages of the directory, the term meetings and the consultations are; the pages themselves come when asked for. */
import { t } from "../../i18n";
import type { App } from "../../state/api";
import type { Tab } from "../../ui";
import type { Route } from "../roles";
import { adminPage, consultantPage, directoryPage, leadPage, page } from "../staff/chunks";

export const routes: readonly Route[] = [
  { path: "/contacts", view: page("Contacts"), tab: "contacts" },
  { path: "/contacts/:id", view: page("UnitView"), tab: "contacts" },
  { path: "/functions/:id", view: page("ContactView"), tab: "contacts" },
  { path: "/functions/:id/ask", view: page("AskFunction"), tab: "contacts" },
  { path: "/asked/:id", view: page("AskedView"), tab: "contacts" },
  { path: "/functions/:id/edit", view: directoryPage("ContactEdit"), tab: "contacts" },
  { path: "/contacts/:id/new", view: directoryPage("ContactNew"), tab: "contacts" },
  { path: "/contacts/:id/people", view: adminPage("People"), tab: "contacts" },
  { path: "/contacts/:id/people/:person", view: adminPage("Leaver"), tab: "people" },
  { path: "/contacts/:id/invite", view: adminPage("InviteStaff"), tab: "contacts" },
  { path: "/people", view: adminPage("StaffList"), tab: "people" },
  { path: "/people/leaders", view: adminPage("Leaders"), tab: "people" },
  { path: "/people/leaders/:area/:person", view: adminPage("LeaderLeaves"), tab: "people" },
  { path: "/people/invite", view: adminPage("InviteStaff"), tab: "people" },
  { path: "/newcomers/:id", view: adminPage("NewcomerView"), tab: "people" },
  { path: "/import", view: adminPage("Import"), tab: "people" },
  { path: "/terms", view: page("Terms"), tab: "terms" },
  { path: "/terms/dates", view: leadPage("TermDates"), tab: "terms" },
  { path: "/terms/new", view: leadPage("TermPlan"), tab: "terms" },
  { path: "/terms/:id", view: page("TermView"), tab: "terms" },
  { path: "/terms/:id/plan", view: leadPage("TermPlan"), tab: "terms" },
  { path: "/terms/:id/move", view: leadPage("TermMove"), tab: "terms" },
  { path: "/terms/:id/minutes", view: leadPage("TermMinutes"), tab: "terms" },
  { path: "/team/new", view: leadPage("TeamForm"), tab: "team" },
  { path: "/team/:id/change", view: leadPage("TeamForm"), tab: "team" },
  { path: "/tasks", view: page("Tasks"), tab: "tasks" },
  { path: "/tasks/:id", view: page("Tasks"), tab: "tasks" },
  { path: "/area", view: leadPage("Overview"), tab: "area" },
  { path: "/open-hours", view: page("OpenHours"), tab: "advice" },
  { path: "/open-hours/new", view: consultantPage("OpenHourNew"), tab: "advice" },
  { path: "/open-hours/:id", view: page("OpenHourView"), tab: "advice" },
  { path: "/in-line/:id", view: page("OpenHours"), tab: "advice" },
  { path: "/slots/ill", view: consultantPage("SlotsIll"), tab: "slots" },
];

export const pages: Readonly<Record<string, string>> = {
  function_contact: "/functions", term_meeting: "/terms", open_hour: "/open-hours", open_hour_place: "/in-line", task: "/tasks", newcomer: "/newcomers",
};

/** Entries of the rail and the bar. The admin has no area. */
export function tabs(app: App): readonly Tab[] {
  const kind = app.me.value?.kind;
  if (kind === "admin") return [{ key: "people", path: "/people", icon: "people", label: () => t("Staff") }];
  const lead = kind === "process_lead";
  return [
    ...(lead ? [{ key: "area", path: "/area", icon: "chart" as const, label: () => t("Status") }] : []),
    { key: "terms", path: "/terms", icon: "calendar", label: () => t("Meetings"), long: () => t("Term meetings"), ...(lead ? {} : { only: "rail" as const }) },
    ...(lead ? [{ key: "team", path: "/team", icon: "people" as const, label: () => t("Team"), long: () => t("SAMBU team"), only: "rail" as const }] : []),
    { key: "tasks", path: "/tasks", icon: "check", label: () => t("Tasks"), only: "rail" },
  ];
}
