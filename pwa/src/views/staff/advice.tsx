/** Råd: free times with those who give advice, booked without a name; and one's own bookings. */
import { useEffect, useRef, useState } from "preact/hooks";
import { capital, dateOf, fullDate, time } from "../../dates";
import { t, tn } from "../../i18n";
import type { OutboxItem } from "../../state/api";
import { Badge, Button, Card, Columns, Empty, Notice, Page, Row, Rows, SkeletonPage, useApp } from "../../ui";
import { DayLabel, SlotRow } from "../../ui/staff";
import { MyAsks } from "../professional/asked";
import { type Booked, BookForm } from "./advice-book";
import { ReminderOffer } from "../reminders";
import { Filter, useFilter } from "./advice-filter";
import { Mine, Unsettled, askedOf } from "./advice-mine";
import { openSlots } from "./advice-next";
import { slotWords } from "./advice-now";
import { isFirst, useSelf } from "./kit";
import type { Booking, Slot } from "./model";
import type { Asked } from "./question";
import { modeWords } from "./words";

/** How many times are drawn at once; more on request. */
const FIRST = 12;

/** The server's yes. It may come long after the press; then nothing more is asked. */
function Done({ booked }: { booked: Booked }) {
  return (
    <>
      <Notice tone="good" icon="check" alert title={t("Booked: {what}", { what: slotWords(booked.slot) })}>
        <span>{t("The time stands under Today on its day. You are reminded the day before.")} {booked.booking && <a href={`/bookings/${booked.booking}`}>{t("See the booking")}</a>}</span>
      </Notice>
      {booked.state === "done" && <ReminderOffer />}
    </>
  );
}

/** Other ways to advice than a free time. */
function OtherWays({ consultant }: { consultant: boolean }) {
  const app = useApp();
  const wish = app.all("slot_wish").value[0];
  const hours = app.all("open_hour").value.filter((one) => one["state"] === "open").length;
  return (
    <Rows>
      <Row
        icon="queued" title={wish ? t("You stand in line for a time") : t("No time that fits?")} text={wish ? (wish["state"] === "offered" ? t("A time is kept for you. Answer in time.") : t("See your place")) : t("Stand in line with your question")} href="/wishes"
        tone={wish?.["state"] === "offered" ? "mark" : undefined}
      />
      {hours > 0 && <Row icon="people" title={t("Open hours")} text={t("Talk without booking")} href="/open-hours" />}
      {consultant && <Row icon="clock" title={t("Our times for advice")} text={t("Open times that others can book")} href="/slots" />}
    </Rows>
  );
}

export function Advice() {
  const app = useApp();
  const self = useSelf();
  const open = openSlots(app);
  const { fitting, isSet, clear, kindOf } = useFilter(open);
  const [count, setCount] = useState(FIRST);
  const [chosen, setChosen] = useState<{ slot: string; begun?: Asked; item?: string } | null>(null);
  const [booked, setBooked] = useState<Booked | null>(null);
  const top = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!booked) return;
    // The form that had the focus is gone: it goes on from what was said about the booking.
    top.current?.focus({ preventScroll: true });
    top.current?.scrollIntoView({ block: "center" });
  }, [booked]);
  if (isFirst(app)) return <Page busy><SkeletonPage hero={false} /></Page>;
  const shown = fitting.slice(0, count);
  const slot = app.one<Slot>("slot", chosen?.slot ?? "").value;
  const days = [...new Set(shown.map((one) => dateOf(one.starts_at)))];
  const waiting = new Set(app.outbox.value.filter((one) => one.name === "slot.book" && (one.state === "waiting" || one.state === "sent")).map((one) => one.args["slot"]));
  const sure = booked?.state === "waiting" && !waiting.has(booked.slot.id) ? app.all<Booking>("booking").value.find((one) => one.mine && one.state === "booked" && one.slot === booked.slot.id)?.id : undefined;
  const select = (id: string): void => {
    setChosen({ slot: id });
    setBooked(null);
  };
  const edit = (item: OutboxItem): void => {
    setChosen({ slot: String(item.args["slot"]), begun: askedOf(item), item: item.id });
    setBooked(null);
  };
  const done = async (made: Booked): Promise<void> => {
    const old = chosen?.item;
    setChosen(null);
    setBooked(made);
    if (old) await app.discard(old);
  };
  const ending = (one: Slot) =>
    waiting.has(one.id) ? <Badge tone="warn" icon="queued">{t("Preliminary")}</Badge>
    : one.id === chosen?.slot ? <Badge tone="good" icon="check">{t("Chosen")}</Badge>
    : one.consultant === app.me.value?.seat ? <Badge icon="person">{t("Your own")}</Badge>
    : <Button slim onPress={() => select(one.id)}>{t("Choose")}<span class="vh"> {fullDate(one.starts_at)} {time(one.starts_at)}</span></Button>;
  return (
    <Page title={t("Book a short consultation")} lead={t("You tell without a name. They answer with advice.")}>
      <div ref={top} class="stack-2" tabIndex={-1}>
        {booked && (booked.state === "done" || sure) && <Done booked={sure ? { ...booked, booking: sure } : booked} />}
        <Unsettled onEdit={edit} onBooked={done} />
      </div>
      {open.length > 0 && <Filter open={open} kindOf={kindOf} />}
      <Columns
        half
        left={<>
          {fitting.length === 0 && (
            <Empty icon="clock" title={open.length === 0 ? t("No free times right now") : t("No free times fit")} text={t("New times come up here by themselves. Under Contacts you find who to call.")}>
              {isSet && open.length > 0 && <Button onPress={clear}>{t("Show all times")}</Button>}
            </Empty>
          )}
          {shown.length > 0 && (
            <Card flush label={t("Free times")}>
              <h2 class="vh">{t("Free times")}</h2>
              {days.map((day) => (
                <div key={day}>
                  <DayLabel>{capital(fullDate(day))}</DayLabel>
                  <div class="rows">
                    {shown.filter((one) => dateOf(one.starts_at) === day).map((one) => (
                      <SlotRow
                        key={one.id} time={time(one.starts_at)} title={one.unit_name} text={t("{who} · {n} min · {how}", { who: one.consultant_title, n: one.minutes, how: modeWords(one.mode) })} chosen={one.id === chosen?.slot}
                        end={ending(one)}
                      />
                    ))}
                  </div>
                </div>
              ))}
            </Card>
          )}
          {fitting.length > count && <Button onPress={() => setCount(count + FIRST)}>{tn("Show {n} more time", "Show {n} more times", Math.min(FIRST, fitting.length - count))}</Button>}
        </>}
        right={<>
          {slot && <BookForm key={`${slot.id}${chosen?.item ?? ""}`} slot={slot} begun={chosen?.begun} onBooked={done} />}
          {!slot && !booked && shown.length > 0 && <div class="only-wide"><Card><p class="muted">{t("Choose a time to write your question.")}</p></Card></div>}
          <OtherWays consultant={self?.functions.includes("consultant") ?? false} />
          <Mine />
          <MyAsks />
        </>}
      />
    </Page>
  );
}
