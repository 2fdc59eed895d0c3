/** The question to a chosen time: topic, age, and words without names. Warned about here, decided by the server. */
import { useEffect, useRef, useState } from "preact/hooks";
import { capital, fullDate, timeRange } from "../../dates";
import { t } from "../../i18n";
import { Button, Card, Chips, Form, Ltr, MarkedText, Notice, SlotRow, TextArea, fieldErrors, useApp, useForm } from "../../ui";
import { time } from "../../dates";
import { type Suspect, type SuspectKind, suspects, withoutSuspects } from "./deidentify";
import { useDoing } from "./kit";
import type { Slot } from "./model";
import { modeWords, topicWords } from "./words";

const AGES = ["6-9", "10-12", "13-15", "16-17"];

/** "ett namn och ett personnummer". */
function foundWords(found: readonly Suspect[]): string {
  const words: Record<SuspectKind, string> = {
    name: t("a name"), personal_number: t("a personal identity number"), phone: t("a phone number"), email: t("an email address"), url: t("a link"), address: t("an address"), school: t("a school"),
  };
  const kinds = [...new Set(found.map((one) => words[one.kind] ?? t("something")))];
  return kinds.length > 1 ? t("{some} and {last}", { some: kinds.slice(0, -1).join(", "), last: kinds.at(-1) ?? "" }) : kinds[0] ?? "";
}

interface Values { topic: string; age_band: string; question: string }

export function BookForm({ slot, onBooked, onChoose }: { slot: Slot; onBooked: () => void; onChoose: (slot: string) => void }) {
  const app = useApp();
  const { run, said, clear } = useDoing();
  const heading = useRef<HTMLHeadingElement>(null);
  const [server, setServer] = useState<{ text: string; found: Suspect[] } | null>(null);
  const [confirmed, setConfirmed] = useState<{ text: string; names: string[] } | null>(null);
  const [others, setOthers] = useState<Slot[] | null>(null);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    heading.current?.scrollIntoView({ block: "start" });
  }, [slot.id]);
  const form = useForm<Values>(
    { topic: slot.topics.length === 1 ? slot.topics[0]! : "", age_band: "", question: "" },
    (v) => ({ ...(v.topic ? {} : { topic: t("Choose what it is about") }), ...(v.age_band ? {} : { age_band: t("Choose an age") }), ...(v.question.length > 500 ? { question: t("Write a shorter text") } : {}) }),
    async (v) => {
      const question = v.question.trim();
      const done = await run("slot.book", { slot: slot.id, topic: v.topic, age_band: v.age_band, question, confirmed: confirmed?.text === question && confirmed.names.length > 0 ? confirmed.names : undefined });
      if (done.state !== "refused") return onBooked();
      if (done.code === "identifying_text") {
        clear();
        setServer({ text: question, found: (done.data?.suspects ?? []) as Suspect[] });
      } else if (done.code === "taken") {
        const ids = ((done.data?.alternatives ?? []) as (string | { id: string })[]).map((one) => (typeof one === "string" ? one : one.id));
        setOthers(ids.map((id) => app.one<Slot>("slot", id).value).filter((one) => one !== undefined));
      } else form.fail(fieldErrors(done.fields));
    },
  );
  const text = form.values.question.trim();
  const found = server?.text === text ? server.found : suspects(text);
  const nameTexts = [...new Set(found.filter((one) => one.kind === "name").map((one) => text.slice(one.start, one.end)))];
  const isConfirmed = confirmed?.text === text;
  const hard = found.some((one) => one.kind !== "name");
  const blocking = found.length > 0 && !(isConfirmed && !hard);
  const change = (): void => form.set("question", withoutSuspects(text, found, t("the pupil")));
  return (
    <Form form={form} label={t("Your question")}>
      <Card selected>
        <div class="stack-2">
          <h2 ref={heading} tabIndex={-1}>{t("Your question to {unit}", { unit: slot.unit_name })}</h2>
          <p class="sm muted">{capital(fullDate(slot.starts_at))} <Ltr>{timeRange(slot.starts_at, slot.minutes)}</Ltr> · {modeWords(slot.mode)}</p>
        </div>
        <Chips label={t("What is it about?")} id={form.ids.topic} options={slot.topics.map((value) => ({ value, label: topicWords(value) }))} values={form.values.topic ? [form.values.topic] : []} onChange={([x]) => form.set("topic", x ?? "")} />
        {form.errors.topic && <p class="error">{form.errors.topic}</p>}
        <Chips label={t("Age")} id={form.ids.age_band} options={AGES.map((value) => ({ value, label: <Ltr>{value.replace("-", "–")}</Ltr> }))} values={form.values.age_band ? [form.values.age_band] : []} onChange={([x]) => form.set("age_band", x ?? "")} />
        {form.errors.age_band && <p class="error">{form.errors.age_band}</p>}
        <TextArea
          label={t("What do you want advice about?")} optional hint={t("Write without name, school or personal identity number. What is rare can also tell who it is.")} max={500} id={form.ids.question} value={form.values.question} error={form.errors.question}
          onInput={(x) => form.set("question", x)}
        />
        {found.length > 0 && <MarkedText text={text} marks={found} />}
        {blocking && (
          <Notice tone="warn" icon="warning" title={t("It looks like {what}", { what: foundWords(found) })} alert={server?.text === text}>
            <span>{t("Change it before you send. Nothing has been sent.")}</span>
            <div class="btns tight">
              <Button slim onPress={change}>{nameTexts.length > 0 ? t("Change to “the pupil” and take away the rest") : t("Take it away")}</Button>
              {!hard && nameTexts.length > 0 && <Button slim kind="quiet" onPress={() => setConfirmed({ text, names: nameTexts })}>{t("It is not a name of anybody")}</Button>}
            </div>
          </Notice>
        )}
        {isConfirmed && !hard && found.length > 0 && <p class="sm muted">{t("You have said that these are not names: {names}", { names: nameTexts.join(", ") })}</p>}
        {others && (
          <Notice tone="warn" icon="clock" title={t("Somebody else was first")}>
            <span>{others.length > 0 ? t("These are free. What you wrote is kept.") : t("Choose another time in the list.")}</span>
            {others.map((one) => <SlotRow key={one.id} time={time(one.starts_at)} title={one.unit_name} text={capital(fullDate(one.starts_at))} end={<Button slim onPress={() => onChoose(one.id)}>{t("Choose")}</Button>} />)}
          </Notice>
        )}
        {!others && said}
        <Button type="submit" kind="primary" block disabled={blocking && t("Take away what says who it is about first")}>{app.online.value ? t("Book the time") : t("Book when I am online")}</Button>
        {!app.online.value && <p class="sm muted">{t("The time is yours first when the server has said so.")}</p>}
      </Card>
    </Form>
  );
}
