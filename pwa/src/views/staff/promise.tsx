/** The promise to call back, as the one who owes it sees it. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { addDays, atTime, dateOf, dayWords, fullDate, stamp, time, today, weekdayOf } from "../../dates";
import { t, tn } from "../../i18n";
import { Button, CallButton, Days, type DayMarker, Hero, LinkButton, Notice, OutboxFor, Phone, Sheet, dial, shownName, useApp } from "../../ui";
import { navigate } from "../../router";
import type { App } from "../../state/api";
import { isHeld, partOf, useDoing, useUnsent } from "./kit";
import type { Child, ContactRequest, Coordinator } from "./model";
import { DID, didWords, goodTimes, kindWords, listed, reasonWords } from "./words";

/** "Anna, vårdnadshavare till Elsa"; initials while names are hidden. */
export function askerWords(request: ContactRequest, child: Child | undefined): string {
  const name = shownName(request.asked_by?.name ?? "");
  const kind = request.asked_by?.kind;
  if (kind === "staff") return request.asked_by?.unit_name ? `${request.asked_by.name ?? ""}, ${request.asked_by.unit_name}` : request.asked_by?.name ?? "";
  if (kind === "guardian" && child) return t("{name}, guardian of {child}", { name, child: shownName(child.display_name) });
  return name || kindWords(kind ?? "");
}

export function isLate(request: ContactRequest, nowMs: number): boolean {
  return request.state === "open" && (request.escalated_at !== undefined || Date.parse(request.due_at) < nowMs);
}

/** "Du lovade att höra av dig senast i dag 17.00"; `by` is whose promise it is, when one stands in for them. */
export function pledgeWords(request: ContactRequest, nowMs: number, by?: string): string {
  const when = { day: dayWords(request.due_on), time: time(request.due_at) };
  if (by) return isLate(request, nowMs) ? t("Late. {name} promised to be in touch by {day} {time}", { name: by, ...when }) : t("{name} promised to be in touch by {day} {time}", { name: by, ...when });
  if (!request.child) return isLate(request, nowMs) ? t("Late. Your unit promised to be in touch by {day} {time}", when) : t("Your unit promised to be in touch by {day} {time}", when);
  return isLate(request, nowMs) ? t("Late. You promised to be in touch by {day} {time}", when) : t("You promised to be in touch by {day} {time}", when);
}

/** The working days of the promise; days between are drawn only when weekends explain every day left out. */
function markers(request: ContactRequest): DayMarker[] {
  const asked = dateOf(request.asked_at);
  const now = today();
  const between: string[] = [];
  for (let day = addDays(asked, 1); day < request.due_on; day = addDays(day, 1)) if (weekdayOf(day) < 5) between.push(day);
  const middle = between.length < request.promise_days && between.length < 6 ? between : [];
  const state = (day: string): DayMarker["state"] => (day < now ? "done" : day === now ? "now" : "ahead");
  return [
    { date: asked, state: "done", label: t("Asked") },
    ...middle.map((date) => ({ date, state: state(date), label: date === now ? t("Today") : undefined })),
    ...(request.due_on === asked ? [] : [{ date: request.due_on, state: "goal" as const, label: request.due_on === now ? t("Today") : t("By") }]),
  ];
}

/** What to say about a promise that is late: who else knows. */
function lateWords(request: ContactRequest, own: string | undefined): string | null {
  if (!request.escalated_at) return null;
  const names = request.escalated_to ?? [];
  if (own && names.includes(own)) {
    const others = names.filter((name) => name !== own);
    return others.length > 1 ? t("{names} know that it is late. So does the one who asked.", { names: listed([t("You"), ...others]) }) : others.length > 0 ? t("You and {names} know that it is late. So does the one who asked.", { names: listed(others) }) : t("You have got it because it is late. The one who asked knows it.");
  }
  return names.length > 0 ? t("{names} know that it is late. So does the one who asked.", { names: listed(names) }) : t("The one who asked knows that it is late.");
}

/** The other one of coordinator and deputy, who sees the same promise. */
function standIn(app: App, coordinator: Coordinator | undefined): { name: string; phone?: string | undefined } | undefined {
  if (partOf(app, coordinator) !== "deputy") return coordinator?.deputy;
  return coordinator?.name ? { name: coordinator.name, phone: coordinator.phone } : undefined;
}

/** "How did it go?" over the page, and what came of it. It outlives the promise's own card, which goes when it is answered. */
export function useAnswering(): { ask: (request: string) => void; shown: ComponentChildren } {
  const { run, said } = useDoing();
  const [asked, setAsked] = useState<string | null>(null);
  const [told, setTold] = useState<{ request: string; outcome: string } | null>(null);
  const answer = async (outcome: string): Promise<void> => {
    const request = asked ?? "";
    setAsked(null);
    const done = await run("contact.answer", { contact_request: request, outcome });
    setTold(done.state === "done" ? { request, outcome } : null);
  };
  const shown = (
    <>
      {said}
      {told && <Notice tone="good" icon="check" alert title={t("Saved: {what}", { what: didWords(told.outcome) })}><span>{t("The one who asked sees it.")} <a href={`/requests/${told.request}`}>{t("Open")}</a></span></Notice>}
      <Sheet open={asked !== null} onClose={() => setAsked(null)} title={t("How did it go?")} lead={t("The one who asked sees what you answer.")}>
        <div class="stack-2">
          {Object.keys(DID).map((one) => <Button key={one} block onPress={() => answer(one)}>{didWords(one)}</Button>)}
          <Button block kind="quiet" onPress={() => setAsked(null)}>{t("Not now")}</Button>
        </div>
      </Sheet>
    </>
  );
  return { ask: setAsked, shown };
}

interface PromiseProps {
  request: ContactRequest;
  child: Child | undefined;
  coordinator: Coordinator | undefined;
  /** Asks how it went. Without it this is the request's own page, which asks below. */
  onAnswer?: (request: string) => void;
}

/** The first promise of the day, large. */
export function PromiseHero({ request, child, coordinator, onAnswer }: PromiseProps) {
  const app = useApp();
  const [asking, setAsking] = useState(false);
  const answered = useUnsent(request.id, "contact.answer");
  const nowMs = app.now.value;
  const phone = request.callback_phone ?? request.asked_by?.phone;
  const late = isLate(request, nowMs);
  const bits = [child ? t("{ages} years", { ages: child.age_band.replace("-", "–") }) : "", reasonWords(request.reason), goodTimes(request) && t("Best: {times}", { times: goodTimes(request) })];
  const other = standIn(app, coordinator);
  const told = lateWords(request, app.me.value?.name);
  const promiser = partOf(app, coordinator) === "deputy" && (coordinator?.away_until ?? "") < today() ? coordinator?.name : undefined;
  return (
    <>
      <Hero
        pledge={pledgeWords(request, nowMs, promiser)} when={askerWords(request, child)}
        after={<>{bits.filter(Boolean).join(". ")}.{late && told && <><br />{told}</>}{request.tried_at && <><br />{t("Somebody tried {when}", { when: stamp(request.tried_at) })}</>}</>}
        days={<Days label={t("Asked {asked}, to be answered by {due}", { asked: fullDate(request.asked_at), due: fullDate(request.due_on) })} days={markers(request)} />}
        buttons={(phone ?? onAnswer) && <>
          {phone ? <CallButton kind="primary" number={phone}>{t("Call")} <Phone number={phone} /></CallButton> : <LinkButton kind="primary" icon="message" href={`/requests/${request.id}`}>{t("Open")}</LinkButton>}
          {onAnswer && !answered && <Button icon="check" onPress={() => onAnswer(request.id)}>{t("I have called")}</Button>}
        </>}
        aside={<>
          {isHeld(child) && <LinkButton kind="quiet" icon="mic" href={`/children/${request.child}/spoken`}>{t("Note the family's answer")}</LinkButton>}
          {child && !answered && <Button kind="quiet" icon="share-with" onPress={() => setAsking(true)}>{other ? t("No time, ask {name}", { name: other.name.split(" ")[0] ?? other.name }) : t("No time for this")}</Button>}
        </>}
      />
      {onAnswer && <OutboxFor id={request.id} names={["contact.answer"]} />}
      {child && <NoTime open={asking} onClose={() => setAsking(false)} child={child} coordinator={coordinator} />}
    </>
  );
}

/** There is no time: the deputy sees the same promise and can answer it; and one can say that one is away today. */
function NoTime({ open, onClose, child, coordinator }: { open: boolean; onClose: () => void; child: Child; coordinator: Coordinator | undefined }) {
  const app = useApp();
  const { run, said } = useDoing();
  const other = standIn(app, coordinator);
  const mine = partOf(app, coordinator) === "coordinator";
  const away = async (): Promise<void> => {
    const done = await run("coordinator.away", { until: today(), person: coordinator?.deputy_person });
    if (done.state !== "refused") onClose();
  };
  if (!other)
    return (
      <Sheet open={open} onClose={onClose} title={t("Nobody stands in for you")} lead={t("Choose a colleague who can answer when you cannot. The family sees who it is.")}>
        <Button kind="primary" block onPress={() => { onClose(); navigate(`/children/${child.id}/people`); }}>{t("Choose a deputy")}</Button>
        <Button block onPress={onClose}>{t("Not now")}</Button>
      </Sheet>
    );
  return (
    <Sheet open={open} onClose={onClose} title={t("No time today?")} lead={t("{name} sees the same promise and can answer it. Talk to each other, so that one of you does.", { name: other.name })}>
      {said}
      {other.phone && <CallButton kind="primary" block number={dial(other.phone)}>{t("Call {name}", { name: other.name })}</CallButton>}
      {mine && <Button block icon="calendar" onPress={away}>{t("Say that I am away today")}</Button>}
      {mine && <p class="sm muted">{t("Then families see that {name} answers instead of you today.", { name: other.name })}</p>}
      {!mine && <Button block onPress={onClose}>{t("Not now")}</Button>}
    </Sheet>
  );
}

/** "i morgon kl. 17.00" for rows. */
export function dueWords(request: ContactRequest): string {
  return `${dayWords(request.due_on)} ${atTime(request.due_at)}`;
}

/** "2 löften att hålla i dag": what is worst first, so that the heading is never calmer than the page. */
export function todayTitle({ late, worse, due, overdue }: { late: number; worse: number; due: number; overdue: number }): string {
  if (late > 0) return tn("{n} late promise", "{n} late promises", late);
  if (worse > 0) return tn("It has become worse for {n} child", "It has become worse for {n} children", worse);
  if (due > 0) return tn("{n} promise to keep today", "{n} promises to keep today", due);
  if (overdue > 0) return tn("{n} thing is late", "{n} things are late", overdue);
  return t("No promises due today");
}
