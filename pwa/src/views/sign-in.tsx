/** The way in: e-ID, the device's own passkey, or the code of an invitation. */
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { CODE, type Called, type Ways, eidSignIn, passkeySignIn, readCode, redeem, ways } from "../auth";
import { lang, t, tn } from "../i18n";
import { canUsePasskey } from "../lock/passkey";
import { navigate, place } from "../router";
import { store, stored } from "../stored";
import { Button, Buttons, Card, Field, Form, LanguageOffer, LanguageSwitch, LinkButton, Notice, Page, useApp, useForm } from "../ui";

/** Words for a sign-in that did not work. */
function failure(done: Exclude<Called<unknown>, { ok: true }>): string {
  if (done.code === "offline") return t("You are offline. Try again when you have a connection.");
  if (done.code === "declined") return t("The phone's own lock was closed. Try again.");
  if (done.status === 429 || done.code === "rate_limited")
    return done.retryAfter > 0
      ? tn("That was many tries. Wait {n} minute.", "That was many tries. Wait {n} minutes.", Math.ceil(done.retryAfter / 60))
      : t("That was many tries in a short time. Wait a little.");
  if (done.code === "conflict") return t("You have joined this child already. You need do nothing.");
  if (done.status >= 500) return t("The fault is ours, not yours. Try again in a while.");
  return t("That did not work. Check what you wrote, or ask the person who invited you.");
}

/** Pages one is not sent back to after signing in. */
const DOORS = new Set(["/sign-in", "/invitation", "/demo"]);

/** The page that was asked for before anybody was signed in. */
function wanted(): string {
  return DOORS.has(place.peek().path) ? "/" : place.peek().path;
}

/** Asks anew who is here, and opens the page that was asked for. */
function useEnter(): (done: Called<unknown>) => Promise<string | null> {
  const app = useApp();
  return async (done) => {
    if (!done.ok) return failure(done);
    navigate(wanted(), { replace: true });
    await app.reopen();
    return null;
  };
}

/** An invitation in hand: the token of its link, or its typed code. */
type Secret = { token: string } | { code: string };

function InvitationCard({ join = false, typed = "" }: { join?: boolean; typed?: string }) {
  const enter = useEnter();
  /** Nothing is wrong with the code: the server was not reached, or the fault is its own. */
  const [unasked, setUnasked] = useState<string | null>(null);
  const form = useForm(
    { code: typed },
    ({ code }) => (CODE.test(readCode(code)) ? {} : { code: t("Write all ten letters and digits of the code") }),
    async ({ code }) => {
      const done = await redeem({ code: readCode(code) }, join);
      const words = await enter(done);
      const isAsked = done.ok || (done.code !== "offline" && done.status < 500);
      setUnasked(isAsked ? null : words);
      if (words && isAsked) form.fail({ code: words });
    },
    null,
  );
  const known = (): void => {
    const code = readCode(form.values.code);
    if (!CODE.test(code)) return form.fail({ code: t("Write all ten letters and digits of the code") });
    waiting(code);
    navigate("/invitation");
  };
  return (
    <Card>
      <div class="stack-2"><h2>{t("Have you got an invitation?")}</h2>{!join && <p class="muted sm">{t("Then you need no e-ID.")}</p>}</div>
      <Form form={form}>
        <Field
          label={t("The code from the letter or the text message")} code autocomplete="one-time-code" id={form.ids.code}
          value={form.values.code} error={form.errors["code"]} onInput={(value) => form.set("code", value)}
        />
        {unasked && <Notice tone="warn" icon="warning" alert title={unasked} />}
        <Button type="submit" kind="soft" block>{t("Continue")}</Button>
        {!join && <HasIt onPress={known} />}
      </Form>
    </Card>
  );
}

/** Said before an account is made: whoever has one goes on with it. */
const HasIt = (props: { big?: boolean; onPress: () => void }) => (
  <>
    <Button block {...props}>{t("I have Samled already")}</Button>
    <p class="sm muted">{t("Choose it for a brother or sister, or one more unit.")}</p>
  </>
);

/** Words for coming back from the e-ID provider without being let in. */
function refusedWords(code: string | null): string {
  if (code === "cancelled") return t("The sign-in was stopped. You can try again.");
  if (code === "not_found") return t("Nobody has invited this e-ID yet. Use the code you got, or ask the person who invited you.");
  return t("The sign-in did not work. Try again.");
}

function useWays(): Ways | null {
  const [found, setFound] = useState<Ways | null>(null);
  useEffect(() => {
    void ways().then(setFound);
  }, []);
  return found;
}

/** The ways to say who one is; an e-ID comes back to `next`, where an invitation waits that is kept. */
function Doors({ found, next, keep, told = null, onIn }: { found: Ways | null; next: string; keep?: string; told?: string | null; onIn: (done: Called<unknown>) => Promise<string | null> }) {
  const [wrong, setWrong] = useState(told);
  const doors = found?.eid ?? [];
  const eid = async (key: string): Promise<void> => {
    waiting(keep);
    const started = await eidSignIn(key, next, lang.value);
    if (!started.ok) setWrong(failure(started));
  };
  const passkey = async (): Promise<void> => {
    waiting(keep);
    setWrong(await onIn(await passkeySignIn()));
  };
  const showPasskey = canUsePasskey() && found?.passkey !== false;
  return (
    <>
      {wrong && <Notice tone="bad" icon="warning" alert title={wrong} />}
      <div class="stack">
        {doors.map((door, index) => (
          <Button key={door.key} kind={index === 0 ? "primary" : "second"} big={index === 0} block onPress={() => eid(door.key)}>{t("Sign in with {way}", { way: door.name })}</Button>
        ))}
        {showPasskey && <Button kind={doors.length > 0 ? "second" : "primary"} block icon="passkey" onPress={passkey}>{t("Sign in with passkey")}</Button>}
        <LanguageOffer />
      </div>
      {showPasskey && <p class="sm muted">{t("A passkey is the phone's own lock: face, finger or code.")}</p>}
    </>
  );
}

/** The first page of the signed out. */
export function SignIn() {
  const enter = useEnter();
  const found = useWays();
  const { query } = place.peek();
  // Back without having been let in: a code that was typed is still good. A link is opened once more.
  const [kept] = useState(() => CODE.exec(waiting())?.[0] ?? "");
  return (
    <Page scene end={<LanguageSwitch />}>
      <Card>
        <div class="stack-2"><h1>{t("Welcome")}</h1><p class="muted">{t("Here you see who helps you, and what happens next.")}</p></div>
        <Doors found={found} next={wanted()} told={query.has("refused") ? refusedWords(query.get("refused")) : null} onIn={enter} />
      </Card>
      <InvitationCard typed={kept} />
      {found?.demo && <Invented />}
      <p class="centre"><a class="btn quiet" href="/help">{t("Do you need help right now?")}</a></p>
    </Page>
  );
}

/** The demonstration's people: a file of their own, that nobody fetches where there is no demonstration. */
function Invented() {
  const [list, setList] = useState<{ Shown: ComponentType } | null>(null);
  useEffect(() => void import("./demo").then(({ DemoList }) => setList({ Shown: DemoList }), () => undefined), []);
  return list && <list.Shown />;
}

/** Where an invitation waits while the person is away at their e-ID: in this tab, and taken out once. */
const WAITING = "samled.invitation";
function waiting(keep?: string): string {
  const found = stored(WAITING, "sessionStorage") ?? "";
  store(WAITING, keep ?? null, "sessionStorage");
  return found;
}

/** The page a link of invitation opens. The token stands after `#`, so that no server or log ever sees it. */
export function Invitation() {
  const app = useApp();
  const enter = useEnter();
  const [wrong, setWrong] = useState<string | null>(null);
  /** The server has not said no: it was not reached, or the fault is its own. */
  const [unasked, setUnasked] = useState(false);
  const [held] = useState(() => {
    const kept = waiting();
    return location.hash.slice(1) || kept;
  });
  const [before, setBefore] = useState(() => CODE.test(held));
  const me = app.me.value;
  useEffect(() => {
    // Taken out of the address at once: it must not stand in the history of a shared device.
    if (held) history.replaceState(history.state, "", location.pathname);
  }, [held]);
  const secret: Secret = CODE.test(held) ? { code: held } : { token: held };
  const accept = async (join: boolean): Promise<void> => {
    waiting();
    const done = await redeem(secret, join);
    setUnasked(!done.ok && (done.code === "offline" || done.status >= 500));
    setWrong(await enter(done));
  };
  /** Somebody new after all: a typed code goes back to where it was typed. */
  const isNew = (): void => {
    setBefore(false);
    if (!CODE.test(held)) return;
    waiting(held);
    navigate("/sign-in", { replace: true });
  };
  if (!held && !me) return <SignIn />;
  if (!held)
    return <Page title={t("One more invitation")} lead={t("It is added to what you have here.")} back={{ href: "/settings", label: t("Settings") }}><InvitationCard join /></Page>;
  return (
    <Page scene end={<LanguageSwitch />}>
      <Card>
        <div class="stack-2"><h1>{t("You have been invited")}</h1><p class="muted">{me ? t("You are signed in as {name}.", { name: me.name }) : t("The invitation works once, on the device you open it on.")}</p></div>
        {wrong && <Notice tone="bad" icon="warning" alert title={wrong}><span>{unasked ? t("The invitation is still here. Try again on this page.") : t("An invitation works once, for seven days. You can ask for a new one.")}</span></Notice>}
        {me && (
          <Buttons>
            <Button kind="primary" big block onPress={() => accept(true)}>{t("Add it to my Samled")}</Button>
            <Button block onPress={() => accept(false)}>{t("I am somebody else")}</Button>
            {wrong && <LinkButton kind="quiet" block href="/">{t("Go to my Samled")}</LinkButton>}
          </Buttons>
        )}
        {!me && !before && (
          <div class="stack">
            <h2>{t("Have you used Samled before?")}</h2>
            <Button kind="primary" big block onPress={() => accept(false)}>{t("No, open Samled")}</Button>
            <HasIt big onPress={() => setBefore(true)} />
          </div>
        )}
        {!me && before ? <Known held={held} onNew={isNew} /> : <LanguageOffer />}
      </Card>
      <p class="centre"><a class="btn quiet" href="/help">{t("Do you need help right now?")}</a></p>
    </Page>
  );
}

/** For those who have Samled already: who they are first. Then the invitation is there to be added to the same person. */
function Known({ held, onNew }: { held: string; onNew: () => void }) {
  const app = useApp();
  const found = useWays();
  return (
    <div class="stack">
      <h2>{t("Sign in first")}</h2>
      <p class="sm muted">{t("Then everything is in one place, also for brothers and sisters.")}</p>
      <Doors found={found} next="/invitation" keep={held} onIn={async (done) => (done.ok ? (await app.reopen(), null) : failure(done))} />
      <p class="sm muted">{t("Is it on another phone only? Open Settings there, and “{row}”.", { row: t("I have got one more invitation") })}</p>
      <Button kind="quiet" block onPress={onNew}>{t("Back")}</Button>
    </div>
  );
}
