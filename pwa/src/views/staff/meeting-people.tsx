/** Choosing who is invited; and changing it afterwards. */
import { t } from "../../i18n";
import { Button, Card, ChoiceList, Form, Notice, OutboxFor, Page, shownName, useApp, useForm } from "../../ui";
import { navigate } from "../../router";
import type { ViewProps } from "../roles";
import { useReachable } from "./child-people";
import { type Around, ChildKicker, type Delivery, Missing, useChild, useDoing, useFrom } from "./kit";
import { LateAsk, type LateReason, isLateAnswer } from "./late";
import { Over, isLive } from "./meeting-over";
import { useState } from "preact/hooks";
import type { Child, Colleague, Meeting, Staff } from "./model";
import { OtherPeople } from "./other-people";
import { kindWords, personState } from "./words";

export interface Invited { invited: string[]; staff: string[] }

/** Family and professionals that can be invited. */
export function PeopleFields({ child, people, values, onChange }: { child: Child; people: readonly Colleague[]; values: Invited; onChange: (values: Invited) => void }) {
  const left = people.filter((one) => !values.staff.includes(one.person));
  const family = (child.people ?? []).filter((one) => one.kind === "guardian" || one.kind === "young_person");
  return (
    <>
      <Card>
        {family.length > 0
          ? <ChoiceList legend={t("The family")} options={family.map((one) => ({ value: one.relation, label: shownName(one.name), hint: one.state === "invited" ? `${kindWords(one.kind)} · ${personState(one.state)}` : kindWords(one.kind) }))} values={values.invited} onChange={(invited) => onChange({ ...values, invited })} />
          : <Notice tone="warn" icon="people" title={t("Nobody of the family is invited to Samled yet")}><a href={`/children/${child.id}/invite`}>{t("Invite somebody of the family")}</a></Notice>}
      </Card>
      <Card>
        <ChoiceList legend={t("Professionals")} hint={t("People in other units stand here when the family has said yes to that unit, by name.")} options={people.map((one) => ({ value: one.person, label: one.name, hint: [one.title, one.unit_name].filter(Boolean).join(", ") }))} values={values.staff} onChange={(staff) => onChange({ ...values, staff })} />
        <p class="sm muted">{t("A colleague in your own unit can be invited as the deputy.")} <a href={`/children/${child.id}/people`}>{t("Choose a deputy")}</a></p>
      </Card>
      <OtherPeople childId={child.id} reachable={left} onChoose={(person) => onChange({ ...values, staff: [...values.staff, person] })} />
    </>
  );
}

/**
 * Gives a seat around the child to those of other units who have none, before they are invited: a yes that names their
 * unit is enough. The server's no, or null.
 */
export function useSeats(around: Around | undefined, run: ReturnType<typeof useDoing>["run"]): (staff: readonly string[]) => Promise<Delivery | null> {
  const app = useApp();
  return async (staff) => {
    const has = new Set([...(around?.coordinator?.people ?? []).map((one) => one.person), ...app.all<Staff>("staff").value.map((one) => one.id)]);
    for (const person of staff) {
      if (has.has(person)) continue;
      const done = await run("seat.assign", { child: around?.child.id, person });
      if (done.state === "refused" && done.code !== "conflict") return done;
    }
    return null;
  };
}

/** The family has not said yes to these units: plainly, with the way on. */
export function ConsentNeeded({ childId, units }: { childId: string; units: readonly string[] }) {
  return (
    <Notice tone="bad" icon="share-with" alert title={t("The family has not said yes to this")}>
      <span>{units.length > 0 ? t("It concerns {units}. Nobody has been invited.", { units: units.join(", ") }) : t("Nobody has been invited.")}</span>
      <span> <a href={`/children/${childId}/consent`}>{t("Ask to share")}</a> · <a href={`/children/${childId}/spoken`}>{t("Note a spoken yes")}</a></span>
    </Notice>
  );
}

/** Names of the units in a `consent_required`. */
export function unitNames(app: ReturnType<typeof useApp>, data: any): string[] {
  return ((data?.units ?? []) as (string | { name?: string; unit?: string })[]).map((one) => {
    const id = typeof one === "string" ? one : one.unit ?? "";
    return (typeof one === "string" ? undefined : one.name) ?? (app.one("unit", id).value?.name as string | undefined) ?? id;
  });
}

export function MeetingPeople({ params, query }: ViewProps) {
  const app = useApp();
  const meeting = app.one<Meeting>("meeting", params.id ?? "").value;
  if (!meeting?.invited) return <Missing />;
  return isLive(meeting) ? <Fields key={meeting.id} meeting={meeting} query={query} /> : <Over meeting={meeting} />;
}

function Fields({ meeting, query }: { meeting: Meeting; query: URLSearchParams }) {
  const app = useApp();
  const around = useChild(meeting.child);
  const reachable = useReachable(meeting.child, "meeting");
  const { run, said, clear } = useDoing();
  const [units, setUnits] = useState<string[] | null>(null);
  const [late, setLate] = useState<string | null>(null);
  const known = new Map<string, Colleague>([...reachable, ...(around?.coordinator?.people ?? []), ...(meeting.answers ?? []).filter((one) => one.kind === "staff").map((one) => ({ person: one.who, name: one.name ?? "" }))].map((one) => [one.person, one]));
  for (const one of reachable) known.set(one.person, { ...known.get(one.person), ...one });
  const seat = useSeats(around, run);
  const invite = async (values: Invited, reason?: LateReason): Promise<void> => {
    setUnits(null);
    const done = (await seat(values.staff)) ?? await run("meeting.invite", { meeting: meeting.id, ...values, late_reason: reason }, form);
    if (done.state === "refused" && done.code === "consent_required") {
      clear();
      setUnits(unitNames(app, done.data));
    } else if (done.state === "done" && isLateAnswer(done.result) && !reason && !meeting.late_reason) setLate(done.result.limit_on ?? done.result.due_on ?? "");
    else if (done.state !== "refused") navigate(`/meetings/${meeting.id}`, { replace: true });
  };
  const form = useForm<Invited>({ invited: (meeting.invited ?? []).filter((one) => around?.child.people?.some((person) => person.relation === one)), staff: meeting.staff ?? [] }, (v) => (v.invited.length + v.staff.length > 0 ? {} : { invited: t("Choose at least one person") }), (v) => invite(v));
  useFrom(query, form, ({ invited = [], staff = [] }) => ({ invited, staff }));
  if (!around?.held) return <Missing />;
  return (
    <Page title={t("Who comes?")} kicker={<ChildKicker child={around.child} />} back={{ href: `/meetings/${meeting.id}`, label: t("The meeting") }}>
      <Form form={form}>
        <PeopleFields child={around.child} people={[...known.values()]} values={form.values} onChange={(v) => { form.set("invited", v.invited); form.set("staff", v.staff); }} />
        {units && <ConsentNeeded childId={meeting.child} units={units} />}
        {said}
        <OutboxFor id={meeting.id} names={["meeting.invite"]} />
        <Button type="submit" kind="primary" block icon="mail">{meeting.invited_on ? t("Save who comes") : t("Send the invitations")}</Button>
      </Form>
      <LateAsk limit={late} onChoose={(reason) => invite(form.values, reason)} onClose={() => navigate(`/meetings/${meeting.id}`, { replace: true })} />
    </Page>
  );
}
