/** The pages of professionals, process leaders and admins. */
import "../shell"; // As in door.ts.
import { t } from "../../i18n";
import type { App } from "../../state/api";
import type { Tab } from "../../ui";
import { pages, routes, tabs as professionalTabs } from "../professional/routes";
import type { Group, Role } from "../roles";
import { consultantPage, coordinatorPage, page, teamPage, warm } from "./chunks";
import { isFirst, isHeld, takesBackTimes } from "./kit";
import { More } from "./more";
import { Today } from "./today";
import { isIn } from "./team-kit";
import type { Child, Staff, Team } from "./model";

const self = (app: App): Staff | undefined => app.one<Staff>("staff", app.me.value?.seat ?? "").value;
const isConsultant = (app: App): boolean => self(app)?.functions.includes("consultant") ?? false;

/** Process leaders and admins have no children and book no advice; their entries are not shown. */
function tabs(app: App): readonly Tab[] {
  const kind = app.me.value?.kind;
  const staff = kind === "staff";
  const all: (Tab | false)[] = [
    { key: "today", path: "/", icon: "home", label: () => t("Today") },
    staff && { key: "children", path: "/children", icon: "people", label: () => t("Children") },
    staff && { key: "advice", path: "/advice", icon: "chat", label: () => t("Advice"), long: () => t("Book advice") },
    staff && isConsultant(app) && { key: "slots", path: "/slots", icon: "clock", label: () => t("Times"), long: () => t("Our times for advice"), only: "rail" },
    staff && { key: "team", path: "/team", icon: "people", label: () => t("Team"), long: () => t("SAMBU team"), only: "rail" },
    ...professionalTabs(app),
    { key: "contacts", path: "/contacts", icon: "directory", label: () => t("Contacts") },
    staff && { key: "away", path: "/away", icon: "calendar", label: () => t("Away"), long: () => t("When I am away"), only: "rail" },
    { key: "more", path: "/more", icon: "more", label: () => t("More"), about: () => t("settings, help and the rest") },
  ];
  return all.filter((tab) => tab !== false);
}

const PAGES: Readonly<Record<string, string>> = {
  contact_request: "/requests", message: "/m", meeting: "/meetings", voice: "/voices", consent: "/consents", waiting: "/waiting",
  support_measure: "/measures", booking: "/bookings", slot_wish: "/wishes", child: "/children", team_case: "/team/cases", ...pages,
};

/** Where the longer things are written. */
const FORMS: Readonly<Record<string, (args: Record<string, unknown>) => string>> = {
  "meeting.propose": ({ child }) => `/children/${child}/meeting`, "meeting.invite": ({ meeting }) => `/meetings/${meeting}/people`,
  "meeting.move": ({ meeting }) => `/meetings/${meeting}/move`, "meeting.hold": ({ meeting }) => `/meetings/${meeting}/hold`,
  "meeting.amend": ({ meeting }) => `/meetings/${meeting}/hold`,
  "term.minutes": ({ term_meeting }) => `/terms/${term_meeting}/minutes`,
};

warm();

export const role: Role = {
  tabs,
  routes: [
    { path: "/", view: Today, tab: "today" },
    { path: "/notices", view: page("Notices"), tab: "today" },
    { path: "/requests/:id", view: page("RequestView"), tab: "today" },
    { path: "/m/:id", view: page("OpenMessage"), tab: "today" },
    { path: "/voices/:id", view: page("OpenVoice"), tab: "today" },
    { path: "/children", view: page("Children"), tab: "children" },
    { path: "/children/new", view: page("ChildOpen"), tab: "children" },
    { path: "/children/:id", view: page("ChildView"), tab: "children" },
    { path: "/children/:id/invite", view: coordinatorPage("Invite"), tab: "children" },
    { path: "/children/:id/people", view: coordinatorPage("ChildPeople"), tab: "children" },
    { path: "/children/:id/protect", view: coordinatorPage("ChildProtect"), tab: "children" },
    { path: "/children/:id/close", view: coordinatorPage("ChildClose"), tab: "children" },
    { path: "/children/:id/meeting", view: coordinatorPage("MeetingPlan"), tab: "children" },
    { path: "/children/:id/waiting", view: page("WaitingNew"), tab: "children" },
    { path: "/children/:id/measure", view: page("MeasureNew"), tab: "children" },
    { path: "/children/:id/consent", view: coordinatorPage("ConsentAsk"), tab: "children" },
    { path: "/children/:id/spoken", view: coordinatorPage("ConsentSpoken"), tab: "children" },
    { path: "/children/:id/family/:relation", view: coordinatorPage("FamilyPersonView"), tab: "children" },
    { path: "/children/:id/thread/:relation", view: coordinatorPage("Thread"), tab: "children" },
    { path: "/meetings/:id", view: page("MeetingView"), tab: "children" },
    { path: "/meetings/:id/move", view: coordinatorPage("MeetingMove"), tab: "children" },
    { path: "/meetings/:id/people", view: coordinatorPage("MeetingPeople"), tab: "children" },
    { path: "/meetings/:id/hold", view: coordinatorPage("MeetingHold"), tab: "children" },
    { path: "/consents/:id", view: page("ConsentView"), tab: "children" },
    { path: "/waiting/:id", view: page("WaitingView"), tab: "children" },
    { path: "/measures/:id", view: page("MeasureView"), tab: "children" },
    { path: "/advice", view: page("Advice"), tab: "advice" },
    { path: "/wishes", view: page("Wishes"), tab: "advice" },
    { path: "/wishes/:id", view: page("Wishes"), tab: "advice" },
    { path: "/bookings/:id", view: page("BookingView"), tab: "advice" },
    { path: "/slots", view: consultantPage("Slots"), tab: "slots" },
    { path: "/team", view: teamPage("TeamPage"), tab: "team" },
    { path: "/team/raise", view: page("TeamRaise"), tab: "team" },
    { path: "/team/cases/:id", view: teamPage("TeamCaseView"), tab: "team" },
    ...routes,
    { path: "/away", view: page("Away"), tab: "away" },
    { path: "/more", view: More, tab: "more" },
  ],
  groups: (app) => {
    if (isFirst(app)) return null;
    const kind = app.me.value?.kind;
    const hats: (Group | false | 0 | undefined)[] = [
      // Whoever coordinates a child, stands in, or has been let in to it beside them: the others have nothing to write there.
      app.all<Child>("child").value.some(isHeld) && "coordinator",
      takesBackTimes(app) && "consultant", kind === "process_lead" && "lead", (kind === "admin" || self(app)?.leads === true) && "admin",
      (kind === "process_lead" || app.all("team_case").value.length > 0 || app.all<Team>("team").value.some((team) => isIn(app, team))) && "team",
      (kind !== "staff" || self(app)?.leads === true || self(app)?.functions.length) && "directory",
    ];
    return hats.filter((hat): hat is Group => Boolean(hat));
  },
  form: ({ name, args }) => FORMS[name]?.(args),
  open: (entity, id) => (PAGES[entity] ? `${PAGES[entity]}/${id}` : null),
};
