/** Quick exit: another page takes this one's place, and coming back shows nothing until asked. */
import { t } from "../i18n";
import { store, stored } from "../stored";
import { Icon } from "./icons";

const HIDDEN = "samled.hidden";
/** An everyday page that says nothing about who visited it before. */
const ELSEWHERE = "https://www.smhi.se/";

/** Leaves at once. Replaces the tab's entry, so that "back" does not come here; offline it becomes an empty page. */
export function leaveQuickly(): void {
  document.documentElement.classList.add("hidden");
  store(HIDDEN, "1", "sessionStorage");
  location.replace(navigator.onLine ? ELSEWHERE : "about:blank");
}

/** True after a quick exit in this tab: show the neutral page instead of what was open. */
export function wasHidden(): boolean {
  return stored(HIDDEN, "sessionStorage") === "1";
}

/** The person asked to go on. */
export function unhide(): void {
  store(HIDDEN, null, "sessionStorage");
  document.documentElement.classList.remove("hidden");
}

/** The button in the young person's top bar. */
export function QuickExit() {
  return (
    <button type="button" class="pill" onClick={leaveQuickly}>
      <Icon name="eye-off" /> {t("Hide")}
    </button>
  );
}
