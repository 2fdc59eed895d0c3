/** The question to a chosen time: topic, age, and words without names. Warned about here, decided by the server. */
import { useEffect, useRef, useState } from "preact/hooks";
import { capital, fullDate, timeRange } from "../../dates";
import { t } from "../../i18n";
import { Button, Card, Form, Ltr, Notice, useApp, useForm } from "../../ui";
import { NextTwo, nextTwo } from "./advice-next";
import { wantedTopic } from "./advice-filter";
import { useDoing } from "./kit";
import type { Slot } from "./model";
import { type Asked, AskedFields, askedFaults, useGuard, useOwnNames, useUsualAge } from "./question";
import { modeWords } from "./words";

/** The form is brought into view unless it begins in this part of the screen. */
const SEEN = 0.5;

/** `done`: the server said yes. `waiting`: preliminary until it does. */
export type Booked = { slot: Slot; state: "done" | "waiting"; booking?: string };

export function BookForm({ slot, begun, onBooked }: { slot: Slot; begun?: Asked | undefined; onBooked: (booked: Booked) => void }) {
  const app = useApp();
  const { run, said, clear } = useDoing();
  const heading = useRef<HTMLHeadingElement>(null);
  const [named, setNamed] = useState<readonly unknown[] | null>(null);
  const sending = useRef(false);
  const { usual, keep } = useUsualAge();
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    const top = heading.current?.getBoundingClientRect().top ?? 0;
    if (top < 0 || top > innerHeight * SEEN) heading.current?.closest("section")?.scrollIntoView({ block: "start" });
    if (!begun) void usual().then((age) => age && form.fill("age_band", age));
  }, [slot.id]);
  const topic = begun && slot.topics.includes(begun.topic) ? begun.topic : slot.topics.includes(wantedTopic()) ? wantedTopic() : slot.topics.length === 1 ? slot.topics[0] ?? "" : "";
  const book = async (chosen: Slot, v: Asked): Promise<void> => {
    sending.current = true;
    const done = await run("slot.book", { slot: chosen.id, topic: v.topic, age_band: v.age_band, question: v.question.trim(), confirmed: guard.confirmed }, form);
    if (done.state !== "refused") {
      await keep(v.age_band);
      return onBooked({ slot: chosen, state: done.state, ...(done.state === "done" ? { booking: String(done.result?.booking) } : {}) });
    }
    sending.current = false;
    if (done.code === "identifying_text") {
      clear();
      guard.refused(done.data);
    } else if (done.code === "taken") {
      clear();
      setNamed(done.data?.alternatives ?? []);
    }
  };
  const form = useForm<Asked>({ topic, age_band: begun?.age_band ?? "", question: begun?.question ?? "" }, askedFaults, (v) => book(slot, v));
  const other = async (one: Slot): Promise<void> => {
    if (form.isRight() && !guard.blocking) await book(one, form.values);
  };
  const guard = useGuard(form.values.question, (text) => form.set("question", text), useOwnNames());
  const online = app.online.value;
  // It may also go while the question is being written: said at once, not first when the button is pressed.
  const gone = named !== null || (slot.state !== "open" && !sending.current);
  return (
    <Form form={form} label={t("Your question")}>
      <Card selected>
        <div class="stack-2">
          <h2 ref={heading} tabIndex={-1}>{t("Your question to {unit}", { unit: slot.unit_name })}</h2>
          <p class="sm muted">{capital(fullDate(slot.starts_at))} <Ltr>{timeRange(slot.starts_at, slot.minutes)}</Ltr> · {modeWords(slot.mode)}</p>
        </div>
        <AskedFields form={form} topics={slot.topics} guard={guard} />
        {gone && <Notice tone="warn" icon="clock" alert title={t("Somebody else was first")}><NextTwo slots={nextTwo(app, form.values.topic, slot.id, named ?? [])} onBook={other} /></Notice>}
        {said}
        {!gone && <Button type="submit" kind="primary" block disabled={guard.blocking}>{online ? t("Book the time") : t("Book preliminarily")}</Button>}
        {!online && <p class="sm muted">{t("You are offline. The booking is preliminary: the time is yours first when the server has said so.")}</p>}
      </Card>
    </Form>
  );
}
