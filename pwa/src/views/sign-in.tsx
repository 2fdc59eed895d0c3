/** The way in: e-ID, the device's own passkey, or the code of an invitation. */
import { useEffect, useState } from "preact/hooks";
import { CODE, type Called, type Ways, eidSignIn, passkeySignIn, readCode, redeem, ways } from "../auth";
import { lang, t, tn } from "../i18n";
import { canUsePasskey } from "../lock/passkey";
import { navigate, place } from "../router";
import { Button, Buttons, Card, Field, Form, LanguageOffer, LanguageSwitch, Notice, Page, useApp, useForm } from "../ui";
import { DemoList } from "./demo";

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

function InvitationCard({ join = false }: { join?: boolean }) {
  const enter = useEnter();
  const form = useForm(
    { code: "" },
    ({ code }) => (CODE.test(readCode(code)) ? {} : { code: t("Write all ten letters and digits of the code") }),
    async ({ code }) => {
      const words = await enter(await redeem({ code: readCode(code) }, join));
      if (words) form.fail({ code: words });
    },
  );
  return (
    <Card>
      <div class="stack-2"><h2>{t("Have you got an invitation?")}</h2>{!join && <p class="muted sm">{t("Then you need no e-ID.")}</p>}</div>
      <Form form={form}>
        <Field
          label={t("The code from the letter or the text message")} code autocomplete="one-time-code" id={form.ids.code}
          value={form.values.code} error={form.errors["code"]} onInput={(code) => form.set("code", code)}
        />
        <Button type="submit" kind="soft" block>{t("Continue")}</Button>
      </Form>
    </Card>
  );
}

/** Words for coming back from the e-ID provider without being let in. */
function refusedWords(code: string | null): string {
  if (code === "cancelled") return t("The sign-in was stopped. You can try again.");
  if (code === "not_found") return t("Nobody has invited this e-ID yet. Use the code you got, or ask the person who invited you.");
  return t("The sign-in did not work. Try again.");
}

/** The first page of the signed out. */
export function SignIn() {
  const enter = useEnter();
  const [found, setFound] = useState<Ways | null>(null);
  const [wrong, setWrong] = useState<string | null>(() => (place.peek().query.has("refused") ? refusedWords(place.peek().query.get("refused")) : null));
  useEffect(() => {
    void ways().then(setFound);
  }, []);
  const eidIn = async (key: string): Promise<void> => {
    const started = await eidSignIn(key, wanted(), lang.value);
    if (!started.ok) setWrong(failure(started));
  };
  const passkey = async (): Promise<void> => setWrong(await enter(await passkeySignIn()));
  const doors = found?.eid ?? [];
  const eid = doors.length > 0;
  const showPasskey = canUsePasskey() && found?.passkey !== false;
  return (
    <Page scene end={<LanguageSwitch />}>
      <Card>
        <div class="stack-2"><h1>{t("Welcome")}</h1><p class="muted">{t("Here you see who helps you, and what happens next.")}</p></div>
        {wrong && <Notice tone="bad" icon="warning" alert title={wrong} />}
        <div class="stack">
          {doors.map((door, index) => (
            <Button key={door.key} kind={index === 0 ? "primary" : "second"} big={index === 0} block onPress={() => eidIn(door.key)}>{t("Sign in with {way}", { way: door.name })}</Button>
          ))}
          {showPasskey && <Button kind={eid ? "second" : "primary"} block icon="passkey" onPress={passkey}>{t("Sign in with passkey")}</Button>}
          <LanguageOffer />
        </div>
        {showPasskey && <p class="sm muted">{t("A passkey is the phone's own lock: face, finger or code.")}</p>}
      </Card>
      <InvitationCard />
      {found?.demo && <DemoList />}
      <p class="centre"><a class="btn quiet" href="/help">{t("Do you need help right now?")}</a></p>
    </Page>
  );
}

/** Where a link's token waits while the person is away at their e-ID: in this tab, and taken out once. */
const WAITING = "samled.invitation";
function waiting(token?: string): string {
  try {
    const found = sessionStorage.getItem(WAITING) ?? "";
    sessionStorage.removeItem(WAITING);
    if (token) sessionStorage.setItem(WAITING, token);
    return found;
  } catch {
    return "";
  }
}

/** The page a link of invitation opens. The token stands after `#`, so that no server or log ever sees it. */
export function Invitation() {
  const app = useApp();
  const enter = useEnter();
  const [wrong, setWrong] = useState<string | null>(null);
  const [token] = useState(() => location.hash.slice(1) || waiting());
  const me = app.me.value;
  useEffect(() => {
    // Taken out of the address at once: it must not stand in the history of a shared device.
    if (token) history.replaceState(history.state, "", location.pathname);
  }, [token]);
  const accept = async (join: boolean): Promise<void> => setWrong(await enter(await redeem({ token }, join)));
  if (!token && !me) return <SignIn />;
  const failed = wrong && <Notice tone="bad" icon="warning" alert title={wrong}><span>{t("An invitation works once, for seven days. You can ask for a new one.")}</span></Notice>;
  if (!token)
    return <Page title={t("One more invitation")} lead={t("It is added to what you have here.")} back={{ href: "/settings", label: t("Settings") }}><InvitationCard join /></Page>;
  return (
    <Page scene end={<LanguageSwitch />}>
      <Card>
        <div class="stack-2"><h1>{t("You have been invited")}</h1><p class="muted">{me ? t("You are signed in as {name}.", { name: me.name }) : t("The invitation works once, on the device you open it on.")}</p></div>
        {failed}
        <Buttons>
          {me && <Button kind="primary" big block onPress={() => accept(true)}>{t("Add it to my Samled")}</Button>}
          <Button kind={me ? "second" : "primary"} big={!me} block onPress={() => accept(false)}>{me ? t("I am somebody else") : t("Open Samled")}</Button>
        </Buttons>
        {!me && <Known token={token} onJoin={async () => setWrong(await enter(await redeem({ token }, true)))} onWrong={setWrong} />}
        <LanguageOffer />
      </Card>
      <p class="centre"><a class="btn quiet" href="/help">{t("Do you need help right now?")}</a></p>
    </Page>
  );
}

/** For those who have Samled already: who they are first, then the invitation to the same person. */
function Known({ token, onJoin, onWrong }: { token: string; onJoin: () => Promise<void>; onWrong: (words: string) => void }) {
  const [found, setFound] = useState<Ways | null>(null);
  const open = async (): Promise<void> => setFound(await ways());
  const passkey = async (): Promise<void> => {
    const done = await passkeySignIn();
    if (done.ok) await onJoin();
    else onWrong(failure(done));
  };
  const eid = async (key: string): Promise<void> => {
    waiting(token);
    const started = await eidSignIn(key, "/invitation", lang.value);
    if (!started.ok) onWrong(failure(started));
  };
  if (!found) return <Button kind="quiet" block onPress={open}>{t("I have Samled already")}</Button>;
  return (
    <div class="stack">
      <p class="sm muted">{t("Sign in first. Then everything is in one place, also for brothers and sisters.")}</p>
      {found.eid.map((door) => <Button key={door.key} block onPress={() => eid(door.key)}>{t("Sign in with {way}", { way: door.name })}</Button>)}
      {canUsePasskey() && found.passkey && <Button block icon="passkey" onPress={passkey}>{t("Sign in with passkey")}</Button>}
    </div>
  );
}
