/** Settings: language, reminders, the app's lock, devices, what is kept here, and the way out. */
import { t } from "../i18n";
import { installable } from "../install";
import { isInstalled } from "../push";
import { LanguageList, Page, Row, Rows, Section, useApp } from "../ui";
import { useWayBack } from "./outbox";
import { seatWords } from "./roles";
import { CalendarSettings } from "./settings-calendar";
import { DeviceSettings } from "./settings-devices";
import { LockSettings } from "./settings-lock";
import { ReminderRow } from "./settings-reminders";
import { SeatSettings } from "./settings-seats";
import { SignOutSettings } from "./settings-sign-out";

/** What is stored on the device, in words: the law asks for it and no banner is needed for it. */
function Stores() {
  return (
    <Section title={t("What is kept on this device")} note={t("Nothing here follows you to other pages, and nobody else is told.")}>
      <Rows>
        <Row icon="note" title={t("What you may see in Samled")} text={t("Encrypted. Erased when you sign out or when something is no longer shared.")} />
        <Row icon="queued" title={t("What you have written and not sent")} text={t("Encrypted. Only on this device until it is sent.")} />
        <Row icon="download" title={t("The app itself and your language")} text={t("So that it opens without a connection.")} />
        <Row icon="passkey" title={t("A cookie that says you are signed in")} text={t("Gone when you sign out. While the device is full a second one says so.")} />
      </Rows>
    </Section>
  );
}

export function Settings() {
  const app = useApp();
  const me = app.me.value;
  // Who one is here comes first when there is a choice; an invitation more is seldom looked for.
  const several = (me?.seats.length ?? 0) > 1;
  return (
    <Page back={useWayBack()} title={t("Settings")} kicker={me ? <bdi>{me.name}</bdi> : undefined} lead={me ? seatWords(me.kind) : undefined}>
      {several && <SeatSettings />}
      <Section title={t("Language")}><LanguageList /></Section>
      <ReminderRow />
      <CalendarSettings />
      <LockSettings />
      <Rows>
        {!isInstalled() && <Row icon="add-home" title={t("Put Samled on the home screen")} text={installable.value ? t("One press") : t("Show how")} href="/install" />}
        <Row icon="queued" title={t("Not sent yet")} href="/outbox" />
        <Row icon="help" title={t("Help now")} href="/help" />
      </Rows>
      {!several && <SeatSettings />}
      <DeviceSettings />
      <Stores />
      <Section title={t("About Samled")}>
        <Rows>
          <Row icon="info" title={t("How your information is handled")} href="/integritet" />
          <Row icon="person" title={t("Accessibility")} text={t("What works, what does not yet, and how to complain")} href="/tillganglighet" />
        </Rows>
      </Section>
      <SignOutSettings />
    </Page>
  );
}
