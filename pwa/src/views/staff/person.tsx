/** One of the family: how far they have come, checking who they are, writing, and ending it if it was the wrong person. */
import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { AskSheet, Button, Card, LinkButton, Notice, OutboxFor, Page, Section, Steps, shownName } from "../../ui";
import { navigate } from "../../router";
import type { ViewProps } from "../roles";
import { ChildKicker, Missing, useChild, useDoing, useUnsent } from "./kit";
import { kindWords, personState } from "./words";

export function FamilyPersonView({ params }: ViewProps) {
  const around = useChild(params.id ?? "");
  const { run, said } = useDoing();
  const [asking, setAsking] = useState<"verify" | "end" | null>(null);
  const person = around?.child.people?.find((one) => one.relation === params.relation);
  const id = params.id ?? "";
  const verifying = useUnsent(params.relation ?? "", "guardian.verify");
  if (!around || !person) return <Missing />;
  const guardian = person.kind === "guardian";
  const name = shownName(person.name);
  const done = async (command: string): Promise<void> => {
    setAsking(null);
    const sent = await run(command, { child: id, relation: person.relation });
    if (command !== "guardian.verify" && sent.state !== "refused") navigate(`/children/${id}`, { replace: true });
  };
  return (
    <Page title={<bdi>{name}</bdi>} kicker={<>{kindWords(person.kind)} · <ChildKicker child={around.child} /></>} back={{ href: `/children/${id}`, label: t("The child") }} lead={personState(guardian ? person.state : person.state === "invited" ? "invited" : "here")}>
      {said}
      <OutboxFor id={person.relation} />
      {person.state !== "invited" && person.kind !== "supporter" && <LinkButton kind="primary" icon="message" href={`/children/${id}/thread/${person.relation}`}>{t("Write to {name}", { name })}</LinkButton>}
      {person.state === "invited" && (
        <Notice tone="mark" icon="clock" title={t("The invitation has not been used")}>
          <span>{person.kind === "young_person" ? t("A link lasts seven days and is shown once. Lost it? Make a new one: it ends the one before.") : t("A link lasts seven days and is shown once. Lost it? End this invitation and make a new one.")}</span>
          {person.kind === "young_person" && <LinkButton slim icon="qr" href={`/children/${id}/invite?kind=young_person`}>{t("Make a new invitation")}</LinkButton>}
        </Notice>
      )}
      {guardian && person.state === "joined" && !verifying && (
        <Card selected>
          <h2>{t("Check who it is")}</h2>
          <p>{t("Until then {name} can read and write, but not decide about sharing.", { name })}</p>
          <Button kind="primary" icon="check" onPress={() => setAsking("verify")}>{t("I have seen the ID in person")}</Button>
          <p class="sm muted">{t("Signing in with e-ID does the same by itself.")}</p>
        </Card>
      )}
      {person.kind !== "young_person" && (
        <Section title={t("Wrong person?")} note={t("Use this when somebody was invited to the wrong family, or is no longer a guardian.")}>
          <Card><Button icon="close" onPress={() => setAsking("end")}>{person.state === "invited" ? t("End the invitation") : t("End {name}'s access", { name })}</Button></Card>
        </Section>
      )}
      <AskSheet
        open={asking === "verify"} onClose={() => setAsking(null)} title={t("Have you seen {name}'s ID?", { name })}
        yes={{ label: t("Yes, in person"), onPress: () => done("guardian.verify"), kind: "second" }} no={t("No, wait")}
      >
        <Steps items={[{ icon: "check", text: t("You met, and you compared the ID with the person.") }, { icon: "check", text: t("You know that this is a guardian of the child.") }, { icon: "lock", text: t("It is written down that it was you who checked.") }]} />
      </AskSheet>
      <AskSheet
        open={asking === "end"} onClose={() => setAsking(null)} title={t("End it for {name}?", { name })}
        yes={{ label: t("End it now"), onPress: () => done(guardian ? "guardian.end" : "supporter.end"), kind: "second" }} no={t("Keep as it is")}
      >
        <Steps items={[{ icon: "lock", text: t("{name} sees nothing of this child any longer, at once.", { name }) }, { icon: "trash", text: t("What is kept on their phone is erased when it is next online.") }, { icon: "undo", text: t("It cannot be undone. You can invite again.") }]} />
      </AskSheet>
    </Page>
  );
}
