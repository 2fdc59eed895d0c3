/** What one wants to bring up: kept on this device until one sends it. */
import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { StoreError } from "../../state/api";
import { Button, Buttons, Card, Kept, LinkButton, Notice, OutboxNotice, Section, TextArea, refusalWords, useApp } from "../../ui";
import { useDraftText } from "../draft";
import type { Meeting, Message } from "./docs";
import { first } from "./words";

export function MeetingNote({ meeting, coordinator }: { meeting: Meeting; coordinator: string | undefined }) {
  const app = useApp();
  const key = `message.send:${meeting.id}`;
  const [error, setError] = useState<string | undefined>();
  const [sent, setSent] = useState<{ id: string; text: string } | null>(null);
  const name = first(coordinator);
  const unsettled = app.outbox.value.find((item) => item.id === sent?.id);
  // What was taken back before it left is not there.
  const arrived = !unsettled && app.all<Message>("message").value.some((one) => one.from_family && one.text === sent?.text);
  const { text, write: keep, sent: letGo, takeBack } = useDraftText(key);
  const write = (value: string): void => {
    keep(value);
    setSent(null);
    setError(undefined);
  };
  const send = async (): Promise<void> => {
    if (text.trim().length > 1000) return setError(t("Write a shorter text"));
    try {
      const id = await app.send("message.send", { child: meeting.child, text: text.trim(), at: new Date().toISOString() }, { draft: key });
      letGo(text);
      setSent({ id, text: text.trim() });
    } catch (fault) {
      setError(refusalWords(fault instanceof StoreError ? fault.code : ""));
    }
  };
  return (
    <Section title={t("What I want to bring up")} note={name && t("You can send it to {name}, or keep it for yourself until the meeting.", { name })}>
      <Card>
        <TextArea
          label={t("What I want to bring up")} hideLabel guard rows={3} max={1000} value={text} error={error} onInput={write}
          status={text ? <Kept icon="lock">{t("Only you see this. Kept on this device.")}</Kept> : undefined}
        />
        {text.trim() && name && <Buttons><Button kind="soft" icon="message" onPress={send}>{t("Send to {name}", { name })}</Button></Buttons>}
        {unsettled && <OutboxNotice item={unsettled} onEdit={takeBack} />}
        {arrived && (
          <Notice tone="good" icon="check-circle" alert title={t("It lies among your messages to {name}", { name })}><Buttons tight><LinkButton slim icon="message" href="/coordinator/messages">{t("Messages")}</LinkButton></Buttons></Notice>
        )}
      </Card>
    </Section>
  );
}
