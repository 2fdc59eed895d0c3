/** Two other times instead of one that was lost or withdrawn: one press books, with what was written already. */
import { fullDate, time } from "../../dates";
import { t } from "../../i18n";
import type { App } from "../../state/api";
import { Button } from "../../ui";
import type { Slot } from "./model";

const TWO = 2;

/** Free times that are still to come, the next first. */
export function openSlots(app: App): readonly Slot[] {
  const now = app.now.value;
  return app.all<Slot>("slot").value.filter((one) => one.state === "open" && Date.parse(one.starts_at) > now).sort((a, b) => (a.starts_at < b.starts_at ? -1 : 1));
}

/** The two next free times for a topic (any, when none is chosen yet): those the server named first, then the next that are here. `lost` is left out. */
export function nextTwo(app: App, topic: string, lost: string, named: readonly unknown[] = []): readonly Slot[] {
  const ids = named.map((one) => (typeof one === "string" ? one : (one as { id: string }).id));
  const fitting = openSlots(app).filter((one) => one.id !== lost && (topic === "" || one.topics.includes(topic)) && one.consultant !== app.me.value?.seat);
  return [...fitting.filter((one) => ids.includes(one.id)), ...fitting.filter((one) => !ids.includes(one.id))].slice(0, TWO).sort((a, b) => (a.starts_at < b.starts_at ? -1 : 1));
}

export function NextTwo({ slots, onBook }: { slots: readonly Slot[]; onBook: (slot: Slot) => Promise<unknown> }) {
  if (slots.length === 0) return <span>{t("No other time is free for this.")} <a href="/wishes">{t("Stand in line for the next one")}</a></span>;
  return (
    <>
      <span>{t("These are free. What you wrote is kept.")}</span>
      {slots.map((one) => <Button key={one.id} block onPress={() => onBook(one)}>{t("Book {day} {time}, {unit}", { day: fullDate(one.starts_at), time: time(one.starts_at), unit: one.unit_name })}</Button>)}
    </>
  );
}
