/** Open hours: a weekly time when one may call without a booking, and the line to it. Nothing tells who the child is. */
import { useEffect, useRef } from "preact/hooks";
import { capital, dayName, fullDate, timeRange } from "../../dates";
import { t, tn } from "../../i18n";
import { Badge, Button, CallButton, Card, Columns, DateTile, Empty, Form, LinkButton, Notice, OutboxFor, Page, Phone, Row, Rows, SkeletonPage, useApp } from "../../ui";
import type { ViewProps } from "../roles";
import { consultantPart } from "../staff/chunks";
import { Missing, isFirst, useDoing, useSelf } from "../staff/kit";
import { AskedFields, useAsking } from "../staff/question";
import { modeWords, topicWords } from "../staff/words";
import type { OpenHour, Place } from "./model";

export const hourWords = (one: OpenHour): string => `${capital(dayName(one.session_on))} ${timeRange(one.starts_at, one.minutes)}`;
export const inLine = (n: number): string => (n === 0 ? t("Nobody in line") : tn("{n} in line", "{n} in line", n));

const OpenHourLine = consultantPart("OpenHourLine");
const NOTHING = new URLSearchParams();

export function OpenHours() {
  const app = useApp();
  const self = useSelf();
  if (isFirst(app)) return <Page busy><SkeletonPage hero={false} /></Page>;
  const hours = app.all<OpenHour>("open_hour").value.filter((one) => one.state === "open").sort((a, b) => (a.starts_at < b.starts_at ? -1 : 1));
  const places = app.all<Place>("open_hour_place").value.filter((one) => one.mine && (one.state === "waiting" || one.state === "called"));
  return (
    <Page title={t("Open hours")} lead={t("Talk without booking. You wait in line and are told when it is your turn.")} back={{ href: "/advice", label: t("Advice") }}>
      {places.map((one) => <Mine key={one.id} one={one} />)}
      {hours.length === 0 && <Empty icon="clock" title={t("No open hours in your area")} text={t("Those who give advice open them here.")} />}
      {hours.length > 0 && (
        <Rows>
          {hours.map((one) => <Row key={one.id} start={<DateTile date={one.session_on} />} title={one.unit_name} text={`${hourWords(one)} · ${modeWords(one.mode)}`} href={`/open-hours/${one.id}`} end={<Badge icon="people">{inLine(one.waiting)}</Badge>} />)}
        </Rows>
      )}
      {self?.functions.includes("consultant") && <LinkButton icon="plus" href="/open-hours/new">{t("Open an hour every week")}</LinkButton>}
    </Page>
  );
}

/** One's own place: how many are before, or that it is one's turn and how to get in touch. */
function Mine({ one }: { one: Place }) {
  const app = useApp();
  const { run, said } = useDoing();
  const turn = one.state === "called";
  return (
    <div id={one.id} tabIndex={-1}><Card selected={turn} label={t("Your place in line")}>
      <Row
        bare icon={turn ? "bell" : "clock"} tone={turn ? "mark" : "info"}
        title={<span role="status" aria-atomic="true">{turn ? t("It is your turn now") : one.ahead ? tn("{n} is before you", "{n} are before you", one.ahead) : t("You are next")}</span>}
        text={`${one.unit_name} · ${capital(dayName(one.session_on))} ${timeRange(one.starts_at, one.minutes)} · ${topicWords(one.topic)}`}
      />
      {turn && !one.join_url && one.phone_in && <p>{t("Call now. They wait for you.")}</p>}
      {turn && one.join_url && <LinkButton kind="primary" block external icon="video" href={one.join_url}>{t("Open the video meeting")}</LinkButton>}
      {turn && one.phone_in && <CallButton kind="primary" block number={one.phone_in}><Phone number={one.phone_in} /></CallButton>}
      {said}
      {app.may("open_hour.leave", one) && <Button kind="quiet" block onPress={() => run("open_hour.leave", { open_hour_place: one.id })}>{t("Leave the line")}</Button>}
      <OutboxFor id={one.id} names={["open_hour.leave"]} />
    </Card></div>
  );
}

export function OpenHourView({ params }: ViewProps) {
  const one = useApp().one<OpenHour>("open_hour", params.id ?? "").value;
  return one ? <Hour key={one.id} one={one} /> : <Missing home="/open-hours" />;
}

function Hour({ one }: { one: OpenHour }) {
  const app = useApp();
  const self = useSelf();
  const places = app.all<Place>("open_hour_place").value.filter((place) => place.open_hour === one.id);
  const mine = places.find((place) => place.mine && (place.state === "waiting" || place.state === "called"));
  const consultant = self?.unit === one.unit && self.functions.includes("consultant");
  const had = useRef(mine?.id);
  useEffect(() => {
    // The form and the place take each other's room: whoever pressed goes on from what stands there now.
    if (had.current !== mine?.id) (mine ? document.getElementById(mine.id) : document.querySelector<HTMLElement>("main h1"))?.focus();
    had.current = mine?.id;
  }, [mine?.id]);
  return (
    <Page title={hourWords(one)} kicker={t("Open hour, {unit}", { unit: one.unit_name })} lead={`${one.consultant_title} · ${modeWords(one.mode)}`} back={{ href: "/open-hours", label: t("Open hours") }}>
      <Columns
        left={<>
          {mine ? <Mine one={mine} /> : !consultant && (app.may("open_hour.join", one) ? <Join one={one} /> : <Notice tone="grey" icon="clock" title={t("The line is closed for today")}><span>{t("It opens again {day}.", { day: fullDate(one.session_on) })}</span></Notice>)}
          {consultant && <OpenHourLine params={{ id: one.id }} query={NOTHING} />}
        </>}
        right={<Card>{!consultant && <h2>{inLine(one.waiting)}</h2>}<p class="muted">{t("Topics: {topics}", { topics: one.topics.map(topicWords).join(", ") })}</p>{one.phone && <p>{t("Phone")}: <Phone number={one.phone} /></p>}</Card>}
      />
    </Page>
  );
}

function Join({ one }: { one: OpenHour }) {
  const { form, guard, said } = useAsking("open_hour.join", { open_hour: one.id }, one.topics.length === 1 ? one.topics[0] ?? "" : "");
  return (
    <Form form={form} label={t("Join the line")}>
      <Card selected>
        <h2>{t("Join the line")}</h2>
        <AskedFields form={form} topics={one.topics} guard={guard} />
        {said}
        <OutboxFor id={one.id} names={["open_hour.join"]} />
        <Button type="submit" kind="primary" block disabled={guard.blocking}>{t("Join the line")}</Button>
      </Card>
    </Form>
  );
}
