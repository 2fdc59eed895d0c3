/** A question without names: what looks like somebody is marked while one writes, and the server's word is shown the same way. */
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n";
import { Button, Chips, Ltr, Notice, TextArea, type Wrong, useApp, useForm } from "../../ui";
import { MarkedText } from "../../ui/staff";
import { type Suspect, type SuspectKind, suspects, withoutSuspects } from "./deidentify";
import { useDoing } from "./kit";
import { topicWords } from "./words";

export const AGES = ["6-9", "10-12", "13-15", "16-17"];
export const MOST_LETTERS = 500;

/** "ett namn och ett personnummer". */
function foundWords(found: readonly Suspect[]): string {
  const words: Record<SuspectKind, string> = {
    name: t("a name"), personal_number: t("a personal identity number"), phone: t("a phone number"), email: t("an email address"), url: t("a link"), address: t("an address"), school: t("a school"),
  };
  const kinds = [...new Set(found.map((one) => words[one.kind] ?? t("something")))];
  return kinds.length > 1 ? t("{some} and {last}", { some: kinds.slice(0, -1).join(", "), last: kinds.at(-1) ?? "" }) : kinds[0] ?? "";
}

export interface Guard {
  /** What is sent beside the text: the words the sender has said name nobody. */
  confirmed: string[] | undefined;
  /** Why the form cannot be sent yet, for its button. */
  blocking: string | false;
  /** The marked text with what to do about it; null when there is nothing. */
  shown: ComponentChildren;
  /** Takes the server's `identifying_text`: its places are shown instead of the device's. */
  refused: (data: unknown) => void;
}

/** Watches a text. `set` replaces it, `allowed` are names that may stand in it (the colleagues' own). */
export function useGuard(written: string, set: (text: string) => void, allowed: readonly string[] = []): Guard {
  const [server, setServer] = useState<{ text: string; found: Suspect[] } | null>(null);
  const [said, setSaid] = useState<{ text: string; names: string[] } | null>(null);
  const text = written.trim();
  const found = server?.text === text ? server.found : suspects(text, allowed);
  const names = [...new Set(found.filter((one) => one.kind === "name").map((one) => text.slice(one.start, one.end)))];
  const hard = found.some((one) => one.kind !== "name");
  const isSaid = said?.text === text && !hard;
  const blocks = found.length > 0 && !isSaid;
  const change = (): void => set(withoutSuspects(text, found, t("the pupil")));
  return {
    confirmed: isSaid && said.names.length > 0 ? said.names : undefined,
    blocking: blocks && t("Take away what says who it is about first"),
    refused: (data) => setServer({ text, found: ((data as { suspects?: Suspect[] } | null)?.suspects ?? []) }),
    shown: found.length > 0 && (
      <>
        <MarkedText text={text} marks={found} />
        {blocks && (
          <Notice tone="warn" icon="warning" title={t("It looks like {what}", { what: foundWords(found) })} alert={server?.text === text}>
            <span>{t("Change it before you send. Nothing has been sent.")}</span>
            <div class="btns tight">
              <Button slim onPress={change}>{names.length === 0 ? t("Take it away") : hard ? t("Change to “the pupil” and take away the rest") : t("Change to “the pupil”")}</Button>
              {!hard && names.length > 0 && <Button slim kind="quiet" onPress={() => setSaid({ text, names })}>{t("It is not a name of anybody")}</Button>}
            </div>
          </Notice>
        )}
        {isSaid && <p class="sm muted">{t("You have said that these are not names: {names}", { names: names.join(", ") })}</p>}
      </>
    ),
  };
}

export interface Asked { topic: string; age_band: string; question: string }
interface AskingForm { ids: Record<keyof Asked, string>; values: Asked; errors: Partial<Record<keyof Asked, string>>; set: (name: keyof Asked, value: string) => void }

/** What is wrong with what was asked, for `useForm`. */
export function askedFaults(v: Asked): Wrong {
  return {
    topic: !v.topic && t("Choose what it is about"), age_band: !v.age_band && t("Choose an age"),
    question: v.question.length > MOST_LETTERS && t("Write a shorter text"),
  };
}

/** Topic, age and question, as every consultation asks for them. */
export function AskedFields({ form, topics, guard }: { form: AskingForm; topics: readonly string[]; guard: Guard }) {
  return (
    <>
      <Chips label={t("What is it about?")} id={form.ids.topic} options={topics.map((value) => ({ value, label: topicWords(value) }))} values={form.values.topic ? [form.values.topic] : []} onChange={([x]) => x && form.set("topic", x)} />
      {form.errors.topic && <p class="error">{form.errors.topic}</p>}
      <Chips label={t("Age")} id={form.ids.age_band} options={AGES.map((value) => ({ value, label: <Ltr>{value.replace("-", "–")}</Ltr> }))} values={form.values.age_band ? [form.values.age_band] : []} onChange={([x]) => x && form.set("age_band", x)} />
      {form.errors.age_band && <p class="error">{form.errors.age_band}</p>}
      <TextArea
        label={t("What do you want advice about?")} optional hint={t("Write without name, school or personal identity number. What is rare can also tell who it is.")} max={MOST_LETTERS}
        id={form.ids.question} value={form.values.question} error={form.errors.question} onInput={(x) => form.set("question", x)}
      />
      {guard.shown}
    </>
  );
}

/** Names that may stand in one's own question: one's own, whole and in parts. */
export function useOwnNames(): readonly string[] {
  const name = useApp().me.value?.name ?? "";
  return name ? [name, ...name.split(" ")] : [];
}

const LAST_AGE = "slot.book:age";

/** The age asked about last on this device, else the one most of one's children have; empty when neither is known. */
export function useUsualAge(): { usual: () => Promise<string>; keep: (age: string) => Promise<void> } {
  const app = useApp();
  return {
    usual: async () => {
      const last = await app.draft<string>(LAST_AGE);
      if (last) return last;
      const count = new Map<string, number>();
      for (const { age_band } of app.all<{ id: string; entity: string; age_band?: string }>("child").value) if (age_band) count.set(age_band, (count.get(age_band) ?? 0) + 1);
      return [...count].sort((a, b) => b[1] - a[1])[0]?.[0] ?? "";
    },
    keep: (age) => app.saveDraft(LAST_AGE, age),
  };
}

/** A question asked with one command: the usual age is filled in, and what might say who it is about is shown, not sent. */
export function useAsking(command: string, args: Readonly<Record<string, string>>, topic: string) {
  const { run, said, clear } = useDoing();
  const { usual, keep } = useUsualAge();
  useEffect(() => void usual().then((age) => age && form.fill("age_band", age)), []);
  const form = useForm<Asked>({ topic, age_band: "", question: "" }, askedFaults, async (v): Promise<void> => {
    const done = await run(command, { ...args, topic: v.topic, age_band: v.age_band, question: v.question.trim(), confirmed: guard.confirmed }, form);
    if (done.state !== "refused") return keep(v.age_band);
    if (done.code === "identifying_text") {
      clear();
      guard.refused(done.data);
    }
  });
  const guard = useGuard(form.values.question, (text) => form.set("question", text), useOwnNames());
  return { form, guard, said };
}
