/** One case: what is asked, of whom, and since when; its leader takes it up, and whoever raised it takes it back. */
import { useState } from "preact/hooks";
import { capital, stamp } from "../../dates";
import { t } from "../../i18n";
import { navigate } from "../../router";
import { AskSheet, Badge, Button, CallButton, Card, Facts, Notice, OutboxFor, Page, Phone, useApp } from "../../ui";
import type { ViewProps } from "../roles";
import { Missing, useDoing } from "./kit";
import type { Child, Team, TeamCase } from "./model";
import { caseTitle, nextSession, sessionWords, waitedWords } from "./team-kit";
import { wantedWords } from "./words";

export function TeamCaseView({ params }: ViewProps) {
  const app = useApp();
  const { run, said } = useDoing();
  const [asking, setAsking] = useState(false);
  const one = app.one<TeamCase>("team_case", params.id ?? "").value;
  const team = app.one<Team>("team", one?.team ?? "").value;
  const child = app.one<Child>("child", one?.child ?? "").value;
  if (!one) return <Missing home="/team" />;
  const next = team && nextSession(team);
  const leads = team?.leaders.includes(app.me.value?.seat ?? "") ?? false;
  const stub = one.question === undefined;
  const by = one.raised_by;
  const takeBack = async (): Promise<void> => {
    setAsking(false);
    const done = await run("team.withdraw", { team_case: one.id });
    if (done.state !== "refused") navigate("/team", { replace: true });
  };
  return (
    <Page title={caseTitle(one, child)} kicker={team?.name} back={{ href: "/team", label: t("SAMBU team") }}>
      {one.consent_over && <Notice tone="warn" icon="share-with" title={t("The family's yes no longer holds")}><span>{t("The team does not see this any longer.")}</span><a href={`/team/raise?case=${one.id}`}>{t("Write it without a name")}</a></Notice>}
      {stub && <Notice tone="grey" icon="lock" title={t("You do not see who it is about")}><span>{t("Only those whom the family's yes names see the child. Call if somebody more should.")}</span></Notice>}
      <Card>
        <p>
          {one.basis === "consent" ? <Badge tone="good" icon="check">{t("The family has said yes")}</Badge> : <Badge icon="eye-off">{t("Without a name")}</Badge>}{" "}
          {one.session ? <Badge tone="good" icon="calendar">{capital(sessionWords(one.session))}</Badge> : <Badge tone="mark" icon="clock">{waitedWords(one)}</Badge>}
        </p>
        {one.question && <><h2>{t("The question")}</h2><p class="lead" dir="auto">{one.question}</p></>}
        <Facts items={[
          one.wanted && { icon: "hand", title: t("Help that is needed"), text: wantedWords(one.wanted) },
          by && { icon: "person", title: t("Raised by {name}", { name: by.name }), text: <>{[by.title, stamp(one.raised_at)].filter(Boolean).join(", ")}{by.phone && !leads && <> · <Phone number={by.phone} /></>}</> },
        ]} />
        {leads && by?.phone && <CallButton number={by.phone}>{t("Call {name}", { name: by.name })}</CallButton>}
      </Card>
      {said}
      <OutboxFor id={one.id} names={["team.schedule", "team.withdraw"]} />
      {leads && next && app.may("team.schedule", one) && <Button kind="primary" block icon="calendar" onPress={() => run("team.schedule", { team: one.team, team_case: one.id })}>{t("Take it up {when}", { when: sessionWords(next) })}</Button>}
      {app.may("team.withdraw", one) && <Button block icon="undo" onPress={() => setAsking(true)}>{t("Take back")}</Button>}
      {one.state === "raised" && !one.consent_over && !leads && <p class="sm muted inset">{t("Those who lead the team choose when it is taken up. Until then you can take it back.")}</p>}
      <AskSheet open={asking} onClose={() => setAsking(false)} title={t("Take back the question?")} yes={{ label: t("Take back"), onPress: takeBack, kind: "second" }} no={t("Keep as it is")} note={t("It is erased for the team and for you.")} />
    </Page>
  );
}
