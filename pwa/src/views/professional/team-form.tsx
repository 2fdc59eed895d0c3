/** Forming a team, or changing one: who is in it, who leads it, and its fixed time and place. By those who lead an area. */
import { useId, useState } from "preact/hooks";
import { addDays, today } from "../../dates";
import { t, tn } from "../../i18n";
import { navigate } from "../../router";
import { Button, Card, ChoiceGroup, ChoiceList, Chips, Columns, Field, Form, OutboxNotice, Page, Row, Rows, useApp, useForm } from "../../ui";
import type { ViewProps } from "../roles";
import { useListed, useSearch } from "../staff/directory";
import { Missing, useDoing } from "../staff/kit";
import type { Team } from "../staff/model";

const SHOWN = 6;
const WEEKS = ["1", "2", "3", "4"];

interface Values { called: string; members: string[]; leader: string; first_on: string; at: string; every: string; place: string }

/** Somebody of the area, found by function, unit or name. */
function Finding({ chosen, onChoose }: { chosen: readonly string[]; onChoose: (person: string) => void }) {
  const id = useId();
  const [words, setWords] = useState("");
  const found = useSearch(words).filter((one) => !chosen.includes(one.person));
  return (
    <>
      <Field label={t("Add somebody")} hint={t("Search by function, unit or name.")} type="search" inputMode="search" icon="search" id={id} value={words} onInput={setWords} />
      {words.trim() && <p class="sm muted" role="status">{tn("{n} person fits", "{n} people fit", found.length)}</p>}
      {found.length > 0 && <Rows>{found.slice(0, SHOWN).map((one) => <Row key={one.person} icon="plus" tone="good" title={one.name} text={`${one.functions.join(", ")} · ${one.unit_name}`} onPress={() => { onChoose(one.person); setWords(""); }} />)}</Rows>}
    </>
  );
}

export function TeamForm({ params }: ViewProps) {
  const team = useApp().one<Team>("team", params["id"] ?? "").value;
  // What the form begins with is the team as it is: it must be here before the form.
  return params["id"] && !team ? <Missing home="/team" /> : <OneTeam key={params["id"]} team={team} />;
}

function OneTeam({ team }: { team: Team | undefined }) {
  const app = useApp();
  const { run, said } = useDoing();
  const people = new Map(useListed().map((one) => [one.person, { label: one.name, hint: `${one.title}, ${one.unit_name}` }]));
  for (const one of team?.members ?? []) people.set(one.person, { label: one.name, hint: one.title });
  const form = useForm<Values>(
    {
      called: team?.name ?? "", members: team?.members.map((one) => one.person) ?? [], leader: team?.leaders[0] ?? "", first_on: team?.sessions[0]?.slice(0, 10) ?? "", at: team?.at ?? "",
      every: String(team?.every_weeks ?? 2), place: team?.place ?? "",
    },
    (v) => ({
      called: !v.called.trim() && t("Write what the team is called"), leader: !v.members.includes(v.leader) && t("Choose who leads the team"), members: v.members.length === 0 && t("Add those who are in the team"),
      first_on: !v.first_on && t("Choose a day"), at: !/^\d{2}:\d{2}$/.test(v.at) && t("Choose a time of day"),
    }),
    async (v) => {
      const args = { called: v.called.trim(), members: v.members, leaders: [v.leader], first_on: v.first_on, at: v.at, every_weeks: Number(v.every), place: v.place.trim() };
      const done = await (team ? run("team.change", { team: team.id, ...args }, form) : run("team.form", args, form));
      if (done.state !== "refused") navigate("/team", { replace: true });
    },
  );
  const v = form.values;
  const members = v.members.map((value) => ({ value, ...(people.get(value) ?? { label: t("Somebody") }) }));
  return (
    <Page title={team ? t("Change the team") : t("Form a team")} lead={t("Colleagues of several units who meet at a fixed time.")} back={{ href: "/team", label: t("SAMBU team") }}>
      {app.outbox.value.filter((one) => one.name === "team.form" || one.name === "team.change").map((one) => <OutboxNotice key={one.id} item={one} what={String(one.args["called"] ?? "")} />)}
      <Form form={form}>
        <Columns
          half
          left={<>
            <Card><Field label={t("What is the team called?")} id={form.ids.called} value={v.called} error={form.errors["called"]} onInput={(x) => form.set("called", x.slice(0, 80))} /></Card>
            <Card>
              {members.length > 0 && <ChoiceList legend={t("Who is in it?")} id={form.ids.members} options={members} values={v.members} onChange={(x) => form.set("members", x)} />}
              {form.errors["members"] && <p class="error">{form.errors["members"]}</p>}
              <Finding chosen={v.members} onChoose={(person) => form.set("members", [...v.members, person])} />
            </Card>
          </>}
          right={<>
            {members.length > 0 && <Card><ChoiceGroup legend={t("Who leads it?")} id={form.ids.leader} error={form.errors["leader"]} options={members} value={v.leader || null} onChange={(x) => form.set("leader", x)} /></Card>}
            <Card>
              <Field label={t("First time")} type="date" min={today()} max={addDays(today(), 365)} {...form.of("first_on")} />
              <Field label={t("Begins")} type="time" {...form.of("at")} />
              <Chips label={t("How often?")} options={WEEKS.map((value) => ({ value, label: tn("Every week", "Every {n} weeks", Number(value)) }))} values={[v.every]} onChange={([x]) => x && form.set("every", x)} />
              <Field label={t("Room or address")} optional id={form.ids.place} value={v.place} onInput={(x) => form.set("place", x.slice(0, 80))} />
            </Card>
            {said}
            <Button type="submit" kind="primary" block>{team ? t("Save") : t("Form a team")}</Button>
          </>}
        />
      </Form>
    </Page>
  );
}
