/** The young person's own pages. */
import "../shell"; // As in door.ts.
import { t } from "../../i18n";
import { ContactPage, formOf } from "../family/contact-form";
import { CoordinatorView } from "../family/coordinator";
import { MeetingView } from "../family/meeting";
import { Meetings } from "../family/meetings";
import { Messages } from "../family/messages";
import { placeOf } from "../family/notices";
import { ConsentView, Seen, Sharing } from "../family/sharing";
import { WaitingView } from "../family/waiting";
import type { Role } from "../roles";
import { Home } from "./home";
import { Join } from "./join";
import { Prepare } from "./prepare";
import { WhoSees } from "./who-sees";
import { MyWords, ReadWords } from "./words";

export const role: Role = {
  form: formOf,
  open: (entity, id) => (entity === "voice" ? "/words" : placeOf(entity, id)),
  tabs: () => [
    { key: "home", path: "/", icon: "home", label: () => t("Home") },
    { key: "meetings", path: "/meetings", icon: "calendar", label: () => t("Meetings") },
    { key: "words", path: "/words", icon: "note", label: () => t("My words") },
    { key: "help", path: "/help", icon: "help", label: () => t("Help now") },
  ],
  routes: [
    { path: "/", view: Home, tab: "home" },
    { path: "/coordinator", view: CoordinatorView, tab: "home" },
    { path: "/coordinator/call", view: ContactPage, tab: "home" },
    { path: "/coordinator/messages", view: Messages, tab: "home" },
    { path: "/meetings", view: Meetings, tab: "meetings" },
    { path: "/meetings/:id", view: MeetingView, tab: "meetings" },
    { path: "/meetings/:id/join", view: Join, tab: "meetings" },
    { path: "/prepare/:id", view: Prepare, tab: "words" },
    { path: "/words", view: MyWords, tab: "words" },
    { path: "/words/:id", view: ReadWords, tab: "words" },
    { path: "/who-sees", view: WhoSees, tab: "words" },
    { path: "/waiting", view: WaitingView, tab: "home" },
    { path: "/waiting/:id", view: WaitingView, tab: "home" },
    { path: "/sharing", view: Sharing, tab: "home" },
    { path: "/sharing/seen", view: Seen, tab: "home" },
    { path: "/sharing/:id", view: ConsentView, tab: "home" },
  ],
};
