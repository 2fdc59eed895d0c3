/** The pages of guardians and of those the family has chosen to have with them. */
import "../shell"; // As in door.ts.
import { t } from "../../i18n";
import type { Role } from "../roles";
import { ContactPage, formOf } from "./contact-form";
import { CoordinatorView } from "./coordinator";
import { Home } from "./home";
import { MeetingView } from "./meeting";
import { Meetings } from "./meetings";
import { Messages } from "./messages";
import { placeOf } from "./notices";
import { own } from "./own";
import { ConsentView, Seen, Sharing } from "./sharing";
import { WaitingView } from "./waiting";

export const role: Role = {
  form: formOf,
  open: placeOf,
  tabs: (app) => [
    { key: "home", path: "/", icon: "home", label: () => t("Home") },
    { key: "meetings", path: "/meetings", icon: "calendar", label: () => t("Meetings") },
    // Somebody the family has with them sees the person and the meetings only.
    ...(app.me.value?.kind === "supporter" ? [] : [
      { key: "waiting", path: "/waiting", icon: "trail" as const, label: () => t("The wait") },
      { key: "sharing", path: "/sharing", icon: "share-with" as const, label: () => t("Sharing") },
    ]),
  ],
  routes: [
    { path: "/", view: Home, tab: "home" },
    { path: "/coordinator", view: CoordinatorView, tab: "home" },
    { path: "/coordinator/call", view: ContactPage, tab: "home" },
    { path: "/coordinator/messages", view: Messages, tab: "home" },
    { path: "/meetings", view: Meetings, tab: "meetings" },
    { path: "/meetings/:id", view: MeetingView, tab: "meetings" },
    { path: "/waiting", view: own(WaitingView), tab: "waiting" },
    { path: "/waiting/:id", view: own(WaitingView), tab: "waiting" },
    { path: "/sharing", view: own(Sharing), tab: "sharing" },
    { path: "/sharing/seen", view: own(Seen), tab: "sharing" },
    { path: "/sharing/:id", view: own(ConsentView), tab: "sharing" },
  ],
};
