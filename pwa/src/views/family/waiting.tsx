/** The wait: since when and on what basis, the target and the law as what they are, who is in touch meanwhile. */
import { useState } from "preact/hooks";
import { capital, daysBetween, fullDate, longDate, stamp, today } from "../../dates";
import { t, tn } from "../../i18n";
import { Button, Card, Empty, HelpCalls, LinkButton, Notice, OutboxFor, Page, Row, Rows, Section, SkeletonPage, Trail, type TrailStep, useApp } from "../../ui";
import { knownPerson } from "../known-person";
import type { ViewProps } from "../roles";
import { ChildSwitch, calledIn, useAbout, useChild } from "./child";
import type { Child, Measure, Waiting } from "./docs";
import { Missing } from "./fetching";
import { ShowWho, isByCode } from "./show-who";
import { useRead } from "./use-read";
import { basisWords, first, gotWords, listed, supportTitle, visitWords, worseWords } from "./words";
import { WorseSheet } from "./worse";

const FINAL = ["started", "ended"];

export function WaitingView({ params, query }: ViewProps) {
  const app = useApp();
  const { child, children } = useChild(params["id"] ?? query.get("about"));
  const all = [...useAbout<Waiting>("waiting", child?.id)].sort((a, b) => Number(FINAL.includes(a.state)) - Number(FINAL.includes(b.state)) || a.start_on.localeCompare(b.start_on));
  const wanted = params["id"];
  const asked = wanted ? app.one<Waiting>("waiting", wanted).value : undefined;
  const wait = wanted ? asked : all[0];
  useRead("waiting", all.map((one) => one.id));
  if (!child) return app.syncedAt.value === null ? <Page busy><SkeletonPage hero={false} /></Page> : <Missing />;
  if (wanted && !wait) return <Missing back="/waiting" />;
  const others = all.filter((one) => one !== wait);
  const name = calledIn(app, child);
  return (
    <Page
      {...(wanted ? { back: { href: "/waiting", label: t("The wait") } } : app.me.value?.kind === "young_person" ? { back: { href: "/", label: t("Home") } } : {})}
      kicker={wait && <bdi>{name ? t("{name} waits for {unit}", { name, unit: wait.unit_name }) : t("You wait for {unit}", { unit: wait.unit_name })}</bdi>} title={wait ? titleOf(wait) : t("The wait")}
      lead={wait && !FINAL.includes(wait.state) ? t("You need not call to keep the place.") : undefined}
    >
      {!wanted && <ChildSwitch child={child} children={children} />}
      {wait ? <OneWait wait={wait} name={name} /> : isByCode(app) ? <ShowWho /> : <NoWait name={name} over={Boolean(child.last_word)} />}
      <Measures child={child} queued={all.some((one) => !FINAL.includes(one.state))} />
      {others.length > 0 && (
        <Section title={t("Other waits")}>
          <Rows>{others.map((one) => <Row key={one.id} icon="trail" tone="grey" href={`/waiting/${one.id}`} title={<bdi>{one.unit_name}</bdi>} text={titleOf(one)} />)}</Rows>
        </Section>
      )}
      {wait && <Worse wait={wait} child={child} />}
    </Page>
  );
}

function NoWait({ name, over }: { name: string; over: boolean }) {
  const title = name ? t("{name} is in no queue here", { name }) : t("You are in no queue here");
  if (over) return <Empty icon="trail" title={title} />;
  return (
    <Empty icon="trail" title={title} text={t("Do you wait for something? Tell your coordinator, and you can follow it here.")}>
      <LinkButton block href="/coordinator/call?reason=waiting">{t("Tell about a wait")}</LinkButton>
    </Empty>
  );
}

/** The h1: what comes by when, or what has become of it. */
function titleOf(wait: Waiting): string {
  if (wait.state === "started") return t("It has begun");
  if (wait.state === "ended") return t("The wait has ended");
  if (wait.state === "offered") return t("You have been offered a time");
  const here = today();
  if (here <= wait.target_on) return visitWords(wait, fullDate(wait.target_on));
  if (here <= wait.overdue_after) return visitWords(wait, fullDate(wait.limit_on));
  return t("The wait has become too long");
}

function OneWait({ wait, name }: { wait: Waiting; name: string }) {
  const late = today() > wait.overdue_after && !FINAL.includes(wait.state);
  return (
    <>
      {late && (
        <Notice tone="mark" icon="flag" title={t("The limit of the law has passed")}>
          <span>{t("The region must then help you to another place that can, at no extra cost.")}</span>
          <LinkButton slim icon="phone" href="/coordinator/call?reason=waiting">{t("Ask for help with it")}</LinkButton>
        </Notice>
      )}
      {wait.state === "declined" && <Notice icon="info" title={t("You said no to a time")}><span>{t("You may change your mind. Say so, and it is counted anew from that day.")}</span></Notice>}
      <Card><Trail label={t("The wait, step by step")} steps={steps(wait, name)} /></Card>
      {wait.note && <Card><h2>{t("From your coordinator")}</h2><p dir="auto">{wait.note}</p></Card>}
    </>
  );
}

/** The wait in order of time; `name` as texts call the child. */
export function steps(wait: Waiting, name: string): TrailStep[] {
  const here = today();
  const over = FINAL.includes(wait.state);
  const past: { on: string; step: TrailStep }[] = [{ on: wait.start_on, step: { what: basisWords(wait.start_basis), why: t("The wait is counted from this day.") } }];
  if (wait.checked_in_on) past.push({ on: wait.checked_in_on, step: { icon: "phone", what: t("Your coordinator was in touch") } });
  if (!over && here > wait.target_on) past.push({ on: wait.target_on, step: { icon: "clock", what: t("The aim of 30 days has passed") } });
  const late = !over && here > wait.overdue_after;
  const paused = wait.paused_days ? tn("{n} day is not counted.", "{n} days are not counted.", wait.paused_days) : "";
  if (late) past.push({ on: wait.limit_on, step: { icon: "flag", what: t("The limit of 90 days has passed"), why: paused } });
  const found = past.sort((a, b) => a.on.localeCompare(b.on)).map(({ on, step }): TrailStep => ({ ...step, state: "done", time: capital(fullDate(on)) }));
  if (over) {
    found.push({ state: "done", what: titleOf(wait) });
    return found;
  }
  const waited = Math.max(0, daysBetween(wait.start_on, here));
  found.push({
    state: "now", time: t("Today, {date}", { date: fullDate(here) }),
    what: tn("You have waited {n} day", "You have waited {n} days", waited),
    why: wait.queue_fact && (
      <><span dir="auto">{wait.queue_fact.text}</span><br /><span>{t("Said {date}.", { date: longDate(wait.queue_fact.dated) })}</span></>
    ),
  });
  const ahead: { on: string; step: TrailStep }[] = [];
  if (wait.next_check_in_on)
    ahead.push({
      on: wait.next_check_in_on,
      step: {
        icon: "phone", time: t("Latest {date}", { date: fullDate(wait.next_check_in_on) }),
        what: wait.check_in_by ? t("{name} calls to hear how you are", { name: first(wait.check_in_by) }) : t("Somebody calls to hear how you are"),
        ...(wait.next_check_in_on < here ? { why: t("It is late. You can call yourself.") } : {}),
      },
    });
  // What the law has let pass is told above as what it is: no visit is promised by a day that is over.
  if (!late) {
    const isAim = here <= wait.target_on;
    const limit = isAim ? [t("This is the aim: within 30 days."), t("The limit of the law is 90 days, {date}.", { date: fullDate(wait.limit_on) })] : [t("This is the limit of the law: 90 days.")];
    const on = isAim ? wait.target_on : wait.limit_on;
    ahead.push({ on, step: { state: "goal", time: t("Latest {date}", { date: fullDate(on) }), what: gotWords(wait.what, name), why: [...limit, paused, t("If it becomes later you get help to another place.")].filter(Boolean).join(" ") } });
  }
  found.push(...ahead.sort((a, b) => a.on.localeCompare(b.on)).map(({ step }) => step));
  return found;
}

/** Until its day a measure is on offer, then it goes on: as the server says, the same for everybody who sees it. */
function Measures({ child, queued }: { child: Child; queued: boolean }) {
  const measures = [...useAbout<Measure>("support_measure", child.id)].sort((a, b) => a.starts_on.localeCompare(b.starts_on));
  useRead("support_measure", measures.map((one) => one.id));
  if (measures.length === 0) return null;
  const over = (one: Measure): boolean => one.state === "done" || one.state === "stopped";
  const where = (one: Measure): string => [one.contact_function, one.unit_name].filter(Boolean).join(", ");
  return (
    <Section title={supportTitle(measures)} note={queued && measures.some((one) => one.state === "offered") && t("Saying yes does not cost you the place in the queue.")}>
      <Card>
        <Trail label={supportTitle(measures)} steps={measures.map((one): TrailStep => ({
          state: over(one) ? "done" : one.state === "running" ? "now" : "ahead",
          time: over(one) ? capital(longDate(one.ended_on ?? one.starts_on)) : one.state === "running" && one.starts_on <= today() ? t("Since {date}", { date: longDate(one.starts_on) }) : t("From {date}", { date: fullDate(one.starts_on) }),
          what: <span dir="auto">{one.title}</span>,
          why: <><bdi>{where(one)}</bdi>{one.follow_up_on && <>{". "}{t("We look at how it goes {date}.", { date: longDate(one.follow_up_on) })}</>}</>,
        }))} />
      </Card>
    </Section>
  );
}

/** "Det har blivit sämre", and the numbers for when it cannot wait. */
function Worse({ wait, child }: { wait: Waiting; child: Child }) {
  const app = useApp();
  const [open, setOpen] = useState(false);
  return (
    <Section title={t("If it becomes worse")} id="worse">
      {wait.worse_at && (
        <Notice tone="good" icon="check-circle" title={t("You said that it has become worse {when}", { when: stamp(wait.worse_at) })}>
          <span>{[wait.worse?.length ? `${listed(wait.worse.map(worseWords))}.` : "", t("{name} has been told.", { name: first(wait.check_in_by) || child.display_name })].filter(Boolean).join(" ")}</span>
        </Notice>
      )}
      <OutboxFor id={wait.id} names={["waiting.worse"]} />
      {app.may("waiting.worse", wait) && !FINAL.includes(wait.state) && (
        <div class="stack-2">
          <Button block icon="flag" onPress={() => setOpen(true)}>{t("It has become worse")}</Button>
          <p class="sm muted inset">{t("Say that you wait already. Then the place in the queue may change.")}</p>
        </div>
      )}
      <HelpCalls short person={knownPerson(app)} />
      <WorseSheet wait={wait} open={open} onClose={() => setOpen(false)} />
    </Section>
  );
}
