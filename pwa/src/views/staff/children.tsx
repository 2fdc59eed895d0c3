/** The children one holds the baton for, stands in for, or has been let in to, each with the next thing. */
import { dayWords } from "../../dates";
import { t } from "../../i18n";
import type { App } from "../../state/api";
import { Badge, Empty, LinkButton, OutboxNotice, Page, Portrait, Row, Rows, Section, SkeletonPage, shownAmong, shownName, useApp } from "../../ui";
import { ageWords, isFirst, isHeld, partOf } from "./kit";
import type { Child, ContactRequest, Coordinator, Meeting, Waiting } from "./model";
import { isLate } from "./promise";
import { meetingTitle } from "./words";

interface Next { at: string; text: string; tone?: "bad" | "mark" }

/** The next thing for a child: a promise, a check-in, a meeting; the earliest first, what is late before all. */
export function nextThing(app: App, child: Child): Next | undefined {
  const nowMs = app.now.value;
  const found: Next[] = [];
  for (const one of app.all<ContactRequest>("contact_request").value)
    if (one.child === child.id && one.state === "open" && one.asked_by)
      found.push({ at: one.due_at, text: isLate(one, nowMs) ? t("Call: late since {day}", { day: dayWords(one.due_on) }) : t("Call by {day}", { day: dayWords(one.due_on) }), tone: isLate(one, nowMs) ? "bad" : "mark" });
  for (const one of app.all<Waiting>("waiting").value) {
    if (one.child !== child.id) continue;
    if (one.worse_reports?.length) found.push({ at: "", text: t("It has become worse"), tone: "bad" });
    else if (one.next_check_in_on) found.push({ at: one.next_check_in_on, text: t("Ask how it is, {day}", { day: dayWords(one.next_check_in_on) }) });
  }
  for (const one of app.all<Meeting>("meeting").value)
    if (one.child === child.id && (one.state === "invited" || one.state === "confirmed") && Date.parse(one.ends_at) > nowMs)
      found.push({ at: one.starts_at, text: t("{title}, {when}", { title: meetingTitle(one, child.display_name), when: dayWords(one.starts_at) }) });
  return found.sort((a, b) => (a.at < b.at ? -1 : 1))[0];
}

function ChildRow({ child }: { child: Child }) {
  const app = useApp();
  const next = nextThing(app, child);
  const shown = shownAmong(child.display_name, app.all<Child>("child").value.map((one) => one.display_name));
  return (
    <Row
      start={<Portrait name={shown} size={44} />} title={<><bdi>{shown}</bdi>, {ageWords(child)}</>}
      text={child.state === "closed" ? t("Closed") : next?.text ?? t("Nothing booked")} href={`/children/${child.id}`}
      {...(next?.tone === "bad" ? { end: <Badge tone="bad" icon="warning">{t("Now")}</Badge> } : child.protected ? { end: <Badge icon="lock">{t("Protected")}</Badge> } : {})}
    />
  );
}

function List({ title, of: children, note }: { title: string; of: readonly Child[]; note?: string }) {
  if (children.length === 0) return null;
  return <Section title={title} note={note}><Rows>{children.map((child) => <ChildRow key={child.id} child={child} />)}</Rows></Section>;
}

export function Children() {
  const app = useApp();
  const coordinators = new Map(app.all<Coordinator>("coordinator").value.map((one) => [one.child, one]));
  const children = [...app.all<Child>("child").value].sort((a, b) => a.display_name.localeCompare(b.display_name, "sv"));
  if (isFirst(app)) return <Page busy><SkeletonPage hero={false} /></Page>;
  const open = children.filter((child) => isHeld(child) && child.state !== "closed");
  const mine = open.filter((child) => partOf(app, coordinators.get(child.id)) === "coordinator");
  const standIn = open.filter((child) => partOf(app, coordinators.get(child.id)) === "deputy");
  const rest = open.filter((child) => !mine.includes(child) && !standIn.includes(child));
  const unnamed = rest.filter((child) => !coordinators.get(child.id)?.person);
  return (
    <Page title={t("Children")}>
      {children.length === 0 && <Empty icon="people" title={t("No children here yet")} text={t("When you coordinate a child, or a family shares something with you, it stands here.")} />}
      <List title={t("Nobody is coordinator yet")} of={unnamed} note={t("Your unit answers until somebody is named.")} />
      <List title={t("You coordinate")} of={mine} />
      <List title={t("You stand in")} of={standIn} />
      <List title={t("You are let in to")} of={rest.filter((child) => !unnamed.includes(child))} />
      <List title={t("Shared with you")} of={children.filter((child) => !isHeld(child))} note={t("You see what the family said yes to, for as long as the yes holds.")} />
      <List title={t("Closed")} of={children.filter((child) => isHeld(child) && child.state === "closed")} />
      {app.outbox.value.filter((one) => one.name === "child.open").map((one) => <OutboxNotice key={one.id} item={one} what={t("Begin for {name}", { name: shownName(String((one.args as { display_name?: string }).display_name ?? "")) })} />)}
      {app.may("child.open") && <LinkButton kind="primary" icon="plus" href="/children/new">{t("Begin for a child")}</LinkButton>}
    </Page>
  );
}
