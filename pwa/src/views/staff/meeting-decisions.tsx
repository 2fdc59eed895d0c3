/** What a held meeting came to: how the child was heard, and what was decided, ticked off as it is done. */
import { useState } from "preact/hooks";
import { longDate } from "../../dates";
import { t } from "../../i18n";
import { Button, Card, Choice, Field, Form, OutboxFor, Section, Sheet, useApp, useForm } from "../../ui";
import { useDoing } from "./kit";
import { UnitChoice } from "./meeting-hold";
import type { Decision, Meeting } from "./model";

/** Who does it: a unit, or somebody by kind. */
export function whoWords(one: Decision): string {
  if (one.who_unit_name) return one.who_unit_name;
  return one.who === "family" ? t("The family") : one.who === "young_person" ? t("The young person") : one.who === "other" ? t("Somebody else") : "";
}

export function Decisions({ meeting }: { meeting: Meeting }) {
  const app = useApp();
  const { run, said } = useDoing();
  const [sip, setSip] = useState(false);
  const coordinated = meeting.invited !== undefined;
  const list = meeting.decisions ?? [];
  return (
    <>
      <Section title={t("How the child was heard")}><Card><p dir="auto">{meeting.child_heard}</p></Card></Section>
      <Section title={t("Decided")}>
        {list.length === 0 && <p class="muted inset">{t("Nothing was decided.")}</p>}
        <div class="stack-2">
          {list.map((one, index) => {
            const hint = [whoWords(one), one.by_on && t("by {day}", { day: longDate(one.by_on) })].filter(Boolean).join(" · ");
            return coordinated
              ? <Choice key={index} label={<bdi>{one.what}</bdi>} hint={hint} checked={one.done ?? false} onChange={(done) => void run("meeting.decision_done", { meeting: meeting.id, decision: index, done })} />
              : <Card key={index}><p><b><bdi>{one.what}</bdi></b><br /><span class="sm muted">{hint}{one.done ? ` · ${t("Done")}` : ""}</span></p></Card>;
          })}
        </div>
        {said}
        <OutboxFor id={meeting.id} names={["meeting.decision_done", "meeting.to_sip"]} />
      </Section>
      {coordinated && app.may("meeting.to_sip", meeting) && <Button icon="list" onPress={() => setSip(true)}>{t("Make it a SIP")}</Button>}
      {coordinated && <ToSip meeting={meeting} open={sip} onClose={() => setSip(false)} />}
    </>
  );
}

/** A held meeting becomes a SIP when it has what a plan needs. */
function ToSip({ meeting, open, onClose }: { meeting: Meeting; open: boolean; onClose: () => void }) {
  const { run, said } = useDoing();
  const form = useForm<{ follow_up_on: string; main_responsible_unit: string }>(
    { follow_up_on: meeting.follow_up_on ?? "", main_responsible_unit: meeting.main_responsible_unit ?? "" },
    (v) => ({ follow_up_on: !v.follow_up_on && t("Choose a day"), main_responsible_unit: !v.main_responsible_unit && t("Choose a unit") }),
    async (v) => {
      const done = await run("meeting.to_sip", { meeting: meeting.id, ...v }, form);
      if (done.state !== "refused") onClose();
    },
  );
  return (
    <Sheet open={open} onClose={onClose} title={t("Make it a SIP?")} lead={t("Nothing is written again. A plan needs a follow-up and somebody with the main responsibility.")}>
      <Form form={form}>
        <Field label={t("Follow up on")} type="date" {...form.of("follow_up_on")} />
        <UnitChoice legend={t("Main responsible unit")} {...form.of("main_responsible_unit")} meeting={meeting} />
        {said}
        <Button type="submit" kind="primary" block>{t("Yes, make it a SIP")}</Button>
      </Form>
    </Sheet>
  );
}
