/** The pages of professionals, process leaders and admins. */
import { t } from "../../i18n";
import type { App } from "../../state/api";
import type { Tab } from "../../ui";
import { pages, routes, tabs as professionalTabs } from "../professional/routes";
import { lazy } from "../lazy";
import type { Role, Route } from "../roles";
import { Away } from "./away";
import { ChildView } from "./child";
import { ChildClose } from "./child-close";
import { ChildOpen } from "./child-open";
import { ChildPeople } from "./child-people";
import { ChildProtect } from "./child-protect";
import { Children } from "./children";
import { ConsentView } from "./consent";
import { ConsentAsk } from "./consent-ask";
import { ConsentSpoken } from "./consent-spoken";
import { Invite } from "./invite";
import { MeasureNew, MeasureView } from "./measure";
import { MeetingView } from "./meeting";
import { MeetingHold } from "./meeting-hold";
import { MeetingMove } from "./meeting-move";
import { MeetingPeople } from "./meeting-people";
import { MeetingPlan } from "./meeting-plan";
import { More } from "./more";
import { Notices } from "./notices";
import { FamilyPersonView } from "./person";
import { RequestView } from "./request";
import { OpenMessage, OpenVoice } from "./resolve";
import { Thread } from "./thread";
import { Today } from "./today";
import { WaitingNew, WaitingView } from "./waiting";
import type { Staff } from "./model";

type AdviceViews = typeof import("./advice-views");
const advice = (name: keyof AdviceViews): Route["view"] => lazy(async () => (await import("./advice-views"))[name]);

function isConsultant(app: App): boolean {
  return app.one<Staff>("staff", app.me.value?.seat ?? "").value?.functions.includes("consultant") ?? false;
}

/** Process leaders and admins have no children and book no advice; their entries are not shown. */
function tabs(app: App): readonly Tab[] {
  const kind = app.me.value?.kind;
  const staff = kind === "staff";
  const all: (Tab | false)[] = [
    { key: "today", path: "/", icon: "home", label: () => t("Today") },
    staff && { key: "children", path: "/children", icon: "people", label: () => t("Children") },
    staff && { key: "advice", path: "/advice", icon: "chat", label: () => t("Advice"), long: () => t("Book advice") },
    staff && isConsultant(app) && { key: "slots", path: "/slots", icon: "clock", label: () => t("Times"), long: () => t("Our times for advice"), only: "rail" },
    ...professionalTabs(app),
    { key: "contacts", path: "/contacts", icon: "directory", label: () => t("Contacts") },
    staff && { key: "away", path: "/away", icon: "calendar", label: () => t("Away"), long: () => t("When I am away"), only: "rail" },
    { key: "more", path: "/more", icon: "more", label: () => t("More") },
  ];
  return all.filter((tab) => tab !== false);
}

const PAGES: Readonly<Record<string, string>> = {
  contact_request: "/requests", message: "/m", meeting: "/meetings", voice: "/voices", consent: "/consents", waiting: "/waiting",
  support_measure: "/measures", booking: "/bookings", slot_wish: "/wishes", child: "/children", ...pages,
};

export const role: Role = {
  tabs,
  routes: [
    { path: "/", view: Today, tab: "today" },
    { path: "/notices", view: Notices, tab: "today" },
    { path: "/requests/:id", view: RequestView, tab: "today" },
    { path: "/m/:id", view: OpenMessage, tab: "today" },
    { path: "/voices/:id", view: OpenVoice, tab: "today" },
    { path: "/children", view: Children, tab: "children" },
    { path: "/children/new", view: ChildOpen, tab: "children" },
    { path: "/children/:id", view: ChildView, tab: "children" },
    { path: "/children/:id/invite", view: Invite, tab: "children" },
    { path: "/children/:id/people", view: ChildPeople, tab: "children" },
    { path: "/children/:id/protect", view: ChildProtect, tab: "children" },
    { path: "/children/:id/close", view: ChildClose, tab: "children" },
    { path: "/children/:id/meeting", view: MeetingPlan, tab: "children" },
    { path: "/children/:id/waiting", view: WaitingNew, tab: "children" },
    { path: "/children/:id/measure", view: MeasureNew, tab: "children" },
    { path: "/children/:id/consent", view: ConsentAsk, tab: "children" },
    { path: "/children/:id/spoken", view: ConsentSpoken, tab: "children" },
    { path: "/children/:id/family/:relation", view: FamilyPersonView, tab: "children" },
    { path: "/children/:id/thread/:relation", view: Thread, tab: "children" },
    { path: "/meetings/:id", view: MeetingView, tab: "children" },
    { path: "/meetings/:id/move", view: MeetingMove, tab: "children" },
    { path: "/meetings/:id/people", view: MeetingPeople, tab: "children" },
    { path: "/meetings/:id/hold", view: MeetingHold, tab: "children" },
    { path: "/consents/:id", view: ConsentView, tab: "children" },
    { path: "/waiting/:id", view: WaitingView, tab: "children" },
    { path: "/measures/:id", view: MeasureView, tab: "children" },
    { path: "/advice", view: advice("Advice"), tab: "advice" },
    { path: "/wishes", view: advice("Wishes"), tab: "advice" },
    { path: "/wishes/:id", view: advice("Wishes"), tab: "advice" },
    { path: "/bookings/:id", view: advice("BookingView"), tab: "advice" },
    { path: "/slots", view: advice("Slots"), tab: "slots" },
    ...routes,
    { path: "/away", view: Away, tab: "away" },
    { path: "/more", view: More, tab: "more" },
  ],
  open: (entity, id) => (PAGES[entity] ? `${PAGES[entity]}/${id}` : null),
};
