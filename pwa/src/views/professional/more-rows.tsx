/** The entries that do not fit in a phone's tab bar. */
import { t, tn } from "../../i18n";
import { Row, useApp } from "../../ui";
import { takesBackTimes } from "../staff/kit";
import type { Task } from "./model";

export function MoreRows() {
  const app = useApp();
  const me = app.me.value;
  if (me?.kind === "admin") return null;
  const open = app.all<Task>("task").value.filter((one) => one.state === "open").length;
  return (
    <>
      {me?.kind === "staff" && <Row icon="calendar" title={t("Term meetings")} text={t("Do you come, and what was promised")} href="/terms" />}
      <Row icon="check" title={t("Tasks")} text={open > 0 ? tn("{n} thing to do", "{n} things to do", open) : t("Nothing left to do")} href="/tasks" />
      {me?.kind === "staff" && <Row icon="people" title={t("Open hours")} text={t("Talk without booking")} href="/open-hours" />}
      {takesBackTimes(app) && <Row icon="undo" title={t("Ill, or hindered")} text={t("Take back several times at once")} href="/slots/ill" />}
    </>
  );
}
