/** Ill: taking back coming times, one's own or a colleague's, a day or more at once. Those who had booked are told at once. */
import { useEffect, useState } from "preact/hooks";
import { addDays, capital, dateOf, fullDate, time, today } from "../../dates";
import { t, tn } from "../../i18n";
import { Button, Card, ChoiceList, Chips, Columns, Empty, Notice, OutboxNotice, Page, SkeletonPage, useApp } from "../../ui";
import type { OutboxItem } from "../../state/api";
import { isFirst, useDoing, useSelf } from "../staff/kit";
import type { Booking, Slot, Staff } from "../staff/model";
import { topicWords } from "../staff/words";

const MOST = 60;
const SPANS = ["0", "1", "6", "13"];

const COMING = ["open", "offered", "booked"];
const slotsOf = (item: OutboxItem): string[] => (item.args["slots"] as string[] | undefined) ?? [item.args["slot"] as string];

/** What was taken back; `id` while the server has not said yes. */
interface Taken { n: number; told: number; id?: string }

export function SlotsIll() {
  const app = useApp();
  const { run, said } = useDoing();
  const self = useSelf();
  const nowMs = app.now.value;
  const slots = app.all<Slot>("slot").value;
  const unsent = app.outbox.value.filter((one) => one.name === "slot.withdraw");
  const onTheWay = unsent.filter((one) => one.state === "waiting" || one.state === "sent");
  const [wished, setUntil] = useState<string | null>(null);
  const [wanted, setWhose] = useState<string | null>(null);
  const [kept, setKept] = useState<string[]>([]);
  const [sending, setSending] = useState(false);
  const [taken, setTaken] = useState<Taken | null>(() => {
    const last = onTheWay.at(-1);
    const ids = last && slotsOf(last);
    return last && ids ? { n: ids.length, told: slots.filter((one) => ids.includes(one.id) && one.state === "booked").length, id: last.id } : null;
  });
  useEffect(() => {
    const id = taken?.id;
    if (id === undefined) return;
    let here = true;
    void app.result(id).then((outcome) => here && setTaken((now) => (now?.id !== id ? now : outcome.ok ? { n: now.n, told: now.told } : null)));
    return () => { here = false; };
  }, [taken?.id]);
  if (isFirst(app)) return <Page busy><SkeletonPage hero={false} /></Page>;
  // What is on its way cannot be taken back once more.
  const gone = sending ? [] : onTheWay.flatMap(slotsOf);
  const inUnit = slots
    .filter((one) => one.unit === self?.unit && Date.parse(one.starts_at) > nowMs && COMING.includes(one.state) && !gone.includes(one.id) && app.may("slot.withdraw", one))
    .sort((a, b) => (a.starts_at < b.starts_at ? -1 : 1));
  const people = app.all<Staff>("staff").value.filter((one) => inUnit.some((slot) => slot.consultant === one.id) || (one.id === self?.id && one.functions.includes("consultant")));
  const whose = wanted ?? people.find((one) => one.id === self?.id)?.id ?? people[0]?.id;
  const own = whose === undefined || whose === self?.id;
  const coming = inUnit.filter((one) => one.consultant === whose);
  const within = (days: string): readonly Slot[] => coming.filter((one) => dateOf(one.starts_at) <= addDays(today(), Number(days))).slice(0, MOST);
  // The shortest span that has any time in it, until somebody chooses.
  const until = wished ?? SPANS.find((days) => within(days).length > 0) ?? "0";
  const near = within(until);
  const chosen = near.filter((one) => !kept.includes(one.id));
  const bookings = new Map(app.all<Booking>("booking").value.filter((one) => one.state === "booked" && !one.mine).map((one) => [one.slot, one]));
  const booked = chosen.filter((one) => one.state === "booked").length;
  const withdraw = async (): Promise<void> => {
    setSending(true);
    const done = await run("slot.withdraw", { slots: chosen.map((one) => one.id) });
    if (done.state !== "refused") setTaken({ n: chosen.length, told: booked, ...(done.state === "waiting" ? { id: done.id } : {}) });
    setSending(false);
  };
  if (taken) {
    const later = taken.id !== undefined;
    const more = inUnit.length > 0 && <Button kind="quiet" onPress={() => { setTaken(null); setUntil(null); setKept([]); }}>{t("Take back more")}</Button>;
    if (later)
      return (
        <Page title={tn("{n} time is taken back when you are online", "{n} times are taken back when you are online", taken.n)} back={{ href: "/slots", label: t("Times") }}>
          <Notice tone="warn" icon="queued" alert title={taken.told > 0 ? tn("{n} person is told then", "{n} people are told then", taken.told) : t("Nobody had booked them.")} />
          {unsent.map((one) => <OutboxNotice key={one.id} item={one} />)}
          {more}
        </Page>
      );
    return (
      <Page title={tn("{n} time is taken back", "{n} times are taken back", taken.n)} back={{ href: "/slots", label: t("Times") }}>
        <Notice tone="good" icon="check" alert title={taken.told > 0 ? tn("{n} is told and offered the next two times.", "{n} are told and offered the next two times.", taken.told) : t("Nobody had booked them.")} />
        {more}
      </Page>
    );
  }
  return (
    <Page title={t("Ill, or hindered")} lead={own ? t("Take back your times. Those who had booked are told at once.") : t("Take back a colleague's times. Those who had booked are told at once.")} back={{ href: "/slots", label: t("Times") }}>
      {(people.length > 1 || !own) && <Chips label={t("Whose times?")} options={people.map((one) => ({ value: one.id, label: <bdi>{one.name}</bdi> }))} values={whose === undefined ? [] : [whose]} onChange={([x]) => { if (x) { setWhose(x); setUntil(null); setKept([]); } }} />}
      <Chips label={t("Until when?")} options={[{ value: "0", label: t("Only today") }, { value: "1", label: t("Tomorrow too") }, { value: "6", label: t("A week") }, { value: "13", label: t("Two weeks") }]} values={[until]} onChange={([x]) => x && setUntil(x)} />
      {near.length === 0
        ? <Empty icon="clock" title={own ? t("You have no times then") : t("There are no times then")} text={coming[0] ? (own ? t("Your next time is {day}.", { day: fullDate(coming[0].starts_at) }) : t("The next time is {day}.", { day: fullDate(coming[0].starts_at) })) : own ? t("You have no times to come.") : t("There are no times to come.")} />
        : <Columns
            left={<Card>
              <ChoiceList
                legend={t("These are taken back")} values={chosen.map((one) => one.id)} onChange={(ids) => setKept(near.filter((one) => !ids.includes(one.id)).map((one) => one.id))}
                options={near.map((one) => {
                  const booking = bookings.get(one.id);
                  return { value: one.id, label: `${capital(fullDate(one.starts_at))} ${time(one.starts_at)}`, hint: one.state === "booked" ? [booking?.booked_by?.name ?? t("Booked"), booking && topicWords(booking.topic)].filter(Boolean).join(" · ") : t("Free") };
                })}
              />
            </Card>}
            right={<>
              <Notice tone={booked > 0 ? "warn" : "grey"} icon="people" title={booked > 0 ? tn("{n} has booked and is told", "{n} have booked and are told", booked) : t("Nobody has booked these times")} />
              {said}
              {unsent.map((one) => <OutboxNotice key={one.id} item={one} />)}
              <Button kind="bad" block disabled={chosen.length === 0 && t("Choose at least one time")} onPress={withdraw}>{tn("Take back {n} time", "Take back {n} times", chosen.length)}</Button>
            </>}
          />}
    </Page>
  );
}
