/** Raising something to a team: who it is about, then at most three fields. What the family's yes no longer covers is
 *  written on without a name. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../i18n";
import { navigate } from "../../router";
import { Button, Card, ChildName, Chips, Empty, Form, LinkButton, Ltr, Notice, Page, Row, Rows, SkeletonPage, TextArea, useApp, useForm } from "../../ui";
import type { ViewProps } from "../roles";
import { ageWords, isFirst, useDoing, useSelf } from "./kit";
import type { Child, Team, TeamCase } from "./model";
import { AGES, MOST_LETTERS, useGuard, useOwnNames } from "./question";
import { isIn, nextSession, sessionWords, useAgreed, useTeams } from "./team-kit";
import { WANTED, choices } from "./words";

interface Begun { team: string; question: string; wanted: string; age_band: string }
/** `child` is absent without a name; `item` is the unsent one it came from; `over`: a yes that no longer holds. */
interface About { child?: Child; begun?: Begun; item?: string; over?: boolean; suspects?: unknown }

const BACK = { href: "/team" };

/** What was written before, when one comes from something that was not sent or is not seen any longer. */
function useBefore(query: URLSearchParams): About | null {
  const app = useApp();
  const item = app.outbox.value.find((one) => one.id === query.get("item"));
  const old = app.one<TeamCase>("team_case", query.get("case") ?? "").value;
  const child = app.one<Child>("child", String(item?.args["child"] ?? old?.child ?? "")).value;
  const text = (name: string): string => String(item?.args[name] ?? old?.[name] ?? "");
  if (!item && !old) return null;
  const over = old !== undefined || item?.code === "consent_required";
  const begun = { team: text("team"), question: text("question"), wanted: text("wanted"), age_band: text("age_band") || (child?.age_band ?? "") };
  return { begun, over, ...(item ? { item: item.id, suspects: item.data } : {}), ...(child && !over ? { child } : {}) };
}

export function TeamRaise({ query }: ViewProps) {
  const app = useApp();
  const teams = useTeams();
  const agreed = useAgreed();
  const before = useBefore(query);
  const [chosen, setChosen] = useState<About | null>(null);
  const [at] = useState(query.get("child"));
  // Once begun it is gone on with: a yes that ends meanwhile is said, and takes nothing that was written.
  const begun = useRef<About | null>(null);
  const asked = app.one<Child>("child", at ?? "").value;
  const back = asked ? { href: `/children/${asked.id}`, label: t("The child") } : { ...BACK, label: t("SAMBU team") };
  if (isFirst(app)) return <Page busy><SkeletonPage hero={false} /></Page>;
  if (teams.length === 0) return <Page title={t("Raise to the team")} back={back}><Empty icon="people" title={t("No team in your area yet")} text={t("Those who lead the work in your area form one.")} /></Page>;
  const ready = agreed.find((one) => one.child.id === at);
  if (ready) begun.current ??= { child: ready.child };
  const about = chosen ?? before ?? begun.current;
  if (about) {
    const agreedTo = agreed.find((one) => one.child.id === about.child?.id)?.teams;
    return <Fill key={`${about.child?.id ?? ""}${about.item ?? ""}`} about={about} teams={agreedTo ?? teams} lost={about.child !== undefined && !agreedTo} back={back} onNameless={(begun) => setChosen({ begun, over: true })} />;
  }
  return asked ? <NoYes child={asked} team={teams[0]!} back={back} onNameless={() => setChosen({})} /> : <Who agreed={agreed} back={back} onChosen={setChosen} />;
}

interface Back { href: string; label: string }

function Who({ agreed, back, onChosen }: { agreed: readonly { child: Child }[]; back: Back; onChosen: (about: About) => void }) {
  return (
    <Page title={t("Who is it about?")} lead={t("A child is named only with the family's yes to the whole team.")} back={back}>
      <Rows>
        <Row icon="eye-off" tone="mark" title={t("Without a name")} text={t("The team hears the question, and not who it is about")} onPress={() => onChosen({})} />
        {agreed.map(({ child }) => <Row key={child.id} icon="person" tone="good" title={<ChildName name={child.display_name} />} text={`${ageWords(child)} · ${t("The family has said yes")}`} onPress={() => onChosen({ child })} />)}
      </Rows>
      <p class="sm muted inset">{t("Is a child missing here? Ask the family first, on the child's page.")}</p>
    </Page>
  );
}

/** A child whose family has not said yes to the team. */
function NoYes({ child, team, back, onNameless }: { child: Child; team: Team; back: Back; onNameless: () => void }) {
  const own = useSelf()?.unit;
  const units = team.units.filter((unit) => unit !== own).map((unit) => `&unit=${unit}`).join("");
  const people = team.members.filter((one) => one.unit !== own).map((one) => `&person=${one.person}`).join("");
  return (
    <Page title={t("The family has not said yes to the team")} kicker={<ChildName name={child.display_name} />} back={back}>
      <p>{t("Ask the family, or raise the question without a name.")}</p>
      <LinkButton kind="primary" block icon="share-with" href={`/children/${child.id}/consent?for=team${units}${people}`}>{t("Ask the family")}</LinkButton>
      <Button block icon="eye-off" onPress={onNameless}>{t("Raise without a name")}</Button>
    </Page>
  );
}

const key = (about = ""): string => `team.raise:${about}`;

function Fill({ about, teams, lost, back, onNameless }: { about: About; teams: readonly Team[]; lost: boolean; back: Back; onNameless: (begun: Begun) => void }) {
  const app = useApp();
  const { child, begun, item, over, suspects } = about;
  const { run, said, clear } = useDoing();
  const first = teams.find((one) => one.id === begun?.team) ?? teams.find((one) => isIn(app, one)) ?? teams[0]!;
  const chosen = (id: string): Team => teams.find((one) => one.id === id) ?? first;
  const form = useForm<Begun>(
    begun ? { ...begun, team: first.id } : { team: first.id, question: "", wanted: "", age_band: "" },
    (v) => ({
      question: !v.question.trim() ? t("Write what you ask the team") : v.question.length > MOST_LETTERS && t("Write a shorter text"),
      age_band: !child && !v.age_band && t("Choose an age"),
    }),
    async (v): Promise<void> => {
      const named = child ? { basis: "consent", child: child.id } : { basis: "without_name", age_band: v.age_band, confirmed: guard.confirmed };
      const done = await run("team.raise", { team: chosen(v.team).id, question: v.question.trim(), wanted: v.wanted, ...named }, form);
      if (done.state !== "refused") {
        navigate(done.state === "done" ? `/team/cases/${done.result.team_case}` : "/team", { replace: true });
        return item ? app.discard(item) : undefined;
      }
      if (done.code === "identifying_text") {
        clear();
        guard.refused(done.data);
      } else if (done.code === "consent_required" && child) await withoutName(v);
    },
    key(child?.id),
  );
  const withoutName = async (v: Begun): Promise<void> => {
    const nameless = { ...v, age_band: child?.age_band ?? "" };
    await app.saveDraft(key(), nameless);
    await app.dropDraft(key(child?.id));
    onNameless(nameless);
  };
  const guard = useGuard(child ? "" : form.values.question, (text) => form.set("question", text), useOwnNames());
  useEffect(() => {
    if (suspects) guard.refused(suspects);
  }, []);
  const { set, values: v } = form;
  const team = chosen(v.team);
  const next = nextSession(team);
  return (
    <Page title={t("Raise to the team")} kicker={child ? <ChildName name={child.display_name} /> : t("Without a name")} back={back}>
      {over && <Notice tone="warn" icon="share-with" alert title={t("The family's yes no longer holds")}><span>{t("The team has got nothing. Now the question is without a name: take away what says who it is about.")}</span></Notice>}
      {lost && <Notice tone="warn" icon="share-with" alert title={t("The family's yes no longer holds")}><Button slim onPress={() => withoutName(v)}>{t("Write it without a name")}</Button></Notice>}
      <Form form={form} label={t("Raise to the team")}>
        <Card>
          <TextArea
            label={t("What do you ask the team?")} max={MOST_LETTERS} id={form.ids.question} value={v.question} error={form.errors["question"]} onInput={(x) => set("question", x)}
            hint={child ? undefined : t("Write without name, school or personal identity number. What is rare can also tell who it is.")}
          />
          {guard.shown}
          {!child && <Chips label={t("Age")} id={form.ids.age_band} options={AGES.map((value) => ({ value, label: <Ltr>{value.replace("-", "–")}</Ltr> }))} values={v.age_band ? [v.age_band] : []} onChange={([x]) => x && set("age_band", x)} />}
          {form.errors["age_band"] && <p class="error">{form.errors["age_band"]}</p>}
          <Chips label={t("Help that is needed")} options={choices(WANTED)} values={v.wanted ? [v.wanted] : []} onChange={([x]) => x && set("wanted", x)} />
          {teams.length > 1 && <Chips label={t("Which team?")} options={teams.map((one) => ({ value: one.id, label: one.name }))} values={[team.id]} onChange={([x]) => x && set("team", x)} />}
        </Card>
        {said}
        <Button type="submit" kind="primary" block disabled={guard.blocking}>{t("Send to the team")}</Button>
        <Below>{child ? t("Those in the team whom the family's yes names see the child and the question. Others see that there is one.") : t("Everybody in the team sees the question, and that it is you who ask.")}</Below>
        {next && <Below>{t("{team} meets next {when}.", { team: team.name, when: sessionWords(next) })}</Below>}
        {!app.online.value && <Below>{child ? t("You are offline. It waits on this device. When it is sent, the server looks whether the family's yes still holds.") : t("You are offline. It waits on this device and is sent when you are online.")}</Below>}
      </Form>
    </Page>
  );
}

function Below({ children }: { children: ComponentChildren }) {
  return <p class="sm muted inset">{children}</p>;
}
