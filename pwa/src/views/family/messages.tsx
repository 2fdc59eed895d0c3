/** One's own thread with the coordinator. Nobody else in the family sees it, and nobody reads it at once. */
import { useState } from "preact/hooks";
import { stamp } from "../../dates";
import { t } from "../../i18n";
import { StoreError } from "../../state/api";
import { Button, Card, DraftFound, Empty, Kept, Notice, OutboxNotice, Page, TextArea, refusalWords, useApp, useAtEnd } from "../../ui";
import { Bubble, Thread } from "../../ui/thread";
import { useDraftText } from "../draft";
import type { ViewProps } from "../roles";
import { useAbout, useChild } from "./child";
import type { Message } from "./docs";
import { Missing } from "./fetching";
import { useRead } from "./use-read";
import { first } from "./words";

const LONGEST = 1000;

export function Messages({ query }: ViewProps) {
  const app = useApp();
  const { child, coordinator } = useChild(query.get("about"));
  const messages = [...useAbout<Message>("message", child?.id)].sort((a, b) => a.sent_at.localeCompare(b.sent_at) || a.id.localeCompare(b.id));
  useRead("message", messages.map((one) => one.id));
  const [error, setError] = useState<string | undefined>();
  const key = child && `message.send:${child.id}`;
  const draft = useDraftText(key);
  const end = useAtEnd(messages.length > 0);
  if (!child || !coordinator || !key) return <Missing back="/coordinator" />;

  const { text } = draft;
  const name = first(coordinator.name) || coordinator.unit_name;
  const pending = app.about(child.id).value.filter((item) => item.name === "message.send");
  const write = (value: string): void => {
    draft.write(value);
    setError(undefined);
  };
  const send = async (): Promise<void> => {
    const said = text.trim();
    if (!said || said.length > LONGEST) return setError(said ? t("Write a shorter text") : t("Write something first"));
    try {
      await app.send("message.send", { child: child.id, text: said, at: new Date().toISOString() }, { draft: key });
      draft.sent(text);
    } catch (fault) {
      setError(refusalWords(fault instanceof StoreError ? fault.code : ""));
    }
  };
  return (
    <Page
      title={t("Write to {name}", { name })} back={{ href: "/coordinator", label: t("Back") }}
      lead={t("Only {name} and the one who stands in can read it.", { name })}
    >
      {messages.length === 0 && pending.length === 0 && <Empty icon="message" title={t("Nothing is written yet")} text={t("Big or small, you can write whenever you like.")} />}
      {(messages.length > 0 || pending.length > 0) && (
        <Thread label={t("Messages")}>
          {messages.map((one) => (
            <Bubble key={one.id} who={one.from_family ? t("You") : one.from_name} when={stamp(one.sent_at)} own={one.from_family} state={one.from_family && t("Sent")}>{one.text}</Bubble>
          ))}
          {pending.map((item) => (
            <Bubble key={item.id} own who={t("You")} when={stamp(item.at)} state={item.state === "waiting" ? t("Not sent yet") : item.state === "sent" ? t("Being sent") : t("Not sent")}>{String(item.args["text"] ?? "")}</Bubble>
          ))}
        </Thread>
      )}
      {pending.filter((item) => item.state !== "sent").map((item) => (
        <OutboxNotice key={item.id} item={item} what={null} onEdit={draft.takeBack} />
      ))}
      {!child.last_word && (
        <div class="end" ref={end}><Card>
          <TextArea
            label={t("Your message")} rows={3} max={LONGEST} guard value={text} error={error} onInput={write}
            status={text && (draft.touched ? <Kept>{t("Kept on this device until you send it")}</Kept> : <DraftFound onForget={() => write("")} />)}
          />
          <Button kind="primary" block icon="message" onPress={send}>{t("Send to {name}", { name })}</Button>
          {app.online.value ? null : <Notice tone="grey" icon="queued" title={t("You are offline. It is sent when you have a connection.")} />}
        </Card></div>
      )}
    </Page>
  );
}
