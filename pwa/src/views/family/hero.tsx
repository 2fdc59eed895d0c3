/** The named person, what was promised, and what happens when it is late. */
import { useState } from "preact/hooks";
import { capital, dateOf, fullDate, longDate, now, stamp, today } from "../../dates";
import { N_, t, tn } from "../../i18n";
import { AskSheet, Button, Buttons, CallButton, Card, Days, Hero, Landscape, LinkButton, Notice, OutboxNotice, Phone, T, useApp } from "../../ui";
import { relationTo, useAbout } from "./child";
import type { Child, ContactRequest, Coordinator } from "./docs";
import { hoursWords } from "../known-person";
import { isLate, promiseDays } from "./promise";
import { first, listed } from "./words";

/** One's own wish to be called that is not answered yet; of several the one that is promised first. */
export function useOpenRequest(child: string | undefined): ContactRequest | undefined {
  return useAbout<ContactRequest>("contact_request", child).filter((one) => one.state === "open").sort((a, b) => (a.due_at < b.due_at ? -1 : 1))[0];
}

/** The latest answer to a wish of one's own. */
export function useLastAnswer(child: string | undefined): ContactRequest | undefined {
  return useAbout<ContactRequest>("contact_request", child).filter((one) => one.state === "answered").sort((a, b) => (a.answered_at ?? "").localeCompare(b.answered_at ?? "")).at(-1);
}

/** What has been read, or answered, stays this long on a home page. */
export const STAYS_MS = 3 * 24 * 3600 * 1000;

/** Away today, with somebody who stands in. */
export function isAway(coordinator: Coordinator): boolean {
  return coordinator.away_until !== undefined && coordinator.away_until >= today();
}

/** Who is in touch now: the one who stands in while the coordinator is away. */
export function whoAnswers(coordinator: Coordinator): string {
  return first(isAway(coordinator) && coordinator.deputy ? coordinator.deputy.name : coordinator.name);
}

/** Title and workplace in one line. */
export function workWords(coordinator: Coordinator): string {
  return [coordinator.title, coordinator.unit_name].filter(Boolean).join(", ");
}

/** When somebody is reached; marked as Swedish where it stands as they wrote it. */
export function Hours({ written }: { written: string }) {
  const { text, own } = hoursWords(written);
  return <bdi lang={own ? "sv" : undefined}>{text}</bdi>;
}

/** Who to call now: the deputy while the coordinator is away, the unit when neither has a number. */
export function callTarget(coordinator: Coordinator): { name: string; phone: string } | null {
  const { deputy } = coordinator;
  if (isAway(coordinator) && deputy?.phone) return { name: first(deputy.name), phone: deputy.phone };
  if (coordinator.phone) return { name: first(coordinator.name), phone: coordinator.phone };
  return coordinator.unit_phone ? { name: coordinator.unit_name, phone: coordinator.unit_phone } : null;
}

/** The person card of a home page, with the promise of the open wish. */
export function CoordinatorHero({ child, coordinator }: { child: Child; coordinator: Coordinator }) {
  const request = useOpenRequest(child.id);
  const app = useApp();
  const pending = app.about(child.id).value.some((item) => item.name === "contact.request");
  if (!coordinator.name) return <BeingNamed coordinator={coordinator} />;
  const name = first(coordinator.name);
  const answers = whoAnswers(coordinator);
  const target = callTarget(coordinator);
  const late = request && isLate(request);
  const trail = request && !late ? promiseDays(request) : null;
  return (
    <>
      <Hero
        relation={relationTo(app, child)} name={coordinator.name} role={<bdi lang="sv">{workWords(coordinator)}</bdi>}
        pledge={!request ? t("{name} answers within", { name: answers }) : late ? t("{name} should have been in touch by", { name }) : t("{name} will be in touch by", { name: answers })}
        when={request ? <time class="wrap" dateTime={request.due_on}>{fullDate(request.due_on)}</time> : tn("{n} working day", "{n} working days", coordinator.promise_days)}
        after={request?.tried_at && t("{name} tried to reach you {when}.", { name, when: stamp(request.tried_at) })}
        days={trail && <Days {...trail} />}
        buttons={
          <>
            {target && <CallButton kind="primary" number={target.phone}>{t("Call {name}", { name: target.name })}</CallButton>}
            {app.may("message.send") && <LinkButton href="/coordinator/messages" icon="message">{t("Write")}</LinkButton>}
          </>
        }
        aside={request ? <LinkButton kind="quiet" href="/coordinator">{t("See what you asked")}</LinkButton> : !pending && app.may("contact.request") && <LinkButton kind="quiet" href="/coordinator/call">{t("Ask {name} to call you", { name })}</LinkButton>}
        reach={coordinator.reach_hours && !isAway(coordinator) && <T msg={N_("Reached {hours}")} hours={<Hours written={coordinator.reach_hours} />} />}
        foot={target && <Phone number={target.phone} />}
      />
      <RequestState home child={child} coordinator={coordinator} request={request} />
    </>
  );
}

/** Below the person: late, away, waiting to be sent, refused. `home`: answered too, so that a promise does not just go away. */
export function RequestState({ child, coordinator, request, home = false }: { child: Child; coordinator: Coordinator; request: ContactRequest | undefined; home?: boolean }) {
  const answered = useLastAnswer(child.id);
  const waiting = useApp().about(child.id).value.filter((item) => item.name === "contact.request");
  const name = first(coordinator.name);
  return (
    <>
      {request && isLate(request) && <Late request={request} coordinator={coordinator} />}
      {isAway(coordinator) && <Away coordinator={coordinator} name={name} />}
      {home && !request && waiting.length === 0 && answered && Date.parse(answered.answered_at ?? "") > now.value - STAYS_MS && <LastAnswer request={answered} />}
      {waiting.map((item) => (
        <OutboxNotice
          key={item.id} item={item}
          what={item.state === "waiting" ? t("The time for an answer begins when it has arrived") : t("Your wish to be called")}
        />
      ))}
    </>
  );
}

function Late({ request, coordinator }: { request: ContactRequest; coordinator: Coordinator }) {
  const told = request.escalated_to ?? [];
  return (
    <Notice tone="mark" icon="flag" title={t("It is late")}>
      <span>{told.length > 0
        ? t("{names} now know that you have waited too long, and will be in touch.", { names: listed(told) })
        : coordinator.deputy ? t("If {name} cannot, {deputy} will call. You will get an answer.", { name: first(coordinator.name), deputy: first(coordinator.deputy.name) }) : t("You will get an answer. You need not remind anybody.")}</span>
      {coordinator.unit_phone && <CallButton slim number={coordinator.unit_phone}>{t("Call {name}", { name: coordinator.unit_name })}</CallButton>}
    </Notice>
  );
}

function Away({ coordinator, name }: { coordinator: Coordinator; name: string }) {
  return (
    <Notice icon="clock" title={t("{name} is away until {date}", { name, date: longDate(coordinator.away_until ?? "") })}>
      <span>{coordinator.deputy
        ? t("{deputy} answers meanwhile.", { deputy: coordinator.deputy.name })
        : t("{unit} answers meanwhile.", { unit: coordinator.unit_name })}</span>
    </Notice>
  );
}

/** Nobody is named yet: who answers meanwhile, and by when there is a name. */
export function BeingNamed({ coordinator }: { coordinator: Coordinator }) {
  const app = useApp();
  return (
    <Card flush>
      <Landscape />
      <Card>
        <div class="stack-2">
          <h2 class="h2">{coordinator.answers_by
            ? t("You get a coordinator by {date}", { date: fullDate(dateOf(coordinator.answers_by)) })
            : t("You will get a coordinator")}</h2>
          <p class="muted">{t("{unit} names a person you can always turn to. The name will be here.", { unit: coordinator.unit_name })}</p>
        </div>
        {coordinator.unit_phone && <CallButton kind="primary" block number={coordinator.unit_phone}>{t("Call the unit meanwhile")}</CallButton>}
        {app.may("message.send") && <LinkButton block icon="message" href="/coordinator/messages">{t("Write")}</LinkButton>}
      </Card>
    </Card>
  );
}

/** By when somebody calls; of a day that is over, that it was promised. */
export function callWords(request: ContactRequest, coordinator: Coordinator): string {
  const date = fullDate(request.due_on);
  const name = first(coordinator.name) || coordinator.unit_name;
  return isLate(request) ? t("{name} should have called by {date}", { name, date }) : t("{name} calls by {date}", { name: whoAnswers(coordinator) || name, date });
}

/** One's open wish on the coordinator's page: what was asked, by when the answer comes, and taking it back. */
export function OpenRequest({ request, coordinator, onTaken }: { request: ContactRequest; coordinator: Coordinator; onTaken: (request: string) => void }) {
  const app = useApp();
  const [asking, setAsking] = useState(false);
  const taken = app.about(request.id).value;
  const name = first(coordinator.name) || coordinator.unit_name;
  const takeBack = async (): Promise<void> => {
    await app.send("contact.withdraw", { contact_request: request.id });
    onTaken(request.id);
    setAsking(false);
  };
  return (
    <Card selected>
      <div class="stack-2">
        <h2>{callWords(request, coordinator)}</h2>
        <p class="muted">{t("You asked {when}.", { when: stamp(request.asked_at) })}{request.tried_at ? ` ${t("{name} tried to reach you {when}.", { name, when: stamp(request.tried_at) })}` : ""}</p>
        {request.text && <p dir="auto">{request.text}</p>}
        {coordinator.deputy && !isLate(request) && !isAway(coordinator) && <p class="sm muted">{t("If {name} cannot, {deputy} will call. You will get an answer.", { name, deputy: first(coordinator.deputy.name) })}</p>}
      </div>
      {taken.map((item) => <OutboxNotice key={item.id} item={item} what={t("You no longer need a call")} />)}
      {taken.length === 0 && app.may("contact.withdraw", request) && (
        <Buttons tight><Button slim kind="quiet" icon="undo" onPress={() => setAsking(true)}>{t("I no longer need a call")}</Button></Buttons>
      )}
      <AskSheet
        open={asking} onClose={() => setAsking(false)} title={t("Take back your wish to be called?")} lead={t("{name} then does not call. You can ask anew whenever you like.", { name })}
        yes={{ label: t("Yes, take it back"), kind: "second", onPress: takeBack }} no={t("Keep as it is")} note={t("You do not have to say why.")}
      />
    </Card>
  );
}

/** "Maria svarade i går 16.40", of the latest answer. */
export function LastAnswer({ request }: { request: ContactRequest }) {
  if (!request.answered_at) return null;
  return (
    <Notice tone="good" icon="check-circle" title={capital(t("{name} answered {when}", { name: first(request.answered_by), when: stamp(request.answered_at) }))}>
      {request.note && <span dir="auto">{request.note}</span>}
    </Notice>
  );
}
