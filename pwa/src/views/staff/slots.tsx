/** Opening times that others may book: a week's pattern pressed open, once or every week; for those who give advice. */
import { useEffect, useState } from "preact/hooks";
import { addDays, capital, dateOf, longDate, shortDay, today, wall, wallTime, weekWords, weekdayOf } from "../../dates";
import { isDayOff } from "../../days-off";
import { t, tn } from "../../i18n";
import { Button, Card, Chips, Columns, Empty, Field, Form, LinkButton, Notice, OutboxNotice, Page, Row, Rows, Section, SkeletonPage, fieldErrors, phoneText, useApp, useForm } from "../../ui";
import { WeekGrid } from "../../ui/staff";
import { isFirst, useDoing, useSelf } from "./kit";
import type { Booking, Slot, Staff, Unit } from "./model";
import { Opened, type Told, ToldNotice } from "./slots-opened";
import { type Span, type TimeOfWeek, inWeek, patternOf, runInto } from "./slots-pattern";
import { TOPICS, choices } from "./words";

/** What the grid offers before one has times of one's own. */
const USUAL = ["08:30", "09:15", "10:00", "13:00", "13:45", "15:00"];
const WEEKS = ["1", "4", "8"] as const;
/** How the last times were opened, kept encrypted on this device. */
const LAST_WAY = "slot.publish:way";
const WORKING_DAYS = 5;

interface Values { minutes: string; mode: "video" | "phone"; topics: string[]; join_url: string; phone: string; extra: string; weeks: string }
type Way = Partial<Values> & { pattern?: TimeOfWeek[] };

const monday = (date: string): string => addDays(date, -weekdayOf(date));
/** "23–27 november"; both months when there are two. */
const daySpan = (first: string, last: string): string => (first.slice(0, 7) === last.slice(0, 7) ? `${Number(first.slice(8))}–${longDate(last)}` : `${longDate(first)} – ${longDate(last)}`);
const two = (n: number): string => String(n).padStart(2, "0");

export function Slots() {
  const self = useSelf();
  if (isFirst(useApp())) return <Page busy><SkeletonPage hero={false} /></Page>;
  if (!self?.functions.includes("consultant")) return <Page title={t("Our times for advice")} back={{ href: "/more", label: t("More") }}><Empty icon="clock" title={t("Your unit has not made you one who gives advice")} text={t("Ask the one who looks after your unit in Samled.")}><LinkButton href="/advice">{t("Book advice")}</LinkButton></Empty></Page>;
  return <Times self={self} />;
}

function Times({ self }: { self: Staff }) {
  const app = useApp();
  const { run, said, clear } = useDoing();
  const nowMs = app.now.value;
  const [week, setWeek] = useState(() => (weekdayOf(today()) > 3 ? addDays(monday(today()), 7) : monday(today())));
  const [pressed, setPressed] = useState<ReadonlySet<string>>(new Set());
  const [last, setLast] = useState<readonly TimeOfWeek[]>([]);
  const [told, setTold] = useState<Told | null>(null);
  const mine = app.all<Slot>("slot").value.filter((one) => one.consultant === app.me.value?.seat && one.state !== "withdrawn");
  const byStart = new Map(mine.map((one) => [one.starts_local.slice(0, 16), one]));
  const taken: Span[] = mine.map((one) => ({ starts: one.starts_local, minutes: one.minutes }));
  const form = useForm<Values>(
    { minutes: "30", mode: "video", topics: ["worry", "low_mood", "sleep", "school_absence"], join_url: "", phone: phoneText(self.phone ?? ""), extra: "", weeks: "1" },
    (v) => ({
      join_url: v.mode === "video" && !/^https:\/\/\S+\.\S+/.test(v.join_url.trim()) && t("Write the address of the video meeting. It begins with https://"),
      phone: v.mode === "phone" && !v.phone.trim() && t("Write the number to call"), topics: v.topics.length === 0 && t("Choose at least one thing"),
    }),
    async (v): Promise<void> => {
      setTold(null);
      const minutes = Number(v.minutes);
      const weekly = patternOf(pressed, minutes);
      const times = v.weeks === "1"
        ? { times: [...pressed].sort().map((starts_local) => ({ starts_local, minutes })) }
        : { weekly: { times: weekly, from_on: week, until_on: addDays(week, 7 * Number(v.weeks) - 1) } };
      const done = await run("slot.publish", { ...times, mode: v.mode, topics: v.topics, ...(v.mode === "video" ? { join_url: v.join_url.trim() } : { phone: v.phone.trim() }) });
      if (done.state === "refused") {
        if (done.code === "conflict") {
          clear();
          return setTold({ state: "none", skipped: done.data?.skipped ?? (done.data?.times ?? []).map((starts_local: string) => ({ starts_local, why: "taken" })) });
        }
        return form.fail(fieldErrors(done.fields));
      }
      const way: Way = { minutes: v.minutes, mode: v.mode, topics: v.topics, join_url: v.join_url, phone: v.phone, weeks: v.weeks, pattern: weekly };
      await app.saveDraft(LAST_WAY, way);
      setLast(weekly);
      setPressed(new Set());
      if (done.state === "done") setTold({ state: "done", opened: done.result?.slots.length ?? 0, skipped: done.result?.skipped ?? [] });
    },
    null,
  );
  const link = app.all<Booking>("booking").value.find((one) => one.consultant === app.me.value?.seat && one.join_url)?.join_url;
  useEffect(() => {
    if (link) form.fill("join_url", link);
  }, [link]);
  // Anew once everything has come: whoever opens this page by its address has no times here at first.
  useEffect(() => {
    void app.draft<Way>(LAST_WAY).then((way) => {
      const { pattern, ...values } = way ?? ({} as Partial<Way>);
      setLast(pattern ?? usualWeek(mine));
      for (const [name, value] of Object.entries(values)) form.set(name as keyof Values, value as Values[keyof Values]);
    });
  }, [isFirst(app)]);
  const unit = app.one<Unit>("unit", self.unit).value;
  const minutes = Number(form.values.minutes);
  const open: Span[] = [...pressed].map((starts) => ({ starts, minutes }));
  const nowWall = wall(nowMs);
  const nowText = `${nowWall.date}T${two(nowWall.hour)}:${two(nowWall.minute)}`;
  const extra = /^\d{2}:\d{2}$/.test(form.values.extra) ? [form.values.extra] : [];
  const why = (starts: string): string | undefined => {
    const slot = byStart.get(starts);
    if (slot && slot.state !== "open") return t("booked");
    if (starts <= nowText) return t("past");
    if (slot) return t("open");
    if (isDayOff(starts.slice(0, 10))) return t("public holiday");
    if (unit?.closed_days?.includes(starts.slice(0, 10))) return t("your unit is closed");
    const span = { starts, minutes };
    return taken.some((one) => runInto(span, one)) || (!pressed.has(starts) && open.some((one) => runInto(span, one))) ? t("overlaps") : undefined;
  };
  const days = Array.from({ length: WORKING_DAYS }, (_, index) => addDays(week, index)).map((day) => {
    const here = (one: { starts: string }): string[] => (one.starts.startsWith(day) ? [one.starts.slice(11, 16)] : []);
    const rows = [...new Set([...USUAL, ...extra, ...taken.flatMap(here), ...open.flatMap(here)])].sort();
    return {
      key: day, heading: `${capital(shortDay(day))} ${Number(day.slice(8))}`,
      times: rows.map((at) => {
        const fixed = why(`${day}T${at}`);
        return { key: at, label: wallTime(at), on: pressed.has(`${day}T${at}`), ...(fixed ? { fixed } : {}) };
      }),
    };
  });
  const toggle = (day: string, at: string): void => {
    const next = new Set(pressed);
    if (!next.delete(`${day}T${at}`)) next.add(`${day}T${at}`);
    setPressed(next);
    setTold(null);
  };
  const again = inWeek(last, week).filter((starts) => !why(starts));
  const count = pressed.size;
  const weeks = Number(form.values.weeks);
  const label = count === 0 ? t("Open times") : weeks === 1 ? tn("Open {n} time", "Open {n} times", count) : tn("Open {n} time a week for {weeks} weeks", "Open {n} times a week for {weeks} weeks", count, { weeks });
  return (
    <Page title={t("Which times can others book?")} lead={t("Press a time to open it.")} kicker={unit?.name} back={{ href: "/more", label: t("More") }}>
      <Form form={form}>
        <Columns
          left={<Section
            title={capital(weekWords(week))}
            end={<div class="btns tight">
              {week > monday(today()) && <Button slim icon="back" onPress={() => setWeek(addDays(week, -7))}><span class="vh">{t("The week before")}</span></Button>}
              <Button slim icon="chevron" onPress={() => setWeek(addDays(week, 7))}><span class="vh">{t("The week after")}</span></Button>
            </div>}
          ><Card>
            <p class="sm muted">{daySpan(week, addDays(week, 4))}</p>
            {count === 0 && again.length > 0 && <Button slim kind="soft" icon="refresh" onPress={() => { setPressed(new Set(again)); setTold(null); }}>{tn("Same as last time: {n} time", "Same as last time: {n} times", again.length)}</Button>}
            <WeekGrid days={days} onToggle={toggle} />
            <p class="sm muted">{t("Filled = opens when you press the button. Dashed = closed. Grey = open or booked already, or a day off.")}</p>
            <Field label={t("Another time of day")} optional type="time" value={form.values.extra} onInput={(x) => form.set("extra", x)} />
            <Chips
              label={t("How often?")} values={[form.values.weeks]} onChange={([x]) => x && form.set("weeks", x)}
              options={WEEKS.map((value) => ({ value, label: value === "1" ? t("Only this week") : t("Every week for {n} weeks", { n: value }) }))}
            />
            {weeks > 1 && <p class="sm muted">{t("Public holidays and days when your unit is closed are passed over.")}</p>}
          </Card></Section>}
          right={<>
            <Card>
              <h2>{t("How it works")}</h2>
              <Chips label={t("Length")} options={["20", "30", "45"].map((value) => ({ value, label: t("{n} min", { n: value }) }))} values={[form.values.minutes]} onChange={([x]) => x && form.set("minutes", x)} />
              <Chips label={t("How do you talk?")} options={[{ value: "video", label: t("By video"), icon: "video" }, { value: "phone", label: t("By phone"), icon: "phone" }]} values={[form.values.mode]} onChange={([x]) => x && form.set("mode", x as Values["mode"])} />
              {form.values.mode === "video"
                ? <Field label={t("Address of the video meeting")} type="url" {...form.of("join_url")} />
                : <Field label={t("Number to call")} type="tel" {...form.of("phone")} />}
              <Chips label={t("What can they ask about?")} several id={form.ids.topics} options={choices(TOPICS)} values={form.values.topics} onChange={(x) => form.set("topics", x)} />
              {form.errors.topics && <p class="error">{form.errors.topics}</p>}
            </Card>
            {told && <ToldNotice told={told} />}
            {said}
            {app.outbox.value.filter((one) => one.name === "slot.publish").map((one) => <OutboxNotice key={one.id} item={one} />)}
            <Button type="submit" kind="primary" block disabled={count === 0 && t("Press at least one time first")}>{label}</Button>
          </>}
        />
      </Form>
      <Opened slots={mine} nowMs={nowMs} />
      <Rows>
        <Row icon="undo" title={t("Ill, or hindered")} text={t("Take back several times at once")} href="/slots/ill" />
        <Row icon="people" title={t("Open hours")} text={t("A weekly hour with a line, without booking")} href="/open-hours" />
      </Rows>
    </Page>
  );
}

/** The times of one's latest week, when nothing is remembered on this device. */
function usualWeek(slots: readonly Slot[]): TimeOfWeek[] {
  const lastWeek = slots.map((one) => monday(dateOf(one.starts_at))).sort().at(-1);
  return slots.filter((one) => monday(dateOf(one.starts_at)) === lastWeek).flatMap((one) => patternOf([one.starts_local], one.minutes));
}
