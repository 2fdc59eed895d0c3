/** Läget: how true the directory is and how the term meetings go, for those who lead the area. Counted weekly, without names. */
import { useState } from "preact/hooks";
import { dateOf, fullDate, longDate, stamp, today } from "../../dates";
import { t, tn } from "../../i18n";
import { Button, Buttons, Card, Columns, Empty, Icon, LinkButton, Notice, Page, Pairs, Row, Rows, Section, SkeletonPage, useApp } from "../../ui";
import { Bars, Figures } from "../../ui/staff";
import { isFirst } from "../staff/kit";
import type { Area, Unit } from "../staff/model";
import { type Now, directoryNow } from "./counted";
import { csv, save } from "./csv";
import type { AreaFigures, ContactTally, FunctionContact, Task, TermMeeting } from "./model";
import { compare } from "./search";
import { TaskRow } from "./task-row";
import { useTicking } from "./ticking";
import { functionIcon, functionName, gapWords, meetingWords, stateWords, weekShort } from "./words";

/** What is hidden is small, or would tell what is small. */
const few = (value: number | undefined): number | string => value ?? t("not shown");
const percent = (part: number, whole: number): string => (whole > 0 ? `${Math.round((100 * part) / whole)} %` : "–");

export function Overview() {
  const app = useApp();
  const ticking = useTicking();
  if (isFirst(app)) return <Page busy><SkeletonPage hero={false} /></Page>;
  const figures = app.all<AreaFigures>("area_figures").value[0];
  const area = app.all<Area>("area").value.find((one) => app.all<TermMeeting>("term_meeting").value.some((meeting) => meeting.area === one.id));
  const contacts = app.all<FunctionContact>("function_contact").value;
  const gaps = contacts.filter((one) => one.gap?.length).sort((a, b) => compare(a.unit_name, b.unit_name));
  const tallies = [...app.all<ContactTally>("contact_tally").value].sort((a, b) => compare(a.unit_name, b.unit_name));
  const tasks = app.all<Task>("task").value.filter(ticking.listed).sort((a, b) => ((a.by_on ?? "9") < (b.by_on ?? "9") ? -1 : 1));
  const weekly = figures && t("Counted {day}", { day: fullDate(figures.counted_on) });
  const since = [figures?.since && t("Since {day}", { day: longDate(figures.since) }), weekly, t("in steps of at least five")].filter(Boolean).join(" · ");
  // Without a connection what is here is as old as the last one, whatever day it is.
  const synced = app.syncedAt.value ?? app.now.value;
  const asOf = app.online.value ? t("The directory as it is now") : t("The directory at the last connection, {when}", { when: stamp(synced) });
  const counted = app.online.value ? today() : dateOf(synced);
  const now = directoryNow(contacts, app.all<Unit>("unit").value);
  const { directory, units } = now;
  const next = app.all<TermMeeting>("term_meeting").value.filter((one) => one.state === "planned" && Date.parse(one.ends_at) > app.now.value).sort((a, b) => (a.starts_at < b.starts_at ? -1 : 1))[0];
  const kept = figures?.promises?.find((one) => one.unit === ALL);
  const toFile = (): void => save(`samled-${today()}.csv`, csv(table(now, gaps, counted, figures, tallies)));
  const told = kept?.kept !== undefined && kept.total ? t("{part} of the promises were kept in time", { part: percent(kept.kept, kept.total) }) : undefined;
  return (
    <Page title={told ?? (directory.rows > 0 ? t("{part} of the contacts are confirmed", { part: percent(directory.confirmed, directory.rows) }) : t("Status"))} kicker={area?.name} lead={told ? weekly : asOf}>
      <Figures
        items={[
          { figure: directory.rows, text: t("contacts in the directory. {n} should be checked.", { n: directory.stale }) },
          { figure: directory.without_holder + directory.without_deputy, text: t("lack somebody: {holder} have nobody, {deputy} no deputy", { holder: directory.without_holder, deputy: directory.without_deputy }) },
          { figure: `${units - now.withoutBuse.length}/${units}`, text: t("units have a BUSE") },
        ]}
      />
      {told && <p class="sm muted inset">{asOf}</p>}
      <Columns
        half
        left={<>
          {(figures?.promises?.length ?? 0) > 0 && <Counted title={t("Promises kept")} note={since} rows={figures?.promises ?? []} words={(one) => ({ part: one.kept, rest: one.late === undefined ? "" : tn("{n} late", "{n} late", one.late) })} />}
          {now.withoutBuse.length > 0 && <NoBuse units={now.withoutBuse} />}
          {gaps.length > 0 && (
            <Section title={t("Functions that lack somebody")} end={<a class="sm no-print" href="/contacts">{t("See all")}</a>}>
              <Rows>{gaps.slice(0, 8).map((one) => <Row key={one.id} icon={functionIcon(one.function)} tone="bad" title={functionName(one.function)} text={`${one.unit_name} · ${gapWords(one.gap ?? [])}`} href={`/functions/${one.id}`} />)}</Rows>
            </Section>
          )}
          {figures && figures.functions_missing.length > 0 && <Notice tone="bad" icon="warning" title={t("No unit has these functions")}><span>{figures.functions_missing.map(functionName).join(", ")}</span><span class="sm">{weekly}</span></Notice>}
          {(figures?.times?.length ?? 0) > 0 && <Counted title={t("Times for advice")} note={since} rows={figures?.times ?? []} words={(one) => ({ part: one.used, rest: one.unused === undefined ? "" : tn("{n} not used", "{n} not used", one.unused) })} />}
          {tallies.length > 0 && (
            <Section title={t("Contacts with BUSE")} note={t("In whole fives")}>
              <Card>
                {tallies.some((one) => one.total !== undefined)
                  ? <Bars label={t("Contacts with BUSE")} items={tallies.map((one) => ({ label: one.unit_name, value: one.total ?? null, text: String(few(one.total)) }))} />
                  : <p class="muted">{t("Too few to be shown.")}</p>}
              </Card>
            </Section>
          )}
        </>}
        right={<>
          {!figures && <Empty icon="chart" title={t("Nothing is counted yet")} text={t("The figures come on Monday morning.")} />}
          {(figures?.terms ?? []).filter((one) => one.state !== "draft").reverse().slice(0, 3).map((one) => <TermFigures key={one.term_meeting} one={one} />)}
          {!next && <LinkButton icon="calendar" href="/terms">{t("Plan a term meeting")}</LinkButton>}
          {ticking.said}
          <p class="vh" role="status">{ticking.heard}</p>
          {tasks.length > 0 && <Section title={tn("{n} thing to do", "{n} things to do", tasks.filter((one) => one.state === "open").length)} end={<a class="sm no-print" href="/tasks">{t("See all")}</a>}><Rows>{tasks.slice(0, 4).map((one) => <TaskRow key={one.id} one={one} ticking={ticking} />)}</Rows></Section>}
        </>}
      />
      {hides(figures, tallies) && <p class="sm muted inset"><Icon name="lock" /> {t("Figures below 5 are not shown, nor what would tell them, so that nobody can be recognised.")}</p>}
      <div class="no-print"><Buttons><Button icon="download" onPress={toFile}>{t("Save as a table (CSV)")}</Button><Button icon="print" onPress={() => window.print()}>{t("Print")}</Button></Buttons></div>
    </Page>
  );
}

/** So many units before the rest is folded away. */
const SHOWN = 8;

/** Each unit without anybody to turn to as BUSE, by name. */
function NoBuse({ units }: { units: Now["withoutBuse"] }) {
  const [all, setAll] = useState(false);
  return (
    <Section title={tn("{n} unit has no BUSE", "{n} units have no BUSE", units.length)}>
      <Rows>{units.slice(0, all ? units.length : SHOWN).map((one) => <Row key={one.id} icon="warning" tone="bad" title={one.name} text={one.town} href={`/contacts/${one.id}`} />)}</Rows>
      {units.length > SHOWN && !all && <Button block onPress={() => setAll(true)}>{tn("Show {n} more", "Show {n} more", units.length - SHOWN)}</Button>}
    </Section>
  );
}

/** Whether anything on the page is left out: said once, whatever it is. */
function hides(figures: AreaFigures | undefined, tallies: readonly ContactTally[]): boolean {
  const counts = [
    ...(figures?.promises ?? []).flatMap((one) => [one.kept, one.total]), ...(figures?.times ?? []).flatMap((one) => [one.used, one.total]), ...tallies.map((one) => one.total),
  ];
  return counts.includes(undefined);
}

interface Cells { unit: string; unit_name?: string; kept?: number; late?: number; used?: number; unused?: number; total?: number }
const ALL = "all";

/** What a row of counts is about: a unit, those with few together, or everybody. */
const placeWords = (one: Cells): string => (one.unit === ALL ? t("All units") : one.unit_name ?? t("Units with few, together"));

/** Counts by unit, the largest first and everybody last. */
function Counted({ title, note, rows, words }: { title: string; note: string; rows: readonly Cells[]; words: (one: Cells) => { part: number | undefined; rest: string } }) {
  const order = (one: Cells): number => (one.unit === ALL ? -2 : one.unit === "" ? -1 : one.total ?? 0);
  const sorted = [...rows].sort((a, b) => order(b) - order(a));
  return (
    <Section title={title} note={note}>
      {rows.every((one) => one.total === undefined && words(one).part === undefined) ? <Card><p class="muted">{t("Too few to be shown.")}</p></Card> : <Pairs items={sorted.map((one) => { const { part, rest } = words(one); return { name: placeWords(one), value: <>{part !== undefined && one.total !== undefined ? t("{part} of {all}", { part, all: one.total }) : one.total !== undefined ? t("{n} in all", { n: one.total }) : few(part)}{rest && <span class="sm muted"> · {rest}</span>}</> }; })} />}
    </Section>
  );
}

function TermFigures({ one }: { one: AreaFigures["terms"][number] }) {
  const day = useApp().one<TermMeeting>("term_meeting", one.term_meeting).value?.starts_at;
  const answers = [[t("Come"), one.yes], [t("Do not come"), one.no], [t("Have not answered"), one.none]] as const;
  return (
    <Card>
      <Row bare icon="calendar" title={meetingWords(one)} text={[stateWords(one.state), one.state !== "draft" && day && longDate(day), one.invited !== undefined && tn("{n} called", "{n} called", one.invited)].filter(Boolean).join(" · ")} href={`/terms/${one.term_meeting}`} />
      {one.invited !== undefined && <Bars label={t("Answers")} most={one.invited > 0 ? one.invited : undefined} items={answers.map(([label, value]) => ({ label, value: value ?? 0 }))} />}
    </Card>
  );
}

/** What is on the page, as rows; what is hidden stays hidden in the file. */
function table({ directory, units, withoutBuse }: Now, gaps: readonly FunctionContact[], counted: string, figures: AreaFigures | undefined, tallies: readonly ContactTally[]): (string | number)[][] {
  const weeks = [...new Set(tallies.flatMap((one) => one.weeks.map((week) => week.week)))].sort();
  return [
    [t("The directory, counted"), counted],
    [t("Contacts in the directory"), directory.rows], [t("Confirmed"), directory.confirmed], [t("To be checked"), directory.stale],
    [t("Nobody holds it"), directory.without_holder], [t("No deputy"), directory.without_deputy], [t("Units"), units],
    [t("Units without BUSE"), withoutBuse.length, ...withoutBuse.map((one) => one.name)],
    [],
    [t("Functions that lack somebody"), gaps.length],
    ...gaps.map((one) => [one.unit_name, functionName(one.function), gapWords(one.gap ?? [])]),
    [],
    [t("Counted weekly, last"), figures?.counted_on ?? ""],
    [t("No unit has these functions"), ...(figures?.functions_missing ?? []).map(functionName)],
    [],
    [t("Term meeting"), t("State"), t("Called"), t("Come"), t("Do not come"), t("Have not answered")],
    ...(figures?.terms ?? []).map((one) => [meetingWords(one), stateWords(one.state), ...[one.invited, one.yes, one.no, one.none].filter((count) => count !== undefined)]),
    [],
    [t("Promises"), t("Kept"), t("Late"), t("In all")],
    ...(figures?.promises ?? []).map((one) => [placeWords(one), few(one.kept), few(one.late), few(one.total)]),
    [],
    [t("Times for advice"), t("Used"), t("Not used"), t("In all")],
    ...(figures?.times ?? []).map((one) => [placeWords(one), few(one.used), few(one.unused), few(one.total)]),
    [],
    [t("Contacts with BUSE"), ...weeks.map(weekShort), t("In all")],
    ...tallies.map((one) => [one.unit_name, ...weeks.map((week) => { const found = one.weeks.find((other) => other.week === week); return found ? few(found.count) : ""; }), few(one.total)]),
  ];
}
