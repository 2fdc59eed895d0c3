/** Those on their way into a unit: inviting a colleague or a process lead, a new link, taking it back. */
import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { navigate } from "../../router";
import { AskSheet, Button, Buttons, Card, Chips, ChoiceGroup, Columns, Field, Form, Notice, Page, Pairs, SkeletonPage, Switch, phoneText, useApp, useForm } from "../../ui";
import type { ViewProps } from "../roles";
import { InvitationCard, type Made } from "../staff/invitation-card";
import { isFirst, leads, Missing, useDoing } from "../staff/kit";
import type { Area, Staff, Unit } from "../staff/model";
import { UnitPicker } from "../staff/unit-picker";
import type { Newcomer } from "./model";
import { isOpen, roleWords, wayWords } from "./on-their-way";
import { compare } from "./search";
import { FUNCTIONS, functionName } from "./words";

const THEN = (): string => t("They sign in with e-ID or make a passkey. Then they can work at once.");

/** One of them: a first or a new invitation, or none after all. */
export function NewcomerView({ params }: ViewProps) {
  const app = useApp();
  const one = app.one<Newcomer>("newcomer", params.id ?? "").value;
  const unit = app.one<Unit>("unit", one?.unit ?? "").value;
  const { run, said } = useDoing();
  const [made, setMade] = useState<{ made: Made; name: string } | null>(null);
  const [asked, setAsked] = useState(false);
  const admin = app.me.value?.kind === "admin";
  const back = admin ? { href: "/people", label: t("Staff") } : { href: `/contacts/${one?.unit ?? ""}`, label: t("Contacts") };
  if (made) return <InvitationCard {...made} kicker={unit?.name} back={back} then={THEN()} />;
  if (!one) return <Missing home={admin ? "/people" : "/contacts"} />;
  const open = isOpen(one, app.now.value);
  const invite = async (): Promise<void> => {
    const done = await run("newcomer.invite", { newcomer: one.id });
    if (done.state === "done") setMade({ made: done.result as Made, name: one.name });
    else if (done.state === "waiting") await app.discard(done.id);
  };
  const remove = async (): Promise<void> => {
    const done = await run("newcomer.remove", { newcomer: one.id });
    setAsked(false);
    if (done.state === "waiting") await app.discard(done.id);
    else if (done.state === "done") navigate(back.href, { replace: true });
  };
  return (
    <Page title={<bdi>{one.name}</bdi>} kicker={unit?.name} back={back} lead={wayWords(one, app.now.value)}>
      <Pairs items={[
        { name: t("Job title"), value: roleWords(one) },
        ...(one.functions?.length ? [{ name: t("Functions"), value: one.functions.map(functionName).join(", ") }] : []),
        ...(one.phone ? [{ name: t("Phone"), value: phoneText(one.phone) }] : []),
        ...(one.leads ? [{ name: t("Leads the unit"), value: t("Yes") }] : []),
      ]} />
      {said}
      {!app.online.value && <NeedsNet />}
      <Buttons>
        <Button kind="primary" icon="qr" disabled={!app.online.value && offlineWords()} onPress={invite}>{one.expires_at ? t("Make a new invitation") : t("Make the invitation")}</Button>
        <Button kind="badline" icon="trash" disabled={!app.online.value && offlineWords()} onPress={() => setAsked(true)}>{t("Take back")}</Button>
      </Buttons>
      {open && <p class="sm muted inset">{t("A new invitation ends the one before.")}</p>}
      <AskSheet open={asked} onClose={() => setAsked(false)} title={t("Shall {name} not come?", { name: one.name })} lead={t("The link and the code open nothing any more.")} yes={{ label: t("Take back"), onPress: remove, kind: "bad" }} no={t("Keep as it is")} />
    </Page>
  );
}

const offlineWords = (): string => t("This needs a connection. Try again when you are online.");
const NeedsNet = () => <Notice tone="grey" icon="offline" title={offlineWords()} />;

/** Functions that most units have; the others by a press. */
const USUAL = ["coordinator", "counsellor", "nurse", "consultant", "head_teacher", "social_worker"] as const;

function FunctionChips({ values, onChange }: { values: readonly string[]; onChange: (values: string[]) => void }) {
  const [all, setAll] = useState(false);
  const keys = all ? Object.keys(FUNCTIONS).sort((a, b) => compare(functionName(a), functionName(b))) : [...new Set([...USUAL, ...values])];
  return (
    <div class="stack-2">
      <Chips several label={t("Functions")} values={[...values]} onChange={onChange} options={keys.map((value) => ({ value, label: functionName(value) }))} />
      {!all && <div><Button kind="quiet" slim icon="plus" onPress={() => setAll(true)}>{t("More functions")}</Button></div>}
    </div>
  );
}

interface Values { unit: string; kind: "staff" | "process_lead"; name_shown: string; title: string; functions: string[]; phone: string; leads: boolean }

function InviteForm({ units, own, onMade }: { units: readonly Unit[]; own: string; onMade: (made: Made, name: string) => void }) {
  const app = useApp();
  const { run, said } = useDoing();
  const admin = app.me.value?.kind === "admin";
  const form = useForm<Values>(
    { unit: own, kind: "staff", name_shown: "", title: "", functions: [], phone: "", leads: false },
    (v) => ({
      unit: !v.unit && t("Choose a unit"),
      name_shown: !v.name_shown.trim() && t("Write a name"),
      title: v.kind === "staff" && !v.title.trim() && t("Write a title"),
    }),
    async (v) => {
      const who = { unit: v.unit, name_shown: v.name_shown.trim() };
      const done = v.kind === "process_lead"
        ? await run("process_lead.invite", who, form)
        : await run("staff.invite", { ...who, title: v.title.trim(), functions: v.functions, ...(v.phone.trim() ? { phone: v.phone.trim() } : {}), ...(v.leads ? { leads: true } : {}) }, form);
      if (done.state === "done") onMade(done.result as Made, v.name_shown.trim());
      else if (done.state === "waiting") form.takeBack(done, v);
    },
  );
  const { values, ids, errors, set } = form;
  const unit = units.find((one) => one.id === values.unit);
  const area = app.one<Area>("area", unit?.area ?? "").value?.name;
  return (
    <Form form={form}>
      <Columns
        half
        left={<>
          {admin && (
            <Card>
              <ChoiceGroup
                legend={t("What will they be?")} value={values.kind} onChange={(kind) => set("kind", kind)}
                options={[
                  { value: "staff", label: t("A colleague in a unit"), hint: t("Works with children and families, or gives advice.") },
                  { value: "process_lead", label: t("Process lead of an area"), hint: area ? t("Leads the work in {area}. Sees no child.", { area }) : t("Leads the work in the unit's area. Sees no child.") },
                ]}
              />
            </Card>
          )}
          {units.length > 1 && <Card><UnitPicker legend={values.kind === "staff" ? t("In which unit?") : t("In the area of which unit?")} id={ids.unit} error={errors.unit} value={values.unit} onChange={(x) => set("unit", x)} /></Card>}
        </>}
        right={
          <Card>
            <Field label={t("Name")} id={ids.name_shown} value={values.name_shown} error={errors.name_shown} onInput={(x) => set("name_shown", x)} />
            {values.kind === "staff" && <>
              <Field label={t("Job title")} hint={t("As families and colleagues will see it")} id={ids.title} value={values.title} error={errors.title} onInput={(x) => set("title", x)} />
              <FunctionChips values={values.functions} onChange={(x) => set("functions", x)} />
              <Field label={t("Phone")} type="tel" optional id={ids.phone} value={values.phone} error={errors.phone} onInput={(x) => set("phone", x)} />
              <Switch label={t("Leads the unit")} hint={t("Hears of promises that were not kept, and decides who works here.")} checked={values.leads} onChange={(x) => set("leads", x)} />
            </>}
          </Card>
        }
      />
      {said}
      {!app.online.value && <NeedsNet />}
      <Button type="submit" kind="primary" block icon="qr" disabled={!app.online.value && offlineWords()}>{t("Make the invitation")}</Button>
    </Form>
  );
}

/** Inviting somebody: to the unit of the address, or to one that is chosen. */
export function InviteStaff({ params }: ViewProps) {
  const app = useApp();
  const [made, setMade] = useState<{ made: Made; name: string } | null>(null);
  const me = app.me.value;
  const self = app.one<Staff>("staff", me?.seat ?? "").value;
  const all = app.all<Unit>("unit").value.filter((one) => leads(me?.kind, self, one.id));
  const units = params.id ? all.filter((one) => one.id === params.id) : all;
  const first = units[0];
  // Units arrive one by one at the first sync: only then is it known whether there is anything to choose.
  if (isFirst(app)) return <Page busy><SkeletonPage hero={false} /></Page>;
  if (!first) return <Missing home="/contacts" />;
  const back = params.id ? { href: `/contacts/${params.id}`, label: t("Contacts") } : { href: "/people", label: t("Staff") };
  if (made) return <InvitationCard {...made} back={back} then={THEN()} again={() => setMade(null)} />;
  return (
    <Page title={t("Invite somebody")} kicker={units.length === 1 ? first.name : undefined} back={back} lead={t("You get a link and a code. They are shown once.")}>
      <InviteForm units={units} own={units.length === 1 ? first.id : ""} onMade={(result, name) => setMade({ made: result, name })} />
    </Page>
  );
}
