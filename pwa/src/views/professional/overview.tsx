/** Läget: how true the directory is and how the term meetings go, for those who lead the area. Counted weekly, without names. */
import { fullDate, longDate, today } from "../../dates";
import { t, tn } from "../../i18n";
import { Bars, Button, Buttons, Card, Columns, Empty, Figures, Icon, LinkButton, Notice, Page, Row, Rows, Section, SkeletonPage, useApp } from "../../ui";
import { isFirst, useDoing } from "../staff/kit";
import type { Area, Unit } from "../staff/model";
import { csv, save } from "./csv";
import type { AreaFigures, ContactTally, FunctionContact, Task, TermMeeting } from "./model";
import { compare } from "./search";
import { TaskRow } from "./tasks";
import { functionIcon, functionName, gapWords, isStale, stateWords, termWords, weekShort } from "./words";

const few = (value: number | undefined): number | string => value ?? t("fewer than 5");
const percent = (part: number, whole: number): string => (whole > 0 ? `${Math.round((100 * part) / whole)} %` : "–");

interface Now { directory: AreaFigures["directory"]; units: AreaFigures["units"] }

/** The directory as it is this minute; the server's weekly figures hold what cannot be counted here. */
function directoryNow(contacts: readonly FunctionContact[], units: readonly Unit[]): Now {
  const stale = contacts.filter(isStale).length;
  const withBuse = new Set(contacts.filter((one) => one.badge === "buse").map((one) => one.unit));
  return {
    directory: {
      rows: contacts.length, confirmed: contacts.length - stale, stale, without_holder: contacts.filter((one) => one.gap?.includes("holder")).length,
      without_deputy: contacts.filter((one) => one.gap?.includes("deputy") && !one.gap.includes("holder")).length,
    },
    units: { all: units.length, without_buse: units.filter((one) => !withBuse.has(one.id)).length },
  };
}

export function Overview() {
  const app = useApp();
  const { run, said } = useDoing();
  if (isFirst(app)) return <Page busy><SkeletonPage hero={false} /></Page>;
  const figures = app.all<AreaFigures>("area_figures").value[0];
  const area = app.all<Area>("area").value.find((one) => app.all<TermMeeting>("term_meeting").value.some((meeting) => meeting.area === one.id));
  const contacts = app.all<FunctionContact>("function_contact").value;
  const gaps = contacts.filter((one) => one.gap?.length).sort((a, b) => compare(a.unit_name, b.unit_name));
  const tallies = [...app.all<ContactTally>("contact_tally").value].sort((a, b) => compare(a.unit_name, b.unit_name));
  const tasks = app.all<Task>("task").value.filter((one) => one.state === "open").sort((a, b) => ((a.by_on ?? "9") < (b.by_on ?? "9") ? -1 : 1));
  const now = directoryNow(contacts, app.all<Unit>("unit").value);
  const { directory, units } = now;
  const next = app.all<TermMeeting>("term_meeting").value.filter((one) => one.state === "planned" && Date.parse(one.ends_at) > app.now.value).sort((a, b) => (a.starts_at < b.starts_at ? -1 : 1))[0];
  const toFile = (): void => save(`samled-${today()}.csv`, csv(table(now, figures, tallies)));
  return (
    <Page title={directory.rows > 0 ? t("{part} of the contacts are confirmed", { part: percent(directory.confirmed, directory.rows) }) : t("Status")} kicker={area?.name} lead={t("Counted {day}", { day: fullDate(today()) })}>
      <Figures
        items={[
          { figure: directory.rows, text: t("contacts in the directory. {n} should be checked.", { n: directory.stale }) },
          { figure: directory.without_holder + directory.without_deputy, text: t("lack somebody: {holder} have nobody, {deputy} no deputy", { holder: directory.without_holder, deputy: directory.without_deputy }) },
          { figure: `${units.all - units.without_buse}/${units.all}`, text: t("units have a BUSE") },
        ]}
      />
      <Columns
        half
        left={<>
          {gaps.length > 0 && (
            <Section title={t("Functions that lack somebody")} end={<a class="sm no-print" href="/contacts">{t("See all")}</a>}>
              <Rows>{gaps.slice(0, 8).map((one) => <Row key={one.id} icon={functionIcon(one.function)} tone="bad" title={functionName(one.function)} text={`${one.unit_name} · ${gapWords(one.gap ?? [])}`} href={`/functions/${one.id}`} />)}</Rows>
            </Section>
          )}
          {figures && figures.functions_missing.length > 0 && <Notice tone="bad" icon="warning" title={t("No unit has these functions")}><span>{figures.functions_missing.map(functionName).join(", ")}</span></Notice>}
          {tallies.length > 0 && (
            <Section title={t("Contacts with BUSE")}>
              <Card>
                <Bars label={t("Contacts with BUSE")} items={tallies.map((one) => ({ label: one.unit_name, value: one.total ?? null }))} />
                {tallies.some((one) => one.total === undefined) && <Hidden />}
              </Card>
            </Section>
          )}
        </>}
        right={<>
          {!figures && <Empty icon="chart" title={t("Nothing is counted yet")} text={t("The figures come on Monday morning.")} />}
          {[...(figures?.terms ?? [])].reverse().slice(0, 3).map((one) => <TermFigures key={one.term_meeting} one={one} />)}
          {!next && <LinkButton icon="calendar" href="/terms">{t("Plan a term meeting")}</LinkButton>}
          {said}
          {tasks.length > 0 && <Section title={tn("{n} thing to do", "{n} things to do", tasks.length)} end={<a class="sm no-print" href="/tasks">{t("See all")}</a>}><Rows>{tasks.slice(0, 4).map((one) => <TaskRow key={one.id} one={one} run={run} />)}</Rows></Section>}
        </>}
      />
      <div class="no-print"><Buttons><Button icon="download" onPress={toFile}>{t("Save as a table (CSV)")}</Button><Button icon="print" onPress={() => window.print()}>{t("Print")}</Button></Buttons></div>
    </Page>
  );
}

function Hidden() {
  return <p class="sm muted"><Icon name="lock" /> {t("Figures below 5 are not shown, so that nobody can be recognised. Therefore there is no sum.")}</p>;
}

function TermFigures({ one }: { one: AreaFigures["terms"][number] }) {
  const day = useApp().one<TermMeeting>("term_meeting", one.term_meeting).value?.starts_at;
  const counted = one.state === "planned" || one.state === "held";
  const hidden = counted && [one.yes, one.no, one.none].some((value) => value === undefined);
  return (
    <Card>
      <Row bare icon="calendar" title={t("Term meeting, {term}", { term: termWords(one.term) })} text={[stateWords(one.state), one.state !== "draft" && day && longDate(day), one.invited !== undefined && tn("{n} called", "{n} called", one.invited)].filter(Boolean).join(" · ")} href={`/terms/${one.term_meeting}`} />
      {counted && <Bars
        label={t("Answers")} {...(one.invited ? { most: one.invited } : {})}
        items={[{ label: t("Come"), value: one.yes ?? null }, { label: t("Do not come"), value: one.no ?? null }, { label: t("Have not answered"), value: one.none ?? null }]}
      />}
      {hidden && <Hidden />}
    </Card>
  );
}

/** What is on the page, as rows; what is hidden stays hidden in the file. */
function table({ directory, units }: Now, figures: AreaFigures | undefined, tallies: readonly ContactTally[]): (string | number)[][] {
  const weeks = [...new Set(tallies.flatMap((one) => one.weeks.map((week) => week.week)))].sort();
  return [
    [t("Counted"), today()],
    [t("Contacts in the directory"), directory.rows], [t("Confirmed"), directory.confirmed], [t("To be checked"), directory.stale],
    [t("Nobody holds it"), directory.without_holder], [t("No deputy"), directory.without_deputy], [t("Units"), units.all], [t("Units without BUSE"), units.without_buse],
    [t("Missing functions"), (figures?.functions_missing ?? []).map(functionName).join(", ")],
    [],
    [t("Term meeting"), t("State"), t("Called"), t("Come"), t("Do not come"), t("Have not answered")],
    ...(figures?.terms ?? []).map((one) => (one.state === "planned" || one.state === "held" ? [one.term, stateWords(one.state), few(one.invited), few(one.yes), few(one.no), few(one.none)] : [one.term, stateWords(one.state)])),
    [],
    [t("Contacts with BUSE"), ...weeks.map(weekShort), t("In all")],
    ...tallies.map((one) => [one.unit_name, ...weeks.map((week) => { const found = one.weeks.find((other) => other.week === week); return found ? few(found.count) : ""; }), few(one.total)]),
  ];
}
