/** Things to do for the unit or the area: made by the house or by hand, done with one press. */
import { addDays, today } from "../../dates";
import { t, tn } from "../../i18n";
import { Button, Card, Columns, Empty, Field, Form, OutboxNotice, Page, Rows, Section, SkeletonPage, useApp, useForm } from "../../ui";
import { isFirst, useDoing } from "../staff/kit";
import type { Task } from "./model";
import { TaskRow } from "./task-row";
import { useTicking } from "./ticking";

const KEPT = 10;

export function Tasks() {
  const app = useApp();
  const ticking = useTicking();
  const adding = useDoing();
  const lead = app.me.value?.kind === "process_lead";
  const form = useForm(
    { what: "", by_on: "" }, (v) => (!v.what.trim() ? { what: t("Write what is to be done") } : v.what.length > 200 ? { what: t("Write a shorter text") } : {}),
    async (v): Promise<void> => {
      const done = await adding.run("task.add", { what: v.what.trim(), by_on: v.by_on }, form);
      if (done.state === "refused") return;
      form.sent(v);
    },
  );
  if (isFirst(app)) return <Page busy><SkeletonPage hero={false} /></Page>;
  const all = app.all<Task>("task").value;
  const open = all.filter((one) => one.state === "open");
  const listed = all.filter(ticking.listed).sort((a, b) => ((a.by_on ?? "9") < (b.by_on ?? "9") ? -1 : 1));
  const done = all.filter((one) => !ticking.listed(one)).sort((a, b) => ((a.done_on ?? "") < (b.done_on ?? "") ? 1 : -1)).slice(0, KEPT);
  const late = open.filter((one) => one.by_on && one.by_on < today()).length;
  return (
    <Page
      title={open.length === 0 ? t("Nothing left to do") : tn("{n} thing to do", "{n} things to do", open.length)} back={lead ? undefined : { href: "/more", label: t("More") }}
      lead={late > 0 ? tn("{n} is late", "{n} are late", late) : undefined}
    >
      <Columns
        half
        left={<>
          {ticking.said}
          <p class="vh" role="status">{ticking.heard}</p>
          {listed.length > 0 ? <Rows label={t("To do")}>{listed.map((one) => <TaskRow key={one.id} one={one} ticking={ticking} />)}</Rows> : <Empty icon="check" title={t("Everything is done")} text={t("New tasks come here by themselves, from term meetings and the directory.")} />}
        </>}
        right={<>
          {app.may("task.add") && (
            <Form form={form}><Card>
              <h2>{t("Add a task")}</h2>
              <Field label={t("What is to be done?")} {...form.of("what")} hint={lead ? t("Those who lead the area see it.") : t("Everybody in your unit sees it. Write nothing about a child.")} />
              <Field label={t("By when?")} optional type="date" min={today()} max={addDays(today(), 730)} {...form.of("by_on")} />
              {adding.said}
              {app.outbox.value.filter((one) => one.name === "task.add").map((one) => <OutboxNotice key={one.id} item={one} what={String(one.args.what ?? "")} onEdit={() => form.takeBack(one, { what: String(one.args.what ?? ""), by_on: String(one.args.by_on ?? "") })} />)}
              <Button type="submit" kind="soft" block icon="plus">{t("Add")}</Button>
            </Card></Form>
          )}
          {done.length > 0 && <Section title={t("Done lately")}><Rows>{done.map((one) => <TaskRow key={one.id} one={one} ticking={ticking} />)}</Rows></Section>}
        </>}
      />
    </Page>
  );
}
