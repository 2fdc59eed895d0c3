/** The area's part of the day: term meetings that lack an answer, and tasks of the unit. */
import { addDays, today } from "../../dates";
import { t } from "../../i18n";
import type { App } from "../../state/api";
import { Rows, Section, useApp } from "../../ui";
import type { Task, TermMeeting } from "../professional/model";
import { TaskRow } from "../professional/task-row";
import { useTicking } from "../professional/ticking";
import { ownAnswer } from "../professional/words";

/** Tasks stand on the day when they are due within so many days. */
const AHEAD_DAYS = 14;
const SHOWN = 3;

/** Term meetings to come, the next first. */
export function comingTerms(app: App): TermMeeting[] {
  return app.all<TermMeeting>("term_meeting").value
    .filter((one) => one.state === "planned" && Date.parse(one.ends_at) > app.now.value)
    .sort((a, b) => (a.starts_at < b.starts_at ? -1 : 1));
}

/** Term meetings that wait for my own answer. */
export function unanswered(app: App): TermMeeting[] {
  return comingTerms(app).filter((one) => ownAnswer(one, app.me.value?.seat) === "none");
}

/** The tasks that are late or soon due; nothing when there is none. */
export function ToDo() {
  const app = useApp();
  const ticking = useTicking();
  const until = addDays(today(), AHEAD_DAYS);
  const open = app.all<Task>("task").value.filter((one) => ticking.listed(one) && (one.by_on ?? until) <= until).sort((a, b) => ((a.by_on ?? "9") < (b.by_on ?? "9") ? -1 : 1));
  if (open.length === 0) return ticking.said ? <>{ticking.said}</> : null;
  return (
    <Section title={t("To do")} end={<a class="sm" href="/tasks">{t("See all")}</a>}>
      {ticking.said}
      <p class="vh" role="status">{ticking.heard}</p>
      <Rows>{open.slice(0, SHOWN).map((one) => <TaskRow key={one.id} one={one} ticking={ticking} />)}</Rows>
    </Section>
  );
}
