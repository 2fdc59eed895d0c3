/** "Det har blivit sämre": where, and the numbers that answer now, shown before anything has been sent. */
import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { Button, Chips, HelpCalls, Notice, OutboxFor, Sheet, useApp } from "../../ui";
import { knownPerson } from "../known-person";
import type { Waiting } from "./docs";
import { WORSE, first, worseWords } from "./words";

export function WorseSheet({ wait, open, onClose }: { wait: Waiting; open: boolean; onClose: () => void }) {
  const app = useApp();
  const [what, setWhat] = useState<string[]>([]);
  const [sent, setSent] = useState(false);
  const name = first(wait.check_in_by);
  const close = (): void => {
    onClose();
    setSent(false);
    setWhat([]);
  };
  const send = async (): Promise<void> => {
    setSent(true);
    await app.send("waiting.worse", { waiting: wait.id, what });
  };
  if (sent)
    return (
      <Sheet open={open} onClose={close} title={t("You are not alone with this")} lead={t("Choose a number that answers now, if it cannot wait.")}>
        <HelpCalls short person={knownPerson(app)} />
        <OutboxFor id={wait.id} names={["waiting.worse"]} />
        {app.about(wait.id).value.length === 0 && name && <Notice tone="good" icon="check-circle" title={t("{name} has been told", { name })} />}
        <Button block onPress={close}>{t("Close")}</Button>
      </Sheet>
    );
  return (
    <Sheet open={open} onClose={close} title={t("What has become worse?")} lead={name ? t("{name} is told at once. You choose how much you say.", { name }) : t("Your coordinator is told at once. You choose how much you say.")}>
      <Chips label={t("Choose one or more")} several options={WORSE.map((value) => ({ value, label: worseWords(value) }))} values={what as (typeof WORSE)[number][]} onChange={setWhat} />
      {what.includes("safety") && <Notice tone="bad" icon="warning" title={t("Is somebody in danger right now? Call 112.")} />}
      <div class="stack-2">
        <Button kind="primary" block disabled={what.length === 0 && t("Choose at least one")} onPress={send}>{t("Tell that it is worse")}</Button>
        <Button block onPress={close}>{t("Not now")}</Button>
      </div>
    </Sheet>
  );
}
