/** The coordination has ended: the last word, what that means, and who still answers. */
import { fullDate } from "../../dates";
import { t } from "../../i18n";
import { CallButton, Card, LinkButton, Phone, Steps } from "../../ui";
import type { Child, Coordinator } from "./docs";
import { callTarget, useOpenRequest, whoAnswers } from "./hero";

export function Closed({ child, coordinator }: { child: Child; coordinator: Coordinator | undefined }) {
  const target = coordinator && callTarget(coordinator);
  const promised = useOpenRequest(child.id);
  return (
    <Card>
      <h2>{t("This is ended")}</h2>
      <p dir="auto">{child.last_word}</p>
      <Steps small items={[
        promised && coordinator && { icon: "phone", text: t("{name} still calls you, by {date}.", { name: whoAnswers(coordinator) || coordinator.unit_name, date: fullDate(promised.due_on) }) },
        { icon: "calendar", text: t("Meetings that were to come are cancelled.") },
        { icon: "lock", text: t("No other unit sees anything here any more.") },
        { icon: "clock", text: t("Whoever waits for care somewhere keeps the place there.") },
      ]} />
      <p>{target ? t("If it becomes hard again, you are welcome to call.") : t("You can still read what is here.")}</p>
      {target && <CallButton kind="primary" block number={target.phone}>{t("Call {name}", { name: target.name })}</CallButton>}
      {target && <p class="centre"><Phone number={target.phone} /></p>}
      <LinkButton kind="quiet" block href="/help">{t("Do you need help right now?")}</LinkButton>
    </Card>
  );
}
