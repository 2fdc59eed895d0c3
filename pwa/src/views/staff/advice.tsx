/** Råd: free times with those who give advice, booked without a name; and one's own bookings. */
import { useState } from "preact/hooks";
import { capital, dateOf, dayWords, fullDate, time } from "../../dates";
import { t, tn } from "../../i18n";
import { Badge, Button, Card, Chips, Columns, DateTile, DayLabel, Empty, Notice, OutboxFor, Page, Row, Rows, Section, SkeletonPage, SlotRow, useApp } from "../../ui";
import { BookForm } from "./advice-book";
import { isFirst } from "./kit";
import type { Booking, Slot, Unit } from "./model";
import { modeWords, topicWords, unitShort } from "./words";

/** How many times are drawn at once; more on request. */
const FIRST = 12;

/** Free times that are still to come, the next first. */
function useOpen(): readonly Slot[] {
  const app = useApp();
  const now = app.now.value;
  return app.all<Slot>("slot").value.filter((one) => one.state === "open" && Date.parse(one.starts_at) > now).sort((a, b) => (a.starts_at < b.starts_at ? -1 : 1));
}

function Mine() {
  const app = useApp();
  const bookings = app.all<Booking>("booking").value.filter((one) => one.mine).sort((a, b) => (a.starts_at < b.starts_at ? -1 : 1));
  const ahead = bookings.filter((one) => one.state === "booked");
  const past = bookings.filter((one) => one.state === "held" || one.state === "withdrawn").reverse().slice(0, 3);
  if (ahead.length + past.length === 0) return null;
  return (
    <Section title={t("Your bookings")}>
      <Rows>
        {[...ahead, ...past].map((one) => (
          <Row
            key={one.id} start={<DateTile date={one.starts_at} />} title={`${one.unit_name}, ${time(one.starts_at)}`} text={`${topicWords(one.topic)} · ${modeWords(one.mode)}`} href={`/bookings/${one.id}`}
            {...(one.state === "withdrawn" ? { end: <Badge tone="bad" icon="close">{t("Withdrawn")}</Badge> } : one.state === "held" ? { end: <Badge icon="check">{t("Held")}</Badge> } : {})}
          />
        ))}
      </Rows>
    </Section>
  );
}

export function Advice() {
  const app = useApp();
  const open = useOpen();
  const [kinds, setKinds] = useState<string[]>([]);
  const [topics, setTopics] = useState<string[]>([]);
  const [more, setMore] = useState(false);
  const [count, setCount] = useState(FIRST);
  const [chosen, setChosen] = useState<string | null>(null);
  const [booked, setBooked] = useState<Slot | null>(null);
  if (isFirst(app)) return <Page busy><SkeletonPage hero={false} /></Page>;
  const kindOf = new Map(app.all<Unit>("unit").value.map((one) => [one.id, one.kind]));
  const there = [...new Set(open.map((one) => kindOf.get(one.unit)).filter((kind) => kind !== undefined))];
  const fitting = open.filter((one) => (kinds.length === 0 || kinds.includes(kindOf.get(one.unit) ?? "")) && (topics.length === 0 || topics.some((topic) => one.topics.includes(topic))));
  const shown = fitting.slice(0, count);
  const slot = open.find((one) => one.id === chosen);
  const days = [...new Set(shown.map((one) => dateOf(one.starts_at)))];
  const select = (id: string): void => {
    setChosen(id);
    setBooked(null);
  };
  return (
    <Page title={t("Book a short consultation")} lead={t("You tell without a name. They answer with advice.")}>
      {booked && <Notice tone="good" icon="check" alert title={t("Booked: {unit}, {day} {time}", { unit: booked.unit_name, day: dayWords(booked.starts_at), time: time(booked.starts_at) })}><span>{t("The time stands under Today on its day.")}</span></Notice>}
      {there.length > 1 && (
        <div class="stack-2">
          <Chips
            label={<span class="vh">{t("Who answers?")}</span>} values={kinds.length === 0 ? ["*"] : kinds} onChange={([kind]) => setKinds(kind && kind !== "*" ? [kind] : [])}
            options={[{ value: "*", label: t("Everyone") }, ...there.map((kind) => ({ value: kind, label: unitShort(kind) }))]}
          />
          <div><Button slim kind="quiet" icon="filter" aria-expanded={more} onPress={() => setMore(!more)}>{t("More choices")}</Button></div>
          {more && <Chips label={t("What is it about?")} several values={topics} onChange={setTopics} options={[...new Set(open.flatMap((one) => one.topics))].map((topic) => ({ value: topic, label: topicWords(topic) }))} />}
        </div>
      )}
      <Columns
        half
        left={<>
          {fitting.length === 0 && <Empty icon="clock" title={open.length === 0 ? t("No free times right now") : t("No free times fit")} text={t("New times come up here by themselves. Under Contacts you find who to call.")} />}
          {shown.length > 0 && (
            <Card flush label={t("Free times")}>
              <h2 class="vh">{t("Free times")}</h2>
              {days.map((day) => (
                <div key={day}>
                  <DayLabel>{capital(fullDate(day))}</DayLabel>
                  <div class="rows">
                    {shown.filter((one) => dateOf(one.starts_at) === day).map((one) => (
                      <SlotRow
                        key={one.id} time={time(one.starts_at)} title={one.unit_name} text={t("{who} · {n} min · {how}", { who: one.consultant_title, n: one.minutes, how: modeWords(one.mode) })} chosen={one.id === chosen}
                        end={one.id === chosen ? <Badge tone="good" icon="check">{t("Chosen")}</Badge> : <Button slim onPress={() => select(one.id)}>{t("Choose")}</Button>}
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
          {slot && <BookForm key={slot.id} slot={slot} onBooked={() => { setBooked(slot); setChosen(null); }} onChoose={select} />}
          {!slot && shown.length > 0 && <div class="only-wide"><Card><p class="muted">{t("Choose a time to write your question.")}</p></Card></div>}
          {app.outbox.value.filter((one) => one.name === "slot.book").map((one) => <OutboxFor key={one.id} id={String(one.args.slot)} names={["slot.book"]} />)}
          <Mine />
        </>}
      />
    </Page>
  );
}
