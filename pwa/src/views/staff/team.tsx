/** The team: what has been raised, those who have waited longest first; what one has raised oneself; and when it meets. */
import { capital } from "../../dates";
import { t } from "../../i18n";
import { navigate } from "../../router";
import type { OutboxItem } from "../../state/api";
import { Badge, Columns, Empty, LinkButton, Notice, OutboxNotice, Page, Row, Rows, Section, SkeletonPage, useApp } from "../../ui";
import { isFirst } from "./kit";
import type { Child, Team, TeamCase } from "./model";
import { caseTitle, isIn, isOwn, nextSession, sessionWords, useTeams, waitedWords } from "./team-kit";

const OPEN = new Set(["raised", "scheduled"]);

function CaseRow({ one, child, own = false }: { one: TeamCase; child: Child | undefined; own?: boolean }) {
  const by = one.raised_by && !own ? ` · ${t("Raised by {name}", { name: one.raised_by.name })}` : "";
  return (
    <Row
      icon={one.basis === "consent" ? "person" : "eye-off"} tone={one.consent_over ? "bad" : one.state === "raised" ? "mark" : "good"} title={caseTitle(one, child)}
      text={one.consent_over ? t("The family's yes has ended") : one.session ? capital(sessionWords(one.session)) : `${waitedWords(one)}${by}`} href={`/team/cases/${one.id}`}
      end={own ? undefined : one.state === "raised" ? <Badge tone="mark" icon="flag">{t("New")}</Badge> : <Badge tone="good" icon="calendar">{t("On the list")}</Badge>}
    />
  );
}

/** What is on its way or came back. */
function Unsent() {
  const app = useApp();
  const items = app.outbox.value.filter((one) => one.name.startsWith("team."));
  const edit = (item: OutboxItem): void => navigate(`/team/raise?item=${item.id}`);
  return (
    <>
      {items.map((item) =>
        item.name === "team.raise" && item.state === "refused" && item.code === "consent_required"
          ? <Notice key={item.id} tone="warn" icon="share-with" alert title={t("The family's yes no longer holds")}><span>{t("The team has got nothing. What you wrote is kept, and can be raised without a name.")}</span><a href={`/team/raise?item=${item.id}`}>{t("Write it without a name")}</a></Notice>
          : <OutboxNotice key={item.id} item={item} what={item.name === "team.raise" ? t("A question to the team") : undefined} onEdit={item.name === "team.raise" ? edit : undefined} />)}
    </>
  );
}

export function TeamPage() {
  const app = useApp();
  const teams = useTeams();
  const children = new Map(app.all<Child>("child").value.map((child) => [child.id, child]));
  const cases = app.all<TeamCase>("team_case").value.filter((one) => OPEN.has(one.state)).sort((a, b) => (a.raised_at < b.raised_at ? -1 : 1));
  if (isFirst(app)) return <Page busy><SkeletonPage hero={false} /></Page>;
  const mine = teams.filter((team) => isIn(app, team));
  const own = cases.filter((one) => isOwn(one, children));
  const lead = app.me.value?.kind === "process_lead";
  const first = lead ? <LinkButton kind="primary" block icon="plus" href="/team/new">{t("Form a team")}</LinkButton> : teams.length > 0 && <LinkButton kind="primary" block icon="flag" href="/team/raise">{t("Raise to the team")}</LinkButton>;
  return (
    <Page title={t("SAMBU team")} lead={t("Professionals who meet at a fixed time and help each other on.")}>
      <Unsent />
      {first}
      {teams.length === 0 && <Empty icon="people" title={t("No team in your area yet")} text={t("Those who lead the work in your area form one.")} />}
      <Columns
        half
        left={mine.map((team) => {
          const queue = cases.filter((one) => one.team === team.id && !one.consent_over);
          return (
            <Section key={team.id} title={team.name} note={<When team={team} />}>
              {queue.length > 0 ? <Rows>{queue.map((one) => <CaseRow key={one.id} one={one} child={children.get(one.child ?? "")} />)}</Rows> : <p class="muted inset">{t("Nothing is waiting.")}</p>}
            </Section>
          );
        })}
        right={<>
          {own.length > 0 && <Section title={t("What you have raised")}><Rows>{own.map((one) => <CaseRow key={one.id} one={one} child={children.get(one.child ?? "")} own />)}</Rows></Section>}
          {teams.some((team) => !mine.includes(team)) && (
            <Section title={t("Teams in the area")}>
              <Rows>{teams.filter((team) => !mine.includes(team)).map((team) => <Row key={team.id} icon="people" title={team.name} text={<When team={team} />} href={lead ? `/team/${team.id}/change` : undefined} />)}</Rows>
            </Section>
          )}
        </>}
      />
    </Page>
  );
}

function When({ team }: { team: Team }) {
  const next = nextSession(team);
  return <>{[next && t("Next: {when}", { when: sessionWords(next) }), team.place].filter(Boolean).join(" · ")}</>;
}
