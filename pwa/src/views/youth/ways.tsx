/** How to take part: those that are chosen most first, among them that somebody else says it; the rest below. */
import { t } from "../../i18n";
import { ChoiceGroup, More, type Option } from "../../ui";
import type { Meeting } from "../family/docs";
import { TAKE_PART_ICONS, takePartWords } from "../family/voice-words";
import { first } from "../family/words";

/** The ways this meeting has, in the order shown. */
export function waysOf(meeting: Meeting): string[] {
  return [
    ...(meeting.join_url ? ["video", "sound_only"] : []),
    ...(meeting.place || !meeting.join_url ? ["in_person"] : []),
    "written", "spokesperson",
    ...(meeting.phone_in ? ["phone"] : []),
    "part_of_meeting", "not_attending",
  ];
}
/** Tiles for the first ways and, opened on a press, for the rest. */
export function Ways({ meeting, value, onChange, coordinator, hideLegend = false }: { meeting: Meeting; value: string | null; onChange: (way: string) => void; coordinator: string | undefined; hideLegend?: boolean }) {
  const name = first(coordinator);
  const all = waysOf(meeting).map((way): Option => ({ value: way, label: takePartWords(way, name), icon: TAKE_PART_ICONS[way] ?? "person" }));
  // By link and in a room: that it can be said for one must not lie below.
  const shown = meeting.join_url && meeting.place ? 6 : 4;
  const more = all.slice(shown);
  return (
    <div class="stack">
      <ChoiceGroup tiles legend={t("How do you want to take part?")} hideLegend={hideLegend} options={all.slice(0, shown)} value={value} onChange={onChange} />
      {more.length > 0 && (
        <More summary={t("More ways")} open={more.some((one) => one.value === value)}>
          <ChoiceGroup tiles legend={t("More ways")} hideLegend options={more} value={value} onChange={onChange} />
        </More>
      )}
    </div>
  );
}
