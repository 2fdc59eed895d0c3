/** Somebody leaves the unit: what they hold gets a successor, all at once or each for itself, in one decision. */
import { useEffect, useRef, useState } from "preact/hooks";
import { t, tn } from "../../i18n";
import { AskSheet, Button, Card, Choice, ChoiceGroup, Columns, LinkButton, Notice, Page, Portrait, Row, Rows, Section, SkeletonPage, refusalWords, shownName, useApp } from "../../ui";
import type { App } from "../../state/api";
import type { ViewProps } from "../roles";
import { isFirst, leads, Missing, useDoing } from "../staff/kit";
import type { Child, Slot, Staff, Unit } from "../staff/model";
import { compare } from "./search";
import { functionName } from "./words";

interface Held { children: { id: string; as: string[] }[]; slots: string[]; functions: { id: string; function: string }[]; roles: string[]; leads: boolean; open_hours: string[]; asked?: { id: string; entity: string }[] }
interface Counts { children?: number; by_deputy?: number; slots?: number; withdrawn?: number; functions?: number }

function usePeople(unit: string): readonly Staff[] {
  return useApp().all<Staff>("staff").value.filter((one) => one.unit === unit).sort((a, b) => compare(a.name, b.name));
}

export function People({ params }: ViewProps) {
  const app = useApp();
  const unit = app.one<Unit>("unit", params.id ?? "").value;
  const people = usePeople(params.id ?? "").filter((one) => one.id !== app.me.value?.seat);
  if (!unit || !leads(app.me.value?.kind, app.one<Staff>("staff", app.me.value?.seat ?? "").value, unit.id)) return <Missing home="/contacts" />;
  return (
    <Page title={t("Who leaves the unit?")} kicker={unit.name} lead={t("You see what they hold before anything happens.")} back={{ href: `/contacts/${unit.id}`, label: t("Contacts") }}>
      <Rows>{people.map((one) => <Row key={one.id} start={<Portrait name={one.name} size={44} />} title={one.name} text={one.title} href={`/contacts/${unit.id}/people/${one.id}`} />)}</Rows>
    </Page>
  );
}

/** The admin comes from the list of all staff, a unit's lead from the unit's own. */
function wayBack(app: App, unit: string): { href: string; label: string } {
  return app.me.value?.kind === "admin" ? { href: "/people", label: t("Staff") } : { href: `/contacts/${unit}/people`, label: t("Back") };
}

/** "3 barn, 2 tider, 1 funktion": all of it in one line. */
function heldWords(held: Held): string {
  const times = held.slots.length + held.open_hours.length;
  const functions = held.functions.length + held.roles.length;
  return [
    held.children.length > 0 && tn("{n} child", "{n} children", held.children.length), times > 0 && tn("{n} time for advice", "{n} times for advice", times),
    functions > 0 && tn("{n} function", "{n} functions", functions), held.asked?.length && tn("{n} booked advice", "{n} booked advices", held.asked.length), held.leads && t("leads the unit"),
  ].filter(Boolean).join(", ");
}

/** All coming times and open hours, which go together. */
const TIMES = "times";

export function Leaver({ params }: ViewProps) {
  const app = useApp();
  const unit = app.one<Unit>("unit", params.id ?? "").value;
  const now = app.one<Staff>("staff", params.person ?? "").value;
  const known = useRef(now);
  if (now) known.current = now;
  const person = known.current;
  const online = app.online.value;
  const { run } = useDoing();
  const [held, setHeld] = useState<Held | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const ask = async (): Promise<void> => {
    setWrong(null);
    const done = await run("person.leaving", { unit: params.id, person: params.person });
    if (done.state === "done") setHeld(done.result as Held);
    else setWrong(done.state === "refused" ? refusalWords(done.code) : t("It is slow right now"));
  };
  useEffect(() => {
    if (online && !held) void ask();
  }, [online]);
  const back = wayBack(app, params.id ?? "");
  if (!unit || !person) return <Missing home="/contacts" />;
  if (wrong) return <Page title={person.name} back={back}><Notice tone="bad" icon="warning" alert title={wrong}><Button slim icon="refresh" onPress={ask}>{t("Try again")}</Button></Notice></Page>;
  if (!held && !online && !isFirst(app)) return <Page title={person.name} back={back}><Notice tone="grey" icon="offline" title={t("This needs a connection. Try again when you are online.")}><span>{t("Who may see what is changed by the server, at once and for everybody.")}</span></Notice></Page>;
  if (!held) return <Page busy back={back}><SkeletonPage hero={false} /></Page>;
  return <Handing unit={unit} person={person} held={held} />;
}

function Handing({ unit, person, held }: { unit: Unit; person: Staff; held: Held }) {
  const app = useApp();
  const { run, said } = useDoing();
  const others = usePeople(unit.id).filter((one) => one.id !== person.id);
  const [successor, setSuccessor] = useState<string | null>(null);
  const [each, setEach] = useState<Record<string, string>>({});
  const [apart, setApart] = useState(false);
  const [withdraw, setWithdraw] = useState(false);
  const [asked, setAsked] = useState(false);
  const [done, setDone] = useState<Counts | null>(null);
  const [lacking, setLacking] = useState(0);
  const children = new Map(app.all<Child>("child").value.map((one) => [one.id, one.display_name]));
  const items: { key: string; title: string; text?: string }[] = [
    ...(held.leads ? [{ key: "leads", title: t("Leads the unit") }] : []),
    ...held.children.map((one, n) => ({ key: one.id, title: children.has(one.id) ? shownName(children.get(one.id) ?? "") : t("Child {n}", { n: n + 1 }), text: one.as.map((as) => (as === "coordinator" ? t("as coordinator") : as === "deputy" ? t("as deputy") : t("beside the coordinator"))).join(", ") })),
    ...held.functions.map((one) => ({ key: one.id, title: functionName(one.function), text: t("In the directory") })),
    ...held.roles.map((key) => ({ key, title: functionName(key), text: t("Nobody else in the unit does this") })),
    ...(held.asked ?? []).map((one) => ({ key: one.id, title: one.entity === "slot_wish" ? t("A wish for a time") : one.entity === "team_case" ? t("A question to the team") : t("Advice that is booked"), text: t("Goes on in the name of whoever takes over") })),
    ...(withdraw || held.slots.length + held.open_hours.length === 0 ? [] : [{ key: TIMES, title: tn("{n} coming time for advice", "{n} coming times for advice", held.slots.length + held.open_hours.length), text: t("Those who have booked are told") }]),
  ];
  // Children one does not know by name are counted, not listed: twenty rows say no more than a number.
  const nameless = new Map<string, number>();
  for (const one of items) if (held.children.some((child) => child.id === one.key && !children.has(child.id))) nameless.set(one.text ?? "", (nameless.get(one.text ?? "") ?? 0) + 1);
  const listed = items.filter((one) => children.has(one.key) || !held.children.some((child) => child.id === one.key));
  const times = held.slots.length + held.open_hours.length;
  const keys = items.map((one) => one.key);
  const nothing = items.length === 0 && times === 0;
  const missing = keys.filter((key) => !each[key]).length;
  const ready = items.length === 0 || Boolean(successor) || (apart && missing === 0);
  const leave = async (): Promise<void> => {
    const chosen = Object.entries(each).filter(([key, value]) => value && keys.includes(key));
    const successors = Object.fromEntries(chosen.flatMap(([key, value]) => (key === TIMES ? [...held.slots, ...held.open_hours] : [key]).map((one) => [one, value])));
    const answer = await run("person.leave", { unit: unit.id, person: person.id, ...(successor ? { successor } : {}), ...(Object.keys(successors).length > 0 ? { successors } : {}), ...(withdraw ? { withdraw_times: true } : {}) });
    setAsked(false);
    setLacking(0);
    if (answer.state === "done") setDone((answer.result ?? {}) as Counts);
    else if (answer.state === "waiting") await app.discard(answer.id);
    else if (answer.data?.times) setLacking(-1);
    else if (answer.data?.missing) setLacking(Object.values(answer.data.missing as Record<string, unknown>).reduce((sum: number, one) => sum + (Array.isArray(one) ? one.length : one === true ? 1 : 0), 0));
  };
  const back = wayBack(app, unit.id);
  if (done)
    return (
      <Page title={t("{name} has left the unit", { name: person.name })} kicker={unit.name} back={{ href: `/contacts/${unit.id}`, label: t("Contacts") }}>
        <Notice tone="good" icon="check" alert title={t("Everything has somebody new")}><span>{t("Families whose coordinator changed have been told. {name}'s devices erase what they had.", { name: person.name })}</span></Notice>
        <Rows>
          <Row icon="people" title={tn("{n} child", "{n} children", done.children ?? 0)} text={done.by_deputy ? tn("For {n}, the deputy took over", "For {n}, the deputy took over", done.by_deputy) : undefined} />
          <Row icon="directory" title={tn("{n} function", "{n} functions", done.functions ?? 0)} />
          <Row icon="clock" title={tn("{n} time for advice", "{n} times for advice", done.slots ?? 0)} text={done.withdrawn ? tn("{n} taken back", "{n} taken back", done.withdrawn) : undefined} />
        </Rows>
        <LinkButton kind="primary" block href={back.href}>{t("Done")}</LinkButton>
      </Page>
    );
  const people = others.map((one) => ({ value: one.id, label: one.name, hint: one.title }));
  return (
    <Page title={t("{name} leaves. Who takes over?", { name: person.name })} kicker={unit.name} back={back} lead={heldWords(held)}>
      <Columns
        half
        left={<>
          <Section title={t("This is what {name} holds", { name: person.name })}>
            {nothing ? <Card><p>{t("Nothing that needs somebody new.")}</p></Card> : (
              <Rows>
                {[...nameless].map(([text, n]) => <Row key={text} icon="people" title={tn("{n} child", "{n} children", n)} text={text} />)}
                {listed.map((one) => <Row key={one.key} icon="flag" title={one.title} text={one.text} />)}
                {times > 0 && withdraw && <Row icon="clock" title={tn("{n} coming time for advice", "{n} coming times for advice", times)} text={t("Are taken back, and those who booked are told")} />}
              </Rows>
            )}
            {times > 0 && <Choice label={t("Take back the times instead of handing them over")} hint={t("Those who had booked are told and can book another.")} checked={withdraw} onChange={setWithdraw} />}
          </Section>
        </>}
        right={<>
          {!nothing && <Card><ChoiceGroup legend={t("Who takes over?")} options={people} value={successor} onChange={setSuccessor} /></Card>}
          {items.length > 1 && <div><Button kind="quiet" icon="filter" aria-expanded={apart} onPress={() => setApart(!apart)}>{t("Choose for each")}</Button></div>}
          {apart && items.map((one) => (
            <Card key={one.key} label={one.title}>
              <ChoiceGroup legend={one.title} hint={one.text} options={[...(successor ? [{ value: "", label: t("As above") }] : []), ...people]} value={each[one.key] ?? (successor ? "" : null)} onChange={(value) => setEach({ ...each, [one.key]: value })} />
            </Card>
          ))}
          {said}
          {lacking > 0 && <Notice tone="warn" icon="warning" title={tn("{n} thing lacks a successor", "{n} things lack a successor", lacking)} />}
          {lacking < 0 && <Notice tone="warn" icon="clock" title={t("The successor has times of their own then")}><span>{t("Choose somebody else, or take back the times.")}</span></Notice>}
          {!app.online.value && <Notice tone="grey" icon="offline" title={t("This needs a connection. Try again when you are online.")}><span>{t("Who may see what is changed by the server, at once and for everybody.")}</span></Notice>}
          <Button kind="bad" block disabled={(!app.online.value && t("This needs a connection. Try again when you are online.")) || (!ready && t("Choose who takes over first"))} onPress={() => setAsked(true)}>{t("{name} leaves the unit", { name: person.name })}</Button>
        </>}
      />
      <AskSheet
        open={asked} onClose={() => setAsked(false)} title={t("Does {name} leave {unit}?", { name: person.name, unit: unit.name })} lead={t("It cannot be undone. {name}'s devices erase everything.", { name: person.name })}
        yes={{ label: t("Yes, {name} leaves", { name: person.name }), onPress: leave, kind: "bad" }} no={t("Keep as it is")}
      />
    </Page>
  );
}
