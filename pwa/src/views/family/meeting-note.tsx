/** What one wants to bring up: kept on this device until one sends it. */
import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { StoreError } from "../../state/api";
import { Button, Buttons, Card, Notice, Saved, Section, TextArea, refusalWords, useApp } from "../../ui";
import { useDraftText } from "../draft";
import type { Meeting } from "./docs";
import { first } from "./words";

export function MeetingNote({ meeting, coordinator }: { meeting: Meeting; coordinator: string | undefined }) {
  const app = useApp();
  const key = `message.send:${meeting.id}`;
  const [error, setError] = useState<string | undefined>();
  const [sent, setSent] = useState(false);
  const name = first(coordinator);
  const { text, write: keep, sent: letGo } = useDraftText(key);
  const write = (value: string): void => {
    keep(value);
    setSent(false);
    setError(undefined);
  };
  const send = async (): Promise<void> => {
    if (text.trim().length > 1000) return setError(t("Write a shorter text"));
    try {
      await app.send("message.send", { child: meeting.child, text: text.trim(), at: new Date().toISOString() }, { draft: key });
      letGo(text);
      setSent(true);
    } catch (fault) {
      setError(refusalWords(fault instanceof StoreError ? fault.code : ""));
    }
  };
  return (
    <Section title={t("What I want to bring up")}>
      <Card>
        <TextArea
          label={t("What I want to bring up")} hideLabel rows={3} max={1000} value={text} error={error} onInput={write}
          status={text ? <Saved icon="lock">{t("Only you see this. Kept on this device.")}</Saved> : undefined}
        />
        {text.trim() && name && <Buttons><Button kind="soft" icon="message" onPress={send}>{t("Send to {name}", { name })}</Button></Buttons>}
        {sent && <Notice tone="good" icon="check-circle" alert title={t("It lies among your messages to {name}", { name })} />}
      </Card>
    </Section>
  );
}
