/** Two presses for one contact with a BUSE: no name, no reason, a number for the week. */
import { useState } from "preact/hooks";
import { addDays, capital, today } from "../../dates";
import { t, tn } from "../../i18n";
import { AskSheet, Button, Card, Chips, OutboxFor, Section, useApp } from "../../ui";
import { useDoing } from "../staff/kit";
import type { FunctionContact } from "./model";

export function CountOne({ one }: { one: FunctionContact }) {
  const { run, said } = useDoing();
  const [open, setOpen] = useState(false);
  const [back, setBack] = useState(0);
  const [counted, setCounted] = useState<"done" | "waiting" | null>(null);
  const count = async (): Promise<void> => {
    const answer = await run("contact.tally", { function_contact: one.id, ...(back > 0 ? { on: addDays(today(), -back) } : {}) });
    setOpen(false);
    setCounted(answer.state === "refused" ? null : answer.state);
    setBack(0);
  };
  return (
    <>
      <Button kind="soft" block icon="plus" onPress={() => setOpen(true)}>{t("Count one contact")}</Button>
      {counted === "done" && <p class="sm muted" role="status">{t("Counted.")}</p>}
      {said}
      <OutboxFor id={one.id} names={["contact.tally"]} />
      <AskSheet open={open} onClose={() => setOpen(false)} title={t("Count one contact?")} yes={{ label: back === 0 ? t("Count it today") : tn("Count it {n} day ago", "Count it {n} days ago", back), onPress: count }} no={t("No")}>
        <Chips label={t("When was it?")} options={[0, 1, 2, 7].map((n) => ({ value: String(n), label: n === 0 ? t("Today") : n === 1 ? t("Yesterday") : capital(tn("{n} day ago", "{n} days ago", n)) }))} values={[String(back)]} onChange={([value]) => setBack(Number(value ?? 0))} />
      </AskSheet>
    </>
  );
}

/** On the day of whoever is BUSE, so that it takes no looking for. */
export function CountAsBuse() {
  const app = useApp();
  const own = app.all<FunctionContact>("function_contact").value.find((one) => one.badge === "buse" && one.holder === app.me.value?.seat);
  return own ? <Section title={t("Contacts with you as BUSE")}><Card><CountOne one={own} /></Card></Section> : null;
}
