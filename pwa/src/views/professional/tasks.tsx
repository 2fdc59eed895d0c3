/** Things to do for the unit or the area: made by the house or by hand, done with one press. */
import { addDays, daysBetween, fullDate, longDate, today } from "../../dates";
import { t, tn } from "../../i18n";
import { Badge, Button, Card, Columns, Empty, Field, Form, IconTile, OutboxFor, OutboxNotice, Page, Row, Rows, Section, SkeletonPage, fieldErrors, useApp, useForm } from "../../ui";
import { isFirst, useDoing } from "../staff/kit";
import type { FunctionContact, Task, TermMeeting } from "./model";
import { functionName, meetingWords, taskWords } from "./words";

const KEPT = 10;
const PLACES: Readonly<Record<string, string>> = { function_contact: "/functions", term_meeting: "/terms" };

export function aboutPath(one: Task): string | undefined {
  const place = one.about && PLACES[one.about.entity];
  return place && one.about ? `${place}/${one.about.doc}` : undefined;
}

/** What it is about, when it is due, whose it is. */
function TaskText({ one }: { one: Task }) {
  const app = useApp();
  const contact = app.one<FunctionContact>("function_contact", one.about?.doc ?? "").value;
  const left = one.by_on ? daysBetween(today(), one.by_on) : null;
  const due = left === null ? null : left < 0 ? tn("{n} day late", "{n} days late", -left) : t("By {day}", { day: fullDate(one.by_on ?? "") });
  return <>{[contact && functionName(contact.function), app.me.value?.kind === "staff" ? undefined : one.unit_name, due].filter(Boolean).join(" · ")}</>;
}

export function TaskRow({ one, run }: { one: Task; run: (name: string, args: Record<string, unknown>) => Promise<unknown> }) {
  const app = useApp();
  const href = aboutPath(one);
  const late = one.state === "open" && one.by_on !== undefined && one.by_on < today();
  const contact = app.one<FunctionContact>("function_contact", one.about?.doc ?? "").value;
  // To say that a contact is right is what this task asks for: one press does both.
  const confirms = one.kind === "directory" && contact !== undefined && app.may("directory.confirm", contact);
  const meeting = app.one<TermMeeting>("term_meeting", one.about?.doc ?? "").value;
  const words = one.kind === "plan_term" && meeting ? t("Plan: {meeting}", { meeting: meetingWords(meeting) }) : taskWords(one);
  const done = confirms
    ? <Button slim icon="check" onPress={() => run("directory.confirm", { function_contact: contact.id })}>{t("It is right")}<span class="vh">: {functionName(contact.function)}</span></Button>
    : <Button slim icon="check" onPress={() => run("task.done", { task: one.id })}><span class="vh">{t("Done: {what}", { what: taskWords(one) })}</span></Button>;
  return (
    <>
      <Row
        start={<IconTile name={one.kind === "directory" ? "directory" : one.kind === "other" ? "check" : "calendar"} {...(late ? { tone: "bad" as const } : {})} />}
        title={href ? <a href={href}>{words}</a> : words} text={<TaskText one={one} />}
        end={one.state === "done" ? <Badge tone="good" icon="check">{t("Done")}</Badge> : app.may("task.done", one) ? done : undefined}
      />
      <OutboxFor id={one.id} names={["task.done"]} />
      {confirms && <OutboxFor id={contact.id} names={["directory.confirm"]} />}
    </>
  );
}

export function Tasks() {
  const app = useApp();
  const { run, said } = useDoing();
  const adding = useDoing();
  const lead = app.me.value?.kind === "process_lead";
  const form = useForm(
    { what: "", by_on: "" }, (v) => (!v.what.trim() ? { what: t("Write what is to be done") } : v.what.length > 200 ? { what: t("Write a shorter text") } : {}),
    async (v): Promise<void> => {
      const done = await adding.run("task.add", { what: v.what.trim(), by_on: v.by_on });
      if (done.state === "refused") return form.fail(fieldErrors(done.fields));
      form.set("what", "");
      form.set("by_on", "");
    },
  );
  if (isFirst(app)) return <Page busy><SkeletonPage hero={false} /></Page>;
  const all = app.all<Task>("task").value;
  const open = all.filter((one) => one.state === "open").sort((a, b) => ((a.by_on ?? "9") < (b.by_on ?? "9") ? -1 : 1));
  const done = all.filter((one) => one.state === "done").sort((a, b) => ((a.done_on ?? "") < (b.done_on ?? "") ? 1 : -1)).slice(0, KEPT);
  const late = open.filter((one) => one.by_on && one.by_on < today()).length;
  return (
    <Page
      title={open.length === 0 ? t("Nothing left to do") : tn("{n} thing to do", "{n} things to do", open.length)} {...(lead ? {} : { back: { href: "/more", label: t("More") } })}
      {...(late > 0 ? { lead: tn("{n} is late", "{n} are late", late) } : {})}
    >
      <Columns
        half
        left={<>
          {said}
          {open.length > 0 ? <Rows label={t("To do")}>{open.map((one) => <TaskRow key={one.id} one={one} run={run} />)}</Rows> : <Empty icon="check" title={t("Everything is done")} text={t("New tasks come here by themselves, from term meetings and the directory.")} />}
        </>}
        right={<>
          {app.may("task.add") && (
            <Form form={form}><Card>
              <h2>{t("Add a task")}</h2>
              <Field label={t("What is to be done?")} id={form.ids.what} value={form.values.what} error={form.errors.what} onInput={(x) => form.set("what", x)} hint={lead ? t("Those who lead the area see it.") : t("Everybody in your unit sees it. Write nothing about a child.")} />
              <Field label={t("By when?")} optional type="date" min={today()} max={addDays(today(), 730)} id={form.ids.by_on} value={form.values.by_on} error={form.errors.by_on} onInput={(x) => form.set("by_on", x)} />
              {adding.said}
              {app.outbox.value.filter((one) => one.name === "task.add").map((one) => <OutboxNotice key={one.id} item={one} what={String(one.args.what ?? "")} />)}
              <Button type="submit" kind="soft" block icon="plus">{t("Add")}</Button>
            </Card></Form>
          )}
          {done.length > 0 && <Section title={t("Done lately")}><Rows>{done.map((one) => <Row key={one.id} icon="check" tone="good" title={taskWords(one)} text={[one.done_on && longDate(one.done_on), one.done_by].filter(Boolean).join(" · ")} />)}</Rows></Section>}
        </>}
      />
    </Page>
  );
}
