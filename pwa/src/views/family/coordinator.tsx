/** The coordinator's own page: reaching them, asking for a call, who stands in, what they do. */
import { useState } from "preact/hooks";
import { longDate } from "../../dates";
import { N_, t } from "../../i18n";
import { CallButton, Card, Hero, LinkButton, More, Notice, Page, Phone, Portrait, Row, Rows, Section, Steps, T, useApp } from "../../ui";
import { PrintCard } from "../../ui/print-card";
import type { ViewProps } from "../roles";
import { ChildSwitch, relationTo, useAbout, useChild } from "./child";
import { ContactForm } from "./contact-form";
import type { ContactRequest } from "./docs";
import { Missing } from "./fetching";
import { BeingNamed, Hours, LastAnswer, OpenRequest, RequestState, callTarget, isAway, useLastAnswer, useOpenRequest, workWords } from "./hero";
import { useRead } from "./use-read";
import { first } from "./words";

export function CoordinatorView({ query }: ViewProps) {
  const app = useApp();
  const { child, children, coordinator } = useChild(query.get("about"));
  const open = useOpenRequest(child?.id);
  const requests = useAbout<ContactRequest>("contact_request", child?.id);
  const answered = useLastAnswer(child?.id);
  const [taken, setTaken] = useState<string | null>(null);
  useRead("contact_request", requests.map((one) => one.id));
  if (!child || !coordinator) return <Missing />;
  const back = { href: "/", label: t("Home") };
  if (!coordinator.name)
    return <Page back={back} title={t("Your coordinator")}><ChildSwitch child={child} children={children} /><BeingNamed coordinator={coordinator} /></Page>;
  const name = first(coordinator.name);
  const target = callTarget(coordinator);
  const relation = relationTo(app, child);
  const told = requests.some((one) => one.id === taken && one.state === "withdrawn");
  const pending = app.about(child.id).value.some((item) => item.name === "contact.request");
  const { deputy } = coordinator;
  return (
    <Page back={back}>
      <ChildSwitch child={child} children={children} />
      <Hero
        centred name={coordinator.name} role={<bdi>{relation}. <span lang="sv">{workWords(coordinator)}</span></bdi>}
        buttons={
          <>
            {target && <CallButton kind="primary" number={target.phone}>{t("Call {name}", { name: target.name })}</CallButton>}
            {app.may("message.send") && !child.last_word && <LinkButton href="/coordinator/messages" icon="message">{t("Write")}</LinkButton>}
          </>
        }
        reach={coordinator.reach_hours && !isAway(coordinator) && <T msg={N_("Reached {hours}")} hours={<Hours written={coordinator.reach_hours} />} />}
        foot={target && <Phone number={target.phone} />}
      />
      <RequestState child={child} coordinator={coordinator} request={open} />
      {open && <OpenRequest request={open} coordinator={coordinator} onTaken={setTaken} />}
      {told && <Notice tone="good" icon="check-circle" alert title={t("{name} knows that you no longer need a call", { name })} />}
      {!open && !told && answered && <LastAnswer request={answered} />}
      {!open && !pending && !child.last_word && app.may("contact.request") && (
        <Card>
          <h2>{t("Ask {name} to call you", { name })}</h2>
          <ContactForm child={child.id} name={name} days={coordinator.promise_days} />
        </Card>
      )}
      {deputy && (
        <Section title={t("When {name} is away", { name })}>
          <Rows>
            <Row start={<Portrait name={deputy.name} />} title={<bdi>{deputy.name}</bdi>} text={<>{deputy.title && <bdi>{deputy.title}</bdi>}{deputy.title && deputy.phone && <br />}{deputy.phone && <Phone number={deputy.phone} />}</>} />
          </Rows>
          {deputy.phone && <CallButton block number={deputy.phone}>{t("Call {name}", { name: first(deputy.name) })}</CallButton>}
        </Section>
      )}
      <Section title={t("What {name} does", { name })} note={t("{name} has been here since {date}.", { name, date: longDate(coordinator.since) })}>
        <Card>
          <Steps items={[
            { icon: "check", state: "ok", text: t("Answers you, or sees that the right person does") },
            { icon: "check", state: "ok", text: t("Comes along to the next contact, instead of just giving a number") },
            { icon: "check", state: "ok", text: t("Holds together meetings, and who does what") },
          ]} />
        </Card>
      </Section>
      {coordinator.phone && (
        <More summary={t("A card on paper")}>
          <PrintCard
            relation={relation} name={coordinator.name} role={workWords(coordinator)} phone={coordinator.phone}
            hours={coordinator.reach_hours}
            deputy={deputy?.phone ? { name: deputy.name, phone: deputy.phone } : undefined}
          />
        </More>
      )}
    </Page>
  );
}
