/** Where other pages lead to the team: what has come in, what came back, and the way to raise something. */
import { t, tn } from "../../i18n";
import { Row, Rows, Section, useApp } from "../../ui";
import type { Child, Team, TeamCase } from "./model";

export function TeamRows() {
  const kind = useApp().me.value?.kind;
  if (kind === "admin") return null;
  return (
    <>
      {kind === "staff" && <Row icon="flag" tone="mark" title={t("Raise to the team")} text={t("With the family's yes, or without a name")} href="/team/raise" />}
      <Row icon="people" title={t("SAMBU team")} text={t("What has been raised, and when the team meets")} href="/team" />
    </>
  );
}

/** On a child's page: what has been raised about it, and the way to raise something. */
export function TeamRowsOf({ child }: { child: Child }) {
  const cases = useApp().all<TeamCase>("team_case").value.filter((one) => one.child === child.id);
  return (
    <>
      {cases.map((one) => <Row key={one.id} icon="flag" tone={one.consent_over ? "bad" : "mark"} title={t("Raised to the team")} text={one.question && <bdi>{one.question}</bdi>} href={`/team/cases/${one.id}`} />)}
      {child.state === "open" && !child.protected && <Row icon="flag" tone="grey" title={t("Raise to the team")} text={t("With the family's yes, or without a name")} href={`/team/raise?child=${child.id}`} />}
    </>
  );
}

/** On Today: new questions to a team that one leads, and one's own that came back. */
export function TeamNews() {
  const app = useApp();
  const cases = app.all<TeamCase>("team_case").value.filter((one) => one.state === "raised");
  const led = app.all<Team>("team").value.filter((one) => one.leaders.includes(app.me.value?.seat ?? ""));
  const news = led.map((team) => ({ team, n: cases.filter((one) => one.team === team.id).length })).filter((one) => one.n > 0);
  const back = app.outbox.value.filter((one) => one.name === "team.raise" && (one.state === "refused" || one.state === "draft"));
  if (news.length + back.length === 0) return null;
  return (
    <Section title={t("The team")}>
      <Rows>
        {back.map((one) => <Row key={one.id} icon="warning" tone="bad" title={t("Your question to the team was not sent")} text={t("Look at it and decide")} href={`/team/raise?item=${one.id}`} />)}
        {news.map(({ team, n }) => <Row key={team.id} icon="flag" tone="mark" title={tn("{n} new question to the team", "{n} new questions to the team", n)} text={team.name} href="/team" />)}
      </Rows>
    </Section>
  );
}
