/** The young person's own pages. */
import { t } from "../../i18n";
import type { Role } from "../roles";

export const role: Role = {
  tabs: () => [
    { key: "home", path: "/", icon: "home", label: () => t("Home") },
    { key: "meetings", path: "/meetings", icon: "calendar", label: () => t("Meetings") },
    { key: "words", path: "/words", icon: "note", label: () => t("My words") },
    { key: "help", path: "/help", icon: "help", label: () => t("Help now") },
  ],
  routes: [],
};
