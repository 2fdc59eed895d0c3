/** Protected identity: what it does, who may know, and ending it. */
import { useState } from "preact/hooks";
import { longDate } from "../../dates";
import { t } from "../../i18n";
import { AskSheet, Button, Card, ChoiceGroup, Field, Form, Notice, OutboxFor, Page, Portrait, Row, Rows, Section, Steps, shownName, useApp, useForm } from "../../ui";
import type { ViewProps } from "../roles";
import { ChildKicker, Missing, useChild, useColleagues, useDoing } from "./kit";
import type { Child, Protection } from "./model";

function SetIt({ child }: { child: Child }) {
  const { run, said } = useDoing();
  const [asking, setAsking] = useState(false);
  const form = useForm<{ alias: string }>({ alias: "" }, (v) => (v.alias.trim() ? {} : { alias: t("Write another name") }), () => setAsking(true), null);
  const set = async (): Promise<void> => {
    setAsking(false);
    await run("protect.set", { child: child.id, alias: form.values.alias.trim() }, form);
  };
  return (
    <>
      <Card>
        <Steps items={[
          { icon: "lock", text: t("Only coordinator, deputy and you see the child. Everybody else loses it at once.") },
          { icon: "eye-off", text: t("Another name is shown everywhere, also for the family.") },
          { icon: "offline", text: t("Nothing is kept on phones or computers. It needs a connection each time.") },
          { icon: "calendar", text: t("Nothing goes to calendars.") },
        ]} />
      </Card>
      <Form form={form}>
        <Card>
          <Field label={t("The name to use instead")} hint={t("Not a real name of anybody in the family.")} {...form.of("alias")} />
          {said}
          <Button type="submit" kind="primary" icon="lock">{t("Protect the child")}</Button>
        </Card>
      </Form>
      <AskSheet open={asking} onClose={() => setAsking(false)} title={t("Protect the child now?")} lead={t("Families and colleagues lose what they have until you let them in again. Only somebody else than you can end it.")} yes={{ label: t("Yes, protect"), onPress: set, kind: "second" }} no={t("Not now")} />
    </>
  );
}

function Held({ child, held }: { child: Child; held: Protection | undefined }) {
  const app = useApp();
  const { run, said } = useDoing();
  const [person, setPerson] = useState<string | null>(null);
  const [lifting, setLifting] = useState(false);
  const inside = new Set((held?.people ?? []).map((one) => one.person));
  const colleagues = useColleagues().filter((one) => !inside.has(one.id));
  const names = new Set((held?.people ?? []).map((one) => one.name));
  const family = (child.people ?? []).filter((one) => one.state !== "invited" && !names.has(one.name));
  const options = [...family.map((one) => ({ value: one.relation, label: shownName(one.name), hint: t("The family") })), ...colleagues.map((one) => ({ value: one.id, label: one.name, hint: one.title }))];
  const own = held?.set_by === app.me.value?.seat;
  return (
    <>
      {held && <Notice tone="warn" icon="lock" title={t("Protected since {day}", { day: longDate(held.set_on) })}><span>{t("Set by {name}. The child is called {alias} here.", { name: held.set_by_name, alias: held.alias })}</span></Notice>}
      {said}
      <Section title={t("These may know")}>
        <Rows>{(held?.people ?? []).map((one) => <Row key={one.person} start={<Portrait name={one.title ? one.name : shownName(one.name)} size={44} />} title={one.title ? one.name : shownName(one.name)} text={one.title ?? t("The family")} />)}</Rows>
      </Section>
      {options.length > 0 && (
        <Section title={t("Let one more in")}>
          <Card>
            <ChoiceGroup legend={t("Who?")} hideLegend options={options} value={person} onChange={setPerson} />
            <Button disabled={person ? false : t("Choose somebody first")} onPress={() => run("protect.add", { child: child.id, person }).then((done) => done.state === "done" && setPerson(null))}>{t("Let in")}</Button>
          </Card>
        </Section>
      )}
      <Section title={t("End the protection")}>
        <Card>
          {own ? <p>{t("You set it. Somebody else in the circle has to end it.")}</p> : <Button onPress={() => setLifting(true)}>{t("End the protection")}</Button>}
        </Card>
      </Section>
      <AskSheet open={lifting} onClose={() => setLifting(false)} title={t("End the protection?")} lead={t("Everything is shared as it was before, also with those who were shut out.")} yes={{ label: t("Yes, end it"), onPress: async () => { setLifting(false); await run("protect.lift", { child: child.id }); }, kind: "second" }} no={t("Keep as it is")} />
    </>
  );
}

export function ChildProtect({ params }: ViewProps) {
  const app = useApp();
  const around = useChild(params.id ?? "");
  const held = app.all<Protection>("protection").value.find((one) => one.child === params.id);
  if (!around?.held) return <Missing />;
  return (
    <Page title={t("Protected identity")} kicker={<ChildKicker child={around.child} />} back={{ href: `/children/${around.child.id}`, label: t("The child") }}>
      <OutboxFor id={around.child.id} names={["protect.set", "protect.add", "protect.lift"]} />
      {around.child.protected ? <Held child={around.child} held={held} /> : <SetIt child={around.child} />}
    </Page>
  );
}
