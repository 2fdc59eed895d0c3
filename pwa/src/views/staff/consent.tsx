/** One consent: its terms, what each person answered, who has it, and ending it. */
import { useState } from "preact/hooks";
import { capital, longDate, stamp, today } from "../../dates";
import { t, tn } from "../../i18n";
import { AskSheet, Badge, Button, Card, ChoiceGroup, Columns, Facts, Field, Form, Notice, OutboxFor, Page, Portrait, Row, Rows, Section, Sheet, Steps, shownName, useApp, useForm } from "../../ui";
import type { ViewProps } from "../roles";
import { ChildKicker, Missing, useChild, useDoing, useUnsent } from "./kit";
import { UnreachedFor } from "./unreached";
import type { Consent, ConsentParty } from "./model";
import { consentAnswer, consentState, informationSmall, listed, masked, purposeWords, whoIsWho } from "./words";

function partyText(one: ConsentParty): string {
  if (one.excepted) return t("Not asked, see the exception");
  if (!one.answer) return t("Has not answered");
  return [one.oral ? t("Spoken") : "", one.at ? stamp(one.at) : ""].filter(Boolean).join(" · ");
}

/** The parties by who they are. */
const partiesOf = (consent: Consent) => whoIsWho((consent.required_parties ?? []).map((one) => ({ id: one.party, name: one.name, kind: one.party === consent.child ? "child" : one.kind })));

function Parties({ consent }: { consent: Consent }) {
  const { called } = partiesOf(consent);
  const [except, setExcept] = useState<ConsentParty | null>(null);
  return (
    <Section title={t("What each person answered")} note={t("The family does not see each other's answers.")}>
      <Rows>
        {(consent.required_parties ?? []).map((one) => (
          <Row
            key={one.party} start={<Portrait name={shownName(one.name)} size={44} />} title={<bdi>{called(one.party)}</bdi>} text={partyText(one)}
            end={one.answer ? <Badge tone={one.answer === "no" ? "bad" : "good"} icon={one.answer === "no" ? "close" : "check"}>{consentAnswer(one.answer)}</Badge>
              : consent.state === "asked" && !one.excepted && one.kind === "guardian" ? <Button slim onPress={() => setExcept(one)}>{t("Exception")}</Button> : undefined}
          />
        ))}
      </Rows>
      {except && <Except consent={consent} party={except} onClose={() => setExcept(null)} />}
    </Section>
  );
}

/** One guardian is left out by law: prevented, or decided by the social board. */
function Except({ consent, party, onClose }: { consent: Consent; party: ConsentParty; onClose: () => void }) {
  const { run, said } = useDoing();
  const form = useForm<{ kind: "prevented" | "social_board"; date: string; reference: string }>(
    { kind: "prevented", date: today(), reference: "" },
    (v) => (v.reference.trim() ? {} : { reference: t("Write where the decision can be found") }),
    async (v) => {
      const done = await run("consent.except", { consent: consent.id, party: party.party, kind: v.kind, date: v.date, reference: v.reference.trim().slice(0, 80) }, form);
      if (done.state !== "refused") onClose();
    },
    `consent.except:${consent.id}:${party.party}`,
  );
  return (
    <Sheet open onClose={onClose} title={t("Leave out {name}?", { name: partiesOf(consent).called(party.party) })} lead={t("Only when the law allows it. It is written down with your name.")}>
      <Form form={form}>
        <ChoiceGroup legend={t("Why?")} value={form.values.kind} onChange={(x) => form.set("kind", x)} options={[{ value: "prevented", label: t("Lastingly prevented"), hint: t("Absence, illness or the like, and it cannot wait.") }, { value: "social_board", label: t("Decided by the social board"), hint: t("The care is given although one guardian says no.") }]} />
        <Field label={t("Day of the decision")} type="date" max={today()} {...form.of("date")} />
        <Field label={t("Where is it found?")} hint={t("A reference, never a reason or a name.")} {...form.of("reference")} />
        {said}
        <Button type="submit" kind="primary" block>{t("Save the exception")}</Button>
      </Form>
    </Sheet>
  );
}

export function ConsentView({ params }: ViewProps) {
  const app = useApp();
  const consent = app.one<Consent>("consent", params.id ?? "").value;
  const around = useChild(consent?.child ?? "");
  const { run, said } = useDoing();
  const [asking, setAsking] = useState(false);
  const ending = useUnsent(params.id ?? "", "consent.withdraw");
  if (!consent || !around) return <Missing />;
  const held = consent.required_parties !== undefined;
  const waiting = (consent.waiting_for ?? []).map(partiesOf(consent).called);
  const purge = consent.purge;
  const asked = consent.state === "asked";
  return (
    <Page title={purposeWords(consent.purpose)} kicker={<ChildKicker child={around.child} />} lead={consent.state ? consentState(consent.state) : t("The family has said yes")} back={{ href: `/children/${consent.child}`, label: t("The child") }}>
      {said}
      {asked && <UnreachedFor doc={consent.id} />}
      {waiting.length > 0 && <Notice tone="mark" icon="clock" title={t("Waiting for {names}", { names: listed(waiting) })} />}
      {consent.without_name && <Notice tone="info" icon="eye-off" title={t("Yes, without the name")}><span>{t("You may ask the units for advice without saying who it is. Nothing of the child is opened to them.")}</span></Notice>}
      {consent.exception && <Notice tone="grey" icon="info" title={t("An exception is noted")}><span>{t("{day}, {reference}", { day: longDate(consent.exception.date), reference: consent.exception.reference })}</span></Notice>}
      {purge && purge.devices === 0 && <Notice tone="grey" icon="trash" title={t("No device held anything to erase")} />}
      {purge && purge.devices > 0 && <Notice tone={purge.confirmed < purge.devices ? "warn" : "good"} icon="trash" title={tn("Erased on {n} device", "Erased on {n} devices", purge.confirmed)}><span>{purge.confirmed < purge.devices ? tn("{n} device has not been online since", "{n} devices have not been online since", purge.devices - purge.confirmed) : t("Everybody who had it has erased it.")}</span></Notice>}
      <Columns
        left={<>
          <Card>
            <Facts items={[
              { icon: "building", title: consent.to_units.map((one) => one.name).join(", "), text: t("Get to see it") },
              { icon: "eye", title: capital(listed(consent.information_kinds.map(informationSmall))), text: t("This is what they see") },
              consent.excludes?.length && { icon: "eye-off", title: masked(consent.excludes.join(", "), around.child.display_name), text: t("Not to be shared") },
              { icon: "calendar", title: t("Until {day}", { day: longDate(consent.valid_until) }), text: consent.ended_at ? t("Ended {day}", { day: longDate(consent.ended_at) }) : undefined },
              consent.recorded_by && { icon: "mic", title: t("Noted by {name}", { name: consent.recorded_by }) },
            ]} />
          </Card>
          <OutboxFor id={consent.id} />
          {held && consent.withdrawable && !ending && <Button block icon="undo" onPress={() => setAsking(true)}>{asked ? t("Take the question back") : t("End the sharing for the family")}</Button>}
        </>}
        right={<>
          {held && <Parties consent={consent} />}
          {held && consent.people?.length && (consent.state === "asked" || consent.state === "complete") ? <Section title={consent.state === "asked" ? t("Who gets it when everybody has said yes") : t("Who has it")}><Rows>{consent.people.map((one) => <Row key={one.person} start={<Portrait name={one.name} size={44} />} title={one.name} text={one.title} />)}</Rows></Section> : null}
        </>}
      />
      <AskSheet open={asking} onClose={() => setAsking(false)} title={asked ? t("Take the question back?") : t("End the sharing?")} yes={{ label: asked ? t("Take it back") : t("End it now"), kind: "second", onPress: async () => { setAsking(false); await run("consent.withdraw", { consent: consent.id }); } }} no={asked ? t("Keep as it is") : t("Keep sharing")}>
        <Steps items={asked ? [{ icon: "close", text: t("Nobody can answer any longer. You can ask again.") }] : [{ icon: "lock", text: t("The units see nothing more, at once.") }, { icon: "trash", text: t("Their devices erase it, and you see how many have done so.") }, { icon: "heart", text: t("No reason is asked for. The help goes on.") }]} />
      </AskSheet>
    </Page>
  );
}
