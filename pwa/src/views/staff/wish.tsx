/** Standing in line for a time that becomes free: the question once, one's place, and the offer with its deadline. */
import { useState } from "preact/hooks";
import { capital, fullDate, stamp, timeRange } from "../../dates";
import { t, tn } from "../../i18n";
import { Button, Card, Facts, Form, Hero, Ltr, Notice, OutboxFor, OutboxNotice, Page, SkeletonPage, Steps, useApp } from "../../ui";
import { slotWords, untilWords } from "./advice-now";
import { BookForm } from "./advice-book";
import { NextTwo, nextTwo } from "./advice-next";
import { useSameQuestion } from "./advice-same";
import { isFirst, useDoing, useUnsent } from "./kit";
import type { Slot, SlotOffer, SlotWish } from "./model";
import { AskedFields, useAsking } from "./question";
import { TOPICS, modeWords, topicWords } from "./words";

const BACK = { href: "/advice" };

export function Wishes() {
  const app = useApp();
  const [taken, setTaken] = useState<SlotOffer | null>(null);
  if (isFirst(app)) return <Page busy><SkeletonPage hero={false} /></Page>;
  const wish = app.all<SlotWish>("slot_wish").value[0];
  const back = { ...BACK, label: t("Advice") };
  if (taken)
    return (
      <Page title={t("The time is yours")} back={back}>
        <Notice tone="good" icon="check" alert title={t("Booked: {what}", { what: slotWords(taken) })}><span>{t("The time stands under Today on its day. You are reminded the day before.")}</span></Notice>
      </Page>
    );
  if (wish?.offer) return <Offered key={wish.offer.slot} wish={wish} offer={wish.offer} back={back} onTaken={setTaken} />;
  return wish ? <Waiting wish={wish} back={back} /> : <Ask back={back} />;
}

interface Back { href: string; label: string }

/** A time is kept: take it, or leave it to the next. */
function Offered({ wish, offer, back, onTaken }: { wish: SlotWish; offer: SlotOffer; back: Back; onTaken: (offer: SlotOffer) => void }) {
  const app = useApp();
  const { run, said, clear } = useDoing();
  const [gone, setGone] = useState(false);
  const unsent = useUnsent(wish.id);
  const late = Date.parse(offer.until) <= app.now.value;
  const answer = async (name: "slot.take" | "slot.decline"): Promise<void> => {
    const done = await run(name, { slot_wish: wish.id, slot: offer.slot });
    if (done.state === "done" && name === "slot.take") onTaken(offer);
    if (done.state === "refused" && (done.code === "taken" || done.code === "too_late")) {
      clear();
      setGone(true);
    }
  };
  return (
    <Page title={t("Do you want this time?")} lead={t("It is kept for you until {until}. Then it goes to the next.", { until: untilWords(offer.until) })} back={back}>
      <Hero
        when={<>{capital(fullDate(offer.starts_at))} <Ltr>{timeRange(offer.starts_at, offer.minutes)}</Ltr></>} pledge={offer.unit_name} after={`${offer.consultant_title} · ${modeWords(offer.mode)}`}
        buttons={late || gone || unsent ? undefined : <>
          <Button kind="primary" icon="check" onPress={() => answer("slot.take")}>{t("Yes, book it")}</Button>
          <Button onPress={() => answer("slot.decline")}>{t("Not this time")}</Button>
        </>}
      />
      {(late || gone) && <Notice tone="grey" icon="clock" alert={gone} title={t("The time has gone to the next")}><span>{t("You keep your place in line.")}</span></Notice>}
      {said}
      <OutboxFor id={wish.id} />
      <Question wish={wish} />
      {!late && !gone && <p class="sm muted inset">{t("If you say no, you keep your place in line.")}</p>}
    </Page>
  );
}

/** What was asked, as the consultant will see it. */
function Question({ wish }: { wish: SlotWish }) {
  return <Card><Facts items={[{ icon: "note", title: t("{topic}, {ages} years", { topic: topicWords(wish.topic), ages: wish.age_band.replace("-", "–") }), text: wish.question && <bdi>{wish.question}</bdi> }, { icon: "clock", title: t("You asked {when}", { when: stamp(wish.made_at) }) }]} /></Card>;
}

function Waiting({ wish, back }: { wish: SlotWish; back: Back }) {
  const app = useApp();
  const { run, said, clear } = useDoing();
  const [booked, setBooked] = useState<Slot | null>(null);
  const { again, book } = useSameQuestion(wish, run, clear);
  const free = nextTwo(app, wish.topic, "");
  const ahead = wish.ahead ?? 0;
  const settle = async (slot: Slot, state: string): Promise<void> => {
    if (state !== "done") return;
    setBooked(slot);
    await run("slot.unwish", { slot_wish: wish.id });
  };
  return (
    <Page title={ahead === 0 ? t("You are first in line") : tn("{n} is before you in line", "{n} are before you in line", ahead)} lead={t("When a time becomes free, those in line are asked in turn.")} back={back}>
      {booked && <Notice tone="good" icon="check" alert title={t("Booked: {what}", { what: slotWords(booked) })}><a href="/advice">{t("See your bookings")}</a></Notice>}
      <Question wish={wish} />
      {free.length > 0 && !booked && <Notice tone="info" icon="calendar" title={t("There are free times already")}><NextTwo slots={free} onBook={async (slot) => settle(slot, await book(slot))} /></Notice>}
      {again && !booked && <BookForm key={again.slot.id} slot={again.slot} begun={again.begun} onBooked={(made) => settle(made.slot, made.state)} />}
      {said}
      <OutboxFor id={wish.id} />
      {app.may("slot.unwish", wish) && <Button kind="quiet" block icon="close" onPress={() => run("slot.unwish", { slot_wish: wish.id })}>{t("Leave the line")}</Button>}
    </Page>
  );
}

function Ask({ back }: { back: Back }) {
  const app = useApp();
  const { form, guard, said } = useAsking("slot.wish", {}, "");
  const unsent = app.outbox.value.filter((one) => one.name === "slot.wish");
  return (
    <Page title={t("Stand in line for a time")} lead={t("Ask now. When a time becomes free, those in line are asked in turn.")} back={back}>
      {unsent.map((one) => <OutboxNotice key={one.id} item={one} what={topicWords(String(one.args["topic"]))} />)}
      {unsent.length === 0 && (
        <Form form={form} label={t("Your question")}>
          <Card>
            <AskedFields form={form} topics={Object.keys(TOPICS)} guard={guard} />
            {said}
            <Button type="submit" kind="primary" block disabled={guard.blocking}>{t("Stand in line")}</Button>
          </Card>
        </Form>
      )}
      <Card>
        <Steps items={[
          { icon: "list", state: "todo", text: t("Those who have waited longest are asked first.") }, { icon: "clock", state: "todo", text: t("A time is kept for one at a time, for four hours by day.") },
          { icon: "undo", state: "todo", text: t("Say no and you keep your place. Leave the line whenever you want.") },
        ]} />
      </Card>
    </Page>
  );
}
