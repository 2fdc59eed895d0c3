/** What one who leads the area does with a term meeting: plan, write down, move and call off. */
import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { navigate } from "../../router";
import { AskSheet, Button, Buttons, LinkButton, OutboxFor, useApp } from "../../ui";
import type { ViewProps } from "../roles";
import { useDoing, useUnsent } from "../staff/kit";
import type { TermMeeting } from "./model";

export function TermLead({ params }: ViewProps) {
  const app = useApp();
  const { run, said } = useDoing();
  const [asked, setAsked] = useState(false);
  const written = useUnsent(params.id ?? "", "term.minutes");
  const one = app.one<TermMeeting>("term_meeting", params.id ?? "").value;
  if (!one) return null;
  const over = Date.parse(one.ends_at) <= app.now.value;
  const cancel = async (): Promise<void> => {
    const done = await run("term.cancel", { term_meeting: one.id, reason: "other" });
    setAsked(false);
    if (one.state === "draft" && done.state !== "refused") navigate("/terms", { replace: true });
  };
  const begun = Date.parse(one.starts_at) <= app.now.value;
  return (
    <div class="stack no-print">
      {said}
      <OutboxFor id={one.id} names={["term.cancel", "term.move", "term.minutes", "term.plan"]} />
      {one.state === "draft" && <>
        <LinkButton kind="primary" block href={`/terms/${one.id}/plan`}>{t("Choose a day")}</LinkButton>
        <Button kind="quiet" block icon="trash" onPress={cancel}>{t("Take away the draft")}</Button>
      </>}
      {app.may("term.minutes", one) && begun && !written && <LinkButton kind={one.minutes_text ? "second" : "primary"} block icon="note" href={`/terms/${one.id}/minutes`}>{one.minutes_text ? t("Change the minutes") : t("Write minutes and what was promised")}</LinkButton>}
      {one.state === "planned" && !over && (
        <Buttons>
          {app.may("term.move", one) && <Button icon="calendar" onPress={() => navigate(`/terms/${one.id}/move`)}>{t("Move")}</Button>}
          {app.may("term.cancel", one) && <Button kind="badline" onPress={() => setAsked(true)}>{t("Cancel the meeting")}</Button>}
        </Buttons>
      )}
      <AskSheet open={asked} onClose={() => setAsked(false)} title={t("Cancel the term meeting?")} lead={t("Everybody who is to come hears of it.")} yes={{ label: t("Cancel the meeting"), onPress: cancel, kind: "badline" }} no={t("Keep as it is")} />
    </div>
  );
}
