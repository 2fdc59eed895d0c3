/** Opening times that others may book: a week's pattern pressed open, repeated if one likes; for those who give advice. */
import { useEffect, useState } from "preact/hooks";
import { addDays, capital, dateOf, longDate, shortDay, today, wall, wallTime, weekWords, weekdayOf } from "../../dates";
import { t, tn } from "../../i18n";
import { Button, Card, Chips, Choice, Columns, Empty, Field, Form, LinkButton, Notice, OutboxNotice, Page, Row, Rows, Section, WeekGrid, fieldErrors, useApp, useForm } from "../../ui";
import { useDoing, useSelf } from "./kit";
import type { Booking, Slot } from "./model";
import { TOPICS, topicWords } from "./words";

/** What the grid offers before one has times of one's own. */
const USUAL = ["08:30", "09:15", "10:00", "13:00", "13:45", "15:00"];
const WEEKS = 4;
/** The way to join that was used last, kept encrypted on this device. */
const LAST_WAY = "slot.publish:way";

interface Values { minutes: string; mode: "video" | "phone"; topics: string[]; join_url: string; phone: string; extra: string }

const monday = (date: string): string => addDays(date, -weekdayOf(date));
const two = (n: number): string => String(n).padStart(2, "0");

export function Slots() {
  const app = useApp();
  const self = useSelf();
  const { run, said } = useDoing();
  const nowMs = app.now.value;
  const [week, setWeek] = useState(() => (weekdayOf(today()) > 3 ? addDays(monday(today()), 7) : monday(today())));
  const [pressed, setPressed] = useState<ReadonlySet<string>>(new Set());
  const [repeat, setRepeat] = useState(false);
  const [opened, setOpened] = useState<number | null>(null);
  const mine = app.all<Slot>("slot").value.filter((one) => one.consultant === app.me.value?.seat && one.state !== "withdrawn");
  const byStart = new Map(mine.map((one) => [one.starts_local.slice(0, 16), one]));
  const times = (): { starts_local: string; minutes: number }[] => {
    const weeks = repeat ? Array.from({ length: WEEKS }, (_, index) => index * 7) : [0];
    return [...pressed].flatMap((start) => weeks.map((days) => `${addDays(start.slice(0, 10), days)}T${start.slice(11)}`))
      .filter((start) => !byStart.has(start)).sort().slice(0, 60).map((starts_local) => ({ starts_local, minutes: Number(form.values.minutes) }));
  };
  const form = useForm<Values>(
    { minutes: "30", mode: "video", topics: ["worry", "low_mood", "sleep", "school_absence"], join_url: "", phone: self?.phone ?? "", extra: "" },
    (v) => ({
      ...(v.mode === "video" && !/^https:\/\/\S+\.\S+/.test(v.join_url.trim()) ? { join_url: t("Write the address of the video meeting. It begins with https://") } : {}),
      ...(v.mode === "phone" && !v.phone.trim() ? { phone: t("Write the number to call") } : {}), ...(v.topics.length > 0 ? {} : { topics: t("Choose at least one thing") }),
    }),
    async (v): Promise<void> => {
      const wanted = times();
      const done = await run("slot.publish", { times: wanted, mode: v.mode, topics: v.topics, ...(v.mode === "video" ? { join_url: v.join_url.trim() } : {}), ...(v.mode === "phone" ? { phone: v.phone.trim() } : {}) });
      if (done.state === "refused") return form.fail(fieldErrors(done.fields));
      await app.saveDraft(LAST_WAY, { minutes: v.minutes, mode: v.mode, topics: v.topics, join_url: v.join_url, phone: v.phone });
      setPressed(new Set());
      setOpened(wanted.length);
    },
  );
  useEffect(() => {
    const booked = app.all<Booking>("booking").value.find((one) => one.consultant === app.me.value?.seat && one.join_url);
    void app.draft<Partial<Values>>(LAST_WAY).then((way) => {
      for (const [name, value] of Object.entries({ ...(booked?.join_url ? { join_url: booked.join_url } : {}), ...way })) form.set(name as keyof Values, value as Values[keyof Values]);
    });
  }, []);
  if (!self?.functions.includes("consultant")) return <Page title={t("Our times for advice")} back={{ href: "/more", label: t("More") }}><Empty icon="clock" title={t("Your unit has not made you one who gives advice")} text={t("Ask the one who looks after your unit in Samled.")}><LinkButton href="/advice">{t("Book advice")}</LinkButton></Empty></Page>;
  const extra = /^\d{2}:\d{2}$/.test(form.values.extra) ? [form.values.extra] : [];
  const rows = (day: string): string[] => [...new Set([...USUAL, ...extra, ...mine.filter((one) => one.starts_local.startsWith(day)).map((one) => one.starts_local.slice(11, 16)), ...[...pressed].filter((one) => one.startsWith(day)).map((one) => one.slice(11))])].sort();
  const nowWall = wall(nowMs);
  const nowText = `${nowWall.date}T${two(nowWall.hour)}:${two(nowWall.minute)}`;
  const days = Array.from({ length: 5 }, (_, index) => addDays(week, index)).map((day) => ({
    key: day, heading: `${capital(shortDay(day))} ${Number(day.slice(8))}`,
    times: rows(day).map((at) => {
      const key = `${day}T${at}`;
      const slot = byStart.get(key);
      const fixed = slot ? (slot.state === "open" ? t("open") : t("booked")) : key <= nowText ? t("past") : undefined;
      return { key: at, label: wallTime(at), on: pressed.has(key), ...(fixed ? { fixed } : {}) };
    }),
  }));
  const toggle = (day: string, at: string): void => {
    const key = `${day}T${at}`;
    const next = new Set(pressed);
    if (!next.delete(key)) next.add(key);
    setPressed(next);
    setOpened(null);
  };
  const count = times().length;
  const first = monday(today());
  return (
    <Page title={t("Which times can others book?")} lead={t("Press a time to open it.")} kicker={self && app.one("unit", self.unit).value?.name as string | undefined} back={{ href: "/more", label: t("More") }}>
      {opened !== null && <Notice tone="good" icon="check" alert title={tn("{n} time is open", "{n} times are open", opened)}><span>{t("Those who can book see them now.")}</span></Notice>}
      <Form form={form}>
        <Columns
          left={<Section
            title={capital(weekWords(week))}
            end={<div class="btns tight">
              <Button slim icon="back" onPress={() => { if (week > first) setWeek(addDays(week, -7)); }}><span class="vh">{t("The week before")}</span></Button>
              <Button slim icon="chevron" onPress={() => setWeek(addDays(week, 7))}><span class="vh">{t("The week after")}</span></Button>
            </div>}
          ><Card>
            <p class="sm muted">{longDate(week)} – {longDate(addDays(week, 4))}</p>
            <WeekGrid days={days} onToggle={toggle} />
            <p class="sm muted">{t("Filled = opens when you press the button. Dashed = closed. Grey = open or booked already.")}</p>
            <Field label={t("Another time of day")} optional type="time" value={form.values.extra} onInput={(x) => form.set("extra", x)} />
            <Choice label={t("Repeat for four weeks")} hint={t("The same times each week, from this one.")} checked={repeat} onChange={setRepeat} />
          </Card></Section>}
          right={<>
            <Card>
              <h2>{t("How it works")}</h2>
              <Chips label={t("Length")} options={["20", "30", "45"].map((value) => ({ value, label: t("{n} min", { n: value }) }))} values={[form.values.minutes]} onChange={([x]) => x && form.set("minutes", x)} />
              <Chips label={t("How do you talk?")} options={[{ value: "video", label: t("By video"), icon: "video" }, { value: "phone", label: t("By phone"), icon: "phone" }]} values={[form.values.mode]} onChange={([x]) => x && form.set("mode", x as Values["mode"])} />
              {form.values.mode === "video"
                ? <Field label={t("Address of the video meeting")} type="url" id={form.ids.join_url} value={form.values.join_url} error={form.errors.join_url} onInput={(x) => form.set("join_url", x)} />
                : <Field label={t("Number to call")} type="tel" id={form.ids.phone} value={form.values.phone} error={form.errors.phone} onInput={(x) => form.set("phone", x)} />}
              <Chips label={t("What can they ask about?")} several id={form.ids.topics} options={Object.keys(TOPICS).map((value) => ({ value, label: topicWords(value) }))} values={form.values.topics} onChange={(x) => form.set("topics", x)} />
            </Card>
            {said}
            {app.outbox.value.filter((one) => one.name === "slot.publish" || one.name === "slot.withdraw").map((one) => <OutboxNotice key={one.id} item={one} />)}
            <Button type="submit" kind="primary" block disabled={count === 0 && t("Press at least one time first")}>{count > 0 ? tn("Open {n} time", "Open {n} times", count) : t("Open times")}</Button>
          </>}
        />
      </Form>
      <Opened slots={mine} nowMs={nowMs} />
    </Page>
  );
}

/** One's times to come: who booked, and taking one back. */
function Opened({ slots, nowMs }: { slots: readonly Slot[]; nowMs: number }) {
  const app = useApp();
  const { run, said } = useDoing();
  const bookings = new Map(app.all<Booking>("booking").value.filter((one) => one.state === "booked").map((one) => [one.slot, one]));
  const ahead = slots.filter((one) => Date.parse(one.starts_at) > nowMs && (one.state === "open" || one.state === "booked")).sort((a, b) => (a.starts_at < b.starts_at ? -1 : 1));
  if (ahead.length === 0) return null;
  return (
    <Section title={t("Your times to come")} note={t("Taking back a booked time tells the one who booked.")}>
      {said}
      <Rows>
        {ahead.slice(0, 20).map((one) => {
          const booking = bookings.get(one.id);
          const when = `${capital(shortDay(one.starts_at))} ${longDate(dateOf(one.starts_at))} ${wallTime(one.starts_local)}`;
          return (
            <Row
              key={one.id} icon="clock" tone={booking ? "info" : "grey"} title={booking ? <a href={`/bookings/${booking.id}`}>{when}</a> : when}
              text={booking ? [booking.booked_by?.name, topicWords(booking.topic)].filter(Boolean).join(" · ") : one.state === "booked" ? t("Booked") : t("Free")} end={app.may("slot.withdraw", one) ? <Button slim onPress={() => run("slot.withdraw", { slot: one.id })}>{t("Take back")}</Button> : undefined}
            />
          );
        })}
      </Rows>
    </Section>
  );
}
