/** Messages with one of the family. Each family member has a thread of their own that the others do not see. */
import { useEffect, useRef } from "preact/hooks";
import { now as clock, stamp } from "../../dates";
import { t } from "../../i18n";
import { Button, Card, Empty, Form, OutboxFor, Page, TextArea, shownName, useApp, useAtEnd, useForm } from "../../ui";
import type { ViewProps } from "../roles";
import { ChildKicker, Missing, useChild, useDoing } from "./kit";
import type { Message, NoticeDoc } from "./model";

const LONGEST = 1000;

export function Thread({ params }: ViewProps) {
  const app = useApp();
  const id = params.id ?? "";
  const relation = params.relation ?? "";
  const around = useChild(id);
  const { run, said } = useDoing();
  const messages = app.all<Message>("message").value.filter((one) => one.child === id && one.thread === relation).sort((a, b) => (a.sent_at < b.sent_at || (a.sent_at === b.sent_at && a.id < b.id) ? -1 : 1));
  const unread = app.all<NoticeDoc>("notice").value.filter((one) => !one.read && messages.some((message) => message.id === one.doc));
  const told = useRef(new Set<string>());
  useEffect(() => {
    // Once each: with every answer that comes in, the others would be sent again.
    for (const one of unread)
      if (!told.current.has(one.id)) {
        told.current.add(one.id);
        void app.send("notice.read", { notice: one.id }).catch(() => undefined);
      }
  }, [unread.map((one) => one.id).join()]);
  const form = useForm<{ text: string }>(
    { text: "" },
    (v) => (!v.text.trim() ? { text: t("Write something first") } : v.text.length > LONGEST ? { text: t("Write a shorter text") } : {}),
    async (v): Promise<void> => {
      const done = await run("message.send", { child: id, to: relation, text: v.text.trim(), at: new Date(clock.value).toISOString() }, form);
      if (done.state === "refused") return;
      form.sent(v);
    },
  );
  const end = useAtEnd(messages.length > 0);
  const person = around?.child.people?.find((one) => one.relation === relation);
  if (!around?.held) return <Missing />;
  const name = shownName(person?.name ?? messages.find((one) => one.thread_name)?.thread_name ?? "");
  return (
    <Page title={t("Messages with {name}", { name })} kicker={<ChildKicker child={around.child} />} back={{ href: `/children/${id}`, label: t("The child") }} lead={t("Only {name}, you and your deputy see this.", { name })}>
      {messages.length === 0 && <Empty icon="message" title={t("Nothing written yet")} text={t("Write in plain words. It is read when there is time, not at once.")} />}
      {messages.map((one) => (
        <Card key={one.id}>
          <p class="sm muted"><b>{one.from_family ? shownName(one.from_name) : one.from_name}</b> · {stamp(one.sent_at)}</p>
          <p dir="auto">{one.text}</p>
        </Card>
      ))}
      <OutboxFor id={relation} names={["message.send"]} onEdit={(item) => form.takeBack(item, { text: [form.values.text, item.args.text].filter(Boolean).join("\n\n") })} />
      {around.child.state === "open" && person?.state !== "invited" && (
        <Form form={form} label={t("Write")}>
          <div class="end" ref={end}><Card>
            <TextArea label={t("Write to {name}", { name })} max={LONGEST} {...form.of("text")} />
            {said}
            <Button type="submit" kind="primary" icon="message">{t("Send")}</Button>
          </Card></div>
        </Form>
      )}
    </Page>
  );
}
