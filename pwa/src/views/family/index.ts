/** The pages of guardians and of those the family has chosen to have with them. */
import { t } from "../../i18n";
import type { Role } from "../roles";

export const role: Role = {
  tabs: () => [
    { key: "home", path: "/", icon: "home", label: () => t("Home") },
    { key: "meetings", path: "/meetings", icon: "calendar", label: () => t("Meetings") },
    { key: "waiting", path: "/waiting", icon: "trail", label: () => t("The wait") },
    { key: "sharing", path: "/sharing", icon: "share-with", label: () => t("Sharing") },
  ],
  routes: [],
};
