/** Ill: taking back one's coming times, a day or more at once. Those who had booked are told at once. */
import { useState } from "preact/hooks";
import { addDays, capital, dateOf, fullDate, time, today } from "../../dates";
import { t, tn } from "../../i18n";
import { Button, Card, ChoiceList, Chips, Columns, Empty, Notice, OutboxNotice, Page, SkeletonPage, useApp } from "../../ui";
import { isFirst, useDoing } from "../staff/kit";
import type { Booking, Slot } from "../staff/model";
import { topicWords } from "../staff/words";

const MOST = 60;
const SPANS = ["0", "1", "6", "13"];

export function SlotsIll() {
  const app = useApp();
  const { run, said } = useDoing();
  const nowMs = app.now.value;
  const [wished, setUntil] = useState<string | null>(null);
  const [kept, setKept] = useState<string[]>([]);
  const [taken, setTaken] = useState<{ n: number; told: number; sent: boolean } | null>(null);
  if (isFirst(app)) return <Page busy><SkeletonPage hero={false} /></Page>;
  const coming = app.all<Slot>("slot").value
    .filter((one) => one.consultant === app.me.value?.seat && Date.parse(one.starts_at) > nowMs && ["open", "offered", "booked"].includes(one.state) && app.may("slot.withdraw", one))
    .sort((a, b) => (a.starts_at < b.starts_at ? -1 : 1));
  const within = (days: string): readonly Slot[] => coming.filter((one) => dateOf(one.starts_at) <= addDays(today(), Number(days))).slice(0, MOST);
  // The shortest span that has any time in it, until somebody chooses.
  const until = wished ?? SPANS.find((days) => within(days).length > 0) ?? "0";
  const near = within(until);
  const chosen = near.filter((one) => !kept.includes(one.id));
  const bookings = new Map(app.all<Booking>("booking").value.filter((one) => one.state === "booked" && !one.mine).map((one) => [one.slot, one]));
  const booked = chosen.filter((one) => one.state === "booked").length;
  const withdraw = async (): Promise<void> => {
    const done = await run("slot.withdraw", { slots: chosen.map((one) => one.id) });
    if (done.state !== "refused") setTaken({ n: chosen.length, told: booked, sent: done.state === "done" });
  };
  if (taken?.sent)
    return (
      <Page title={tn("{n} time is taken back", "{n} times are taken back", taken.n)} back={{ href: "/slots", label: t("Times") }}>
        <Notice tone="good" icon="check" alert title={taken.told > 0 ? tn("{n} is told and offered the next two times.", "{n} are told and offered the next two times.", taken.told) : t("Nobody had booked them.")} />
        {coming.length > 0 && <Button kind="quiet" onPress={() => { setTaken(null); setUntil(null); }}>{t("Take back more")}</Button>}
      </Page>
    );
  return (
    <Page title={t("Ill, or hindered")} lead={t("Take back your times. Those who had booked are told at once.")} back={{ href: "/slots", label: t("Times") }}>
      <Chips label={t("Until when?")} options={[{ value: "0", label: t("Only today") }, { value: "1", label: t("Tomorrow too") }, { value: "6", label: t("A week") }, { value: "13", label: t("Two weeks") }]} values={[until]} onChange={([x]) => x && setUntil(x)} />
      {near.length === 0
        ? <Empty icon="clock" title={t("You have no times then")} text={coming[0] ? t("Your next time is {day}.", { day: fullDate(coming[0].starts_at) }) : t("You have no times to come.")} />
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
              {app.outbox.value.filter((one) => one.name === "slot.withdraw").map((one) => <OutboxNotice key={one.id} item={one} />)}
              <Button kind="bad" block disabled={chosen.length === 0 && t("Choose at least one time")} onPress={withdraw}>{tn("Take back {n} time", "Take back {n} times", chosen.length)}</Button>
            </>}
          />}
    </Page>
  );
}
