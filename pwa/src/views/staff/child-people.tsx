/** Who stands around the child: the coordinator, the deputy, and colleagues with a seat of their own. */
import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { AskSheet, Button, Card, ChoiceGroup, Notice, OutboxFor, Page, Portrait, Row, Rows, Section, useApp } from "../../ui";
import type { ViewProps } from "../roles";
import { useListed, useOpenUnits } from "./directory";
import { ChildKicker, Missing, useChild, useColleagues, useDoing, useSelf } from "./kit";
import { OtherPeople } from "./other-people";
import type { Colleague, Consent, Coordinator, Protection } from "./model";

/**
 * Whom one can ask to come: those of my unit who see the child anyway, and those of units that a yes from the family opens
 * something to: of `kind` when given. Another colleague of my unit sees nothing, with or without a seat.
 */
export function useReachable(childId: string, kind?: string): readonly Colleague[] {
  const app = useApp();
  const self = useSelf();
  const open = useOpenUnits(childId, kind);
  const listed = useListed().filter((one) => open.has(one.unit)).sort((a, b) => a.unit_name.localeCompare(b.unit_name, "sv") || a.name.localeCompare(b.name, "sv"));
  const coordinator = app.all<Coordinator>("coordinator").value.find((one) => one.child === childId);
  const circle = app.all<Protection>("protection").value.find((one) => one.child === childId)?.people ?? [];
  const inside = new Set([coordinator?.person, coordinator?.deputy_person, ...circle.map((one) => one.person)]);
  const own = useColleagues().filter((one) => inside.has(one.id) || (!coordinator?.person && one.leads)).map((one) => ({ person: one.id, name: one.name, title: one.title }));
  const named = app.all<Consent>("consent").value.filter((one) => one.child === childId && one.state === "complete" && !one.without_name && (!kind || one.information_kinds.includes(kind))).flatMap((one) => one.people ?? []);
  const me = self ? [{ person: self.id, name: self.name, title: self.title }] : [];
  return [...new Map<string, Colleague>([...me, ...own, ...named, ...listed].map((one) => [one.person, one])).values()];
}

export function ChildPeople({ params }: ViewProps) {
  const id = params.id ?? "";
  const around = useChild(id);
  const reachable = useReachable(id);
  const colleagues = useColleagues();
  const self = useSelf();
  const open = useOpenUnits(id);
  const { run, said } = useDoing();
  const [deputy, setDeputy] = useState<string | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const [post, setPost] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);
  if (!around?.held) return <Missing />;
  const { child, coordinator } = around;
  const seated = new Set((coordinator?.people ?? []).map((one) => one.person));
  const mine = [...(self ? [self] : []), ...colleagues];
  const deputies = mine.filter((one) => one.id !== coordinator?.person && one.id !== coordinator?.deputy_person);
  const successors = mine.filter((one) => one.id !== coordinator?.person);
  const posts = reachable.filter((one) => !seated.has(one.person) && one.person !== coordinator?.person && one.person !== coordinator?.deputy_person);
  const option = (one: { id?: string; person?: string; name: string; title?: string; unit_name?: string }) => ({ value: one.id ?? one.person ?? "", label: one.name, hint: [one.title, one.unit_name].filter(Boolean).join(", ") });
  const heir = successors.find((one) => one.id === next);
  return (
    <Page title={t("Who stands around the child")} kicker={<ChildKicker child={child} />} back={{ href: `/children/${id}`, label: t("The child") }}>
      {said}
      <OutboxFor id={id} names={["coordinator.deputy", "seat.assign", "seat.end"]} />
      <Section title={t("Deputy")} note={t("The deputy sees what you see, and is told when a promise is late. The family sees who it is.")}>
        {coordinator?.deputy && <Rows><Row start={<Portrait name={coordinator.deputy.name} size={44} />} title={coordinator.deputy.name} text={coordinator.deputy.title} /></Rows>}
        {deputies.length > 0 && (
          <Card>
            <ChoiceGroup legend={coordinator?.deputy ? t("Change to") : t("Choose a deputy")} options={deputies.map(option)} value={deputy} onChange={setDeputy} />
            <Button kind="primary" disabled={deputy ? false : t("Choose somebody first")} onPress={() => run("coordinator.deputy", { child: id, person: deputy }).then((done) => done.state === "done" && setDeputy(null))}>{t("Save the deputy")}</Button>
          </Card>
        )}
      </Section>
      <Section title={t("A new coordinator")} note={t("The family sees the change at once. Tell them first.")}>
        {successors.length > 0
          ? <Card><ChoiceGroup legend={t("Who takes over in your unit?")} options={successors.map(option)} value={next} onChange={setNext} /><Button disabled={heir ? false : t("Choose somebody first")} onPress={() => setAsking(true)}>{t("Change coordinator")}</Button></Card>
          : <Notice tone="grey" icon="info" title={t("There is nobody else in your unit")} />}
      </Section>
      <Section title={t("A seat around the child")} note={t("Somebody in another unit sees something only while a yes from the family names that unit.")}>
        {(coordinator?.people ?? []).length > 0 && (
          <Rows>{(coordinator?.people ?? []).map((one) => (
            <Row key={one.person} start={<Portrait name={one.name} size={44} />} title={one.name} text={one.unit === self?.unit || open.has(one.unit ?? "") ? [one.title, one.unit_name].filter(Boolean).join(", ") : t("Sees nothing now: no yes from the family opens {unit}", { unit: one.unit_name ?? "" })} end={<Button slim onPress={() => run("seat.end", { child: id, person: one.person })}>{t("End")}</Button>} />
          ))}</Rows>
        )}
        {posts.length > 0 && (
          <Card>
            <ChoiceGroup legend={t("Who shall have a seat?")} options={posts.map(option)} value={post} onChange={setPost} />
            <Button disabled={post ? false : t("Choose somebody first")} onPress={() => run("seat.assign", { child: id, person: post }).then((done) => done.state === "done" && setPost(null))}>{t("Give a seat")}</Button>
          </Card>
        )}
        <OtherPeople childId={id} reachable={posts} onChoose={setPost} />
      </Section>
      <AskSheet
        open={asking} onClose={() => setAsking(false)} title={t("Shall {name} be coordinator?", { name: heir?.name ?? "" })} lead={t("The family sees {name} as their contact at once. You keep nothing unless you are the deputy.", { name: heir?.name ?? "" })}
        yes={{ label: t("Yes, change"), onPress: async () => { setAsking(false); await run("seat.assign", { child: id, person: next, coordinator: true }); }, kind: "second" }} no={t("Keep as it is")}
      />
    </Page>
  );
}
