/** One thing to do: what it is about, when it is due, whose it is, done with one press, and open again with another. */
import { daysBetween, fullDate, longDate, today } from "../../dates";
import { t, tn } from "../../i18n";
import { Badge, Button, IconTile, OutboxFor, Row, useApp } from "../../ui";
import type { FunctionContact, Task, TermMeeting } from "./model";
import type { Ticking } from "./ticking";
import { functionName, meetingWords, taskWords } from "./words";

const PLACES: Readonly<Record<string, string>> = { function_contact: "/functions", term_meeting: "/terms" };

export function aboutPath(one: Task): string | undefined {
  const place = one.about && PLACES[one.about.entity];
  return place && one.about ? `${place}/${one.about.doc}` : undefined;
}

function TaskText({ one }: { one: Task }) {
  const app = useApp();
  const contact = app.one<FunctionContact>("function_contact", one.about?.doc ?? "").value;
  if (one.state === "done") return <>{[one.done_on ? t("Done {day}", { day: longDate(one.done_on) }) : t("Done"), one.done_by].filter(Boolean).join(" · ")}</>;
  const left = one.by_on ? daysBetween(today(), one.by_on) : null;
  const due = left === null ? null : left < 0 ? tn("{n} day late", "{n} days late", -left) : t("By {day}", { day: fullDate(one.by_on ?? "") });
  return <>{[contact && functionName(contact.function), app.me.value?.kind === "staff" ? undefined : one.unit_name, due].filter(Boolean).join(" · ")}</>;
}

const TICKS = ["task.done", "task.reopen"];

export function TaskRow({ one, ticking }: { one: Task; ticking: Ticking }) {
  const app = useApp();
  const late = one.state === "open" && one.by_on !== undefined && one.by_on < today();
  const contact = app.one<FunctionContact>("function_contact", one.about?.doc ?? "").value;
  // To say that a contact is right is what this task asks for: one press does both.
  const confirms = one.state === "open" && one.kind === "directory" && contact !== undefined && app.may("directory.confirm", contact);
  const meeting = app.one<TermMeeting>("term_meeting", one.about?.doc ?? "").value;
  // An admin keeps the units' tasks but has no part in their meetings: no link to what is not shared.
  const href = contact ?? meeting ? aboutPath(one) : undefined;
  const words = one.kind === "plan_term" && meeting ? t("Plan: {meeting}", { meeting: meetingWords(meeting) }) : taskWords(one);
  const unsent = app.about(one.id).value.some((item) => TICKS.includes(item.name));
  return (
    <>
      <Row
        start={<IconTile name={one.kind === "directory" ? "directory" : one.kind === "other" ? "check" : "calendar"} tone={late ? "bad" : undefined} />}
        title={href ? <a href={href}>{words}</a> : words} text={<TaskText one={one} />}
        end={unsent ? undefined : <Tick one={one} ticking={ticking} confirms={confirms ? contact : undefined} />}
      />
      <OutboxFor id={one.id} names={TICKS} />
      {confirms && <OutboxFor id={contact.id} names={["directory.confirm"]} />}
    </>
  );
}

/** What can be done with it now. The button to think better of it stands where the one to tick it off was. */
function Tick({ one, ticking: { run, fresh }, confirms }: { one: Task; ticking: Ticking; confirms: FunctionContact | undefined }) {
  const app = useApp();
  if (one.state === "done" && app.may("task.reopen", one))
    return <Button slim {...(fresh(one) ? { icon: "undo" } : { kind: "quiet" })} onPress={() => run("task.reopen", { task: one.id })}>{fresh(one) ? t("Undo") : t("Open again")}<span class="vh">: {taskWords(one)}</span></Button>;
  if (one.state === "done") return <Badge tone="good" icon="check">{t("Done")}</Badge>;
  if (confirms) return <Button slim icon="check" onPress={() => run("directory.confirm", { function_contact: confirms.id })}>{t("It is right")}<span class="vh">: {functionName(confirms.function)}</span></Button>;
  if (!app.may("task.done", one)) return null;
  return <Button slim icon="check" onPress={() => run("task.done", { task: one.id })}><span class="vh">{t("Done: {what}", { what: taskWords(one) })}</span></Button>;
}
