/** "Kommer du?" One press, also offline; another time can be asked for. */
import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { type OutboxItem, StoreError } from "../../state/api";
import { Button, Buttons, Card, ChoiceGroup, type Option, OutboxFor, OutboxNotice, Saved, Sheet, TextArea, refusalWords, useApp, written } from "../../ui";
import { useDraftText } from "../draft";
import { ReminderOffer } from "../reminders";
import type { Meeting } from "./docs";
import { first } from "./words";

/** The ways to answer that this meeting has. */
function answers(meeting: Meeting, coordinator: string): Option[] {
  const found: Option[] = [];
  if (meeting.place || (!meeting.join_url && !meeting.phone_in)) found.push({ value: "yes", label: t("Yes, I come"), icon: "pin" });
  if (meeting.join_url) found.push({ value: "digital", label: t("Yes, by link"), icon: "video" });
  if (meeting.phone_in) found.push({ value: "phone", label: t("Yes, by phone"), icon: "phone" });
  found.push({ value: "no", label: t("No, the time does not suit"), icon: "close", ...(coordinator ? { hint: t("{name} suggests a new time", { name: coordinator }) } : {}) });
  return found;
}

export function MeetingAnswer({ meeting, coordinator }: { meeting: Meeting; coordinator: string | undefined }) {
  const app = useApp();
  const [fresh, setFresh] = useState(false);
  const me = first(app.me.value?.name);
  const name = first(coordinator);
  const waiting = app.about(meeting.id).value.filter((item) => item.name === "meeting.respond");
  const answer = async (value: string): Promise<void> => {
    if (value === meeting.answer) return;
    // The latest answer is the one that counts: what has not left the device is taken back.
    for (const item of waiting) if (item.state !== "sent") await app.discard(item.id);
    await app.send("meeting.respond", { meeting: meeting.id, answer: value, starts_local: meeting.starts_local });
    if (value !== "no") setFresh(true);
  };
  return (
    <>
      <Card>
        <ChoiceGroup
          legend={t("Do you come, {name}?", { name: me })} options={answers(meeting, name)}
          value={meeting.answer === "none" ? null : meeting.answer} onChange={(value) => void answer(value)}
        />
        {waiting.length === 0 && meeting.answer !== "none" && <Saved>{name ? t("{name} has got your answer", { name }) : t("Your answer has arrived")}</Saved>}
        <OutboxFor id={meeting.id} names={["meeting.respond"]} />
        <AnotherTime meeting={meeting} />
      </Card>
      {fresh && <ReminderOffer also={name} />}
    </>
  );
}

/** Asking for another time, with a few words. */
export function AnotherTime({ meeting }: { meeting: Meeting }) {
  const app = useApp();
  const [open, setOpen] = useState(false);
  const key = `meeting.ask_new_time:${meeting.id}`;
  const { text, write, sent: letGo, takeBack } = useDraftText(key);
  const [error, setError] = useState<string | undefined>();
  const unsettled = app.about(meeting.id).value.filter((item) => item.name === "meeting.ask_new_time");
  const change = (item: OutboxItem): void => {
    takeBack(item);
    setOpen(true);
  };
  const send = async (): Promise<void> => {
    if (text.length > 300) return setError(t("Write a shorter text"));
    try {
      await app.send("meeting.ask_new_time", { meeting: meeting.id, ...(text.trim() ? { text: text.trim() } : {}) }, { draft: key });
      letGo(text);
      setOpen(false);
    } catch (fault) {
      setError(refusalWords(fault instanceof StoreError ? fault.code : ""));
    }
  };
  return (
    <>
      {meeting.new_time_asked && unsettled.length === 0 && <Saved icon="clock">{t("You have asked for another time")}. {t("The meeting stays as it is until there is a new time.")}</Saved>}
      {unsettled.map((item) => <OutboxNotice key={item.id} item={item} onEdit={change} what={[t("A wish for another time"), written({ text: item.args["text"] })].filter(Boolean).join(": ")} />)}
      {!meeting.new_time_asked && app.may("meeting.ask_new_time", meeting) && (
        <Buttons tight><Button slim kind="quiet" icon="clock" onPress={() => setOpen(true)}>{t("Ask for another time")}</Button>{text && !open && <Saved icon="edit">{t("Your draft is still here")}</Saved>}</Buttons>
      )}
      <Sheet open={open} onClose={() => setOpen(false)} title={t("Ask for another time")} lead={t("The meeting stays as it is until there is a new time.")}>
        <TextArea label={t("When would suit you?")} optional rows={3} max={300} value={text} error={error} onInput={write} />
        <div class="stack-2">
          <Button kind="primary" block onPress={send}>{t("Ask for another time")}</Button>
          <Button block onPress={() => setOpen(false)}>{t("Keep as it is")}</Button>
        </div>
      </Sheet>
    </>
  );
}
