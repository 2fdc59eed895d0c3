/** Ending the coordination, with a last word to the family. */
import { useState } from "preact/hooks";
import { t, tn } from "../../i18n";
import { navigate } from "../../router";
import { AskSheet, Button, Card, Form, Notice, Page, Steps, TextArea, useApp, useForm } from "../../ui";
import type { ViewProps } from "../roles";
import { ChildKicker, Missing, useChild, useDoing } from "./kit";
import type { ContactRequest, Meeting, Waiting } from "./model";

export function ChildClose({ params }: ViewProps) {
  const app = useApp();
  const id = params.id ?? "";
  const around = useChild(id);
  const { run, said } = useDoing();
  const [asking, setAsking] = useState(false);
  const form = useForm<{ last_word: string }>({ last_word: "" }, (v) => (!v.last_word.trim() ? { last_word: t("Write a last word to the family") } : v.last_word.length > 500 ? { last_word: t("Write a shorter text") } : {}), () => setAsking(true));
  if (!around?.held) return <Missing />;
  const waits = app.all<Waiting>("waiting").value.filter((one) => one.child === id && one.next_check_in_on);
  const open = [
    waits.some((one) => one.worse_reports?.length) && t("The family says that it has become worse."),
    app.all<ContactRequest>("contact_request").value.some((one) => one.child === id && one.state === "open") && t("A promise to call is still open, and is to be kept."),
    waits.length > 0 && t("The family is still waiting for care."),
  ].filter((line) => line !== false);
  const coming = app.all<Meeting>("meeting").value.filter((one) => one.child === id && (one.state === "invited" || one.state === "confirmed") && Date.parse(one.starts_at) > app.now.value).length;
  const close = async (): Promise<void> => {
    setAsking(false);
    const done = await run("child.close", { child: id, last_word: form.values.last_word.trim() }, form);
    if (done.state !== "refused") navigate(`/children/${id}`, { replace: true });
  };
  return (
    <Page title={t("Close with a last word")} kicker={<ChildKicker child={around.child} />} back={{ href: `/children/${id}`, label: t("The child") }}>
      {open.length > 0 && <Notice tone="warn" icon="warning" title={t("Something is not finished")}>{open.map((line) => <span key={line}>{line} </span>)}</Notice>}
      <Form form={form}>
        <Card>
          <TextArea label={t("Last word to the family")} hint={t("What you did together, and where they turn if it becomes hard again.")} rows={6} max={500} {...form.of("last_word")} />
          {said}
          <Button type="submit" kind="primary">{t("Close the coordination")}</Button>
        </Card>
      </Form>
      <AskSheet open={asking} onClose={() => setAsking(false)} title={t("Close the coordination?")} yes={{ label: t("Yes, close"), onPress: close, kind: "second" }} no={t("Keep as it is")}>
        <Steps items={[
          { icon: "message", text: t("The family reads your last word.") },
          coming > 0 && { icon: "calendar", text: tn("{n} meeting is cancelled, and all are told.", "{n} meetings are cancelled, and all are told.", coming) },
          { icon: "share-with", text: t("Questions about sharing end. Other units see nothing more.") },
          { icon: "lock", text: t("Nothing new can be written or booked.") },
          { icon: "trash", text: t("Names are taken away after 12 months, the rest after 24.") },
        ]} />
      </AskSheet>
    </Page>
  );
}
