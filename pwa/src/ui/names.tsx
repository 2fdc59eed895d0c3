/** Names are hidden for staff until asked for: someone may be looking over the shoulder. */
import { signal } from "@preact/signals";
import { t } from "../i18n";
import { store, stored } from "../stored";
import { Icon } from "./icons";

const KEPT = "samled.names";

/** True while children's and families' names are hidden. Staff pages only; lasts as long as the tab. */
export const namesHidden = signal(stored(KEPT, "sessionStorage") !== "shown");

/** The first letter while names are hidden, else the name. For staff pages; family pages write names as they are. */
export function shownName(name: string): string {
  return namesHidden.value ? name.trim().charAt(0).toLocaleUpperCase("sv") : name;
}

/** The same in a list with `others`: as many letters as tell this name from theirs. */
export function shownAmong(name: string, others: readonly string[]): string {
  let count = 1;
  while (count < name.length && others.some((other) => other !== name && other.startsWith(name.slice(0, count)))) count += 1;
  return count > 1 && namesHidden.value ? name.slice(0, count) : shownName(name);
}

/** A child's name on a staff page. */
export function ChildName({ name }: { name: string }) {
  return <bdi>{shownName(name)}</bdi>;
}

/** The switch in the top bar. */
export function NamesToggle() {
  const hidden = namesHidden.value;
  const toggle = (): void => {
    namesHidden.value = !hidden;
    store(KEPT, hidden ? "shown" : "hidden", "sessionStorage");
  };
  return (
    <button type="button" class="pill" aria-pressed={hidden} onClick={toggle}>
      <Icon name={hidden ? "eye-off" : "eye"} /> {hidden ? t("Names hidden") : t("Names shown")}
    </button>
  );
}
