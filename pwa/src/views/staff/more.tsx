/** What does not need a tab of its own. */
import { fullDate, today } from "../../dates";
import { t } from "../../i18n";
import { Page, Row, Rows, useApp } from "../../ui";
import { MoreRows } from "../professional/more-rows";
import { useSelf } from "./kit";
import { TeamRows } from "./team-rows";

export function More() {
  const app = useApp();
  const self = useSelf();
  const staff = app.me.value?.kind === "staff";
  const unsent = app.outbox.value.length;
  return (
    <Page title={t("More")}>
      <Rows>
        {staff && <Row icon="calendar" title={t("When I am away")} text={self?.away_until && self.away_until >= today() ? t("You are away until {day}", { day: fullDate(self.away_until) }) : t("Until when, and who answers")} href="/away" />}
        {self?.functions.includes("consultant") && <Row icon="clock" title={t("Our times for advice")} text={t("Open times that others can book")} href="/slots" />}
        <TeamRows />
        <MoreRows />
        <Row icon="bell" title={t("What has happened")} href="/notices" />
        <Row icon="queued" title={t("Not sent yet")} text={unsent > 0 ? t("{n} things", { n: unsent }) : t("Everything is sent")} href="/outbox" />
        <Row icon="settings" title={t("Settings")} text={t("Language, reminders, lock and devices")} href="/settings" />
        <Row icon="help" title={t("Help now")} text={t("Numbers for families in danger or crisis")} href="/help" />
      </Rows>
    </Page>
  );
}
