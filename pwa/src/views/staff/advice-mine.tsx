/** One's own bookings: preliminary ones and lost ones first, then what is ahead and what has been. */
import { useState } from "preact/hooks";
import { capital, fullDate, time } from "../../dates";
import { t } from "../../i18n";
import type { OutboxItem } from "../../state/api";
import { Badge, Button, Buttons, DateTile, Notice, OutboxNotice, Row, Rows, Section, useApp } from "../../ui";
import type { Booked } from "./advice-book";
import { NextTwo, nextTwo } from "./advice-next";
import { slotWords } from "./advice-now";
import type { Booking, Slot } from "./model";
import type { Asked } from "./question";
import { modeWords, topicWords } from "./words";

const PAST = 3;

export const askedOf = (item: OutboxItem): Asked => ({ topic: String(item.args["topic"] ?? ""), age_band: String(item.args["age_band"] ?? ""), question: String(item.args["question"] ?? "") });
const slotOf = (item: OutboxItem): string => String(item.args["slot"] ?? "");

/** A booking that has not got its answer: yours when the server says so. */
function Preliminary({ item, slot, onEdit }: { item: OutboxItem; slot: Slot; onEdit: (item: OutboxItem) => void }) {
  const app = useApp();
  const change = async (): Promise<void> => {
    if (await app.editAsDraft(item.id)) onEdit(item);
  };
  return (
    <Notice tone="warn" icon="queued" title={t("Preliminary: {what}", { what: slotWords(slot) })}>
      <span>{t("It is yours when you are online again and nobody was before you. What you wrote is saved on this device.")}</span>
      {item.state === "waiting" && <Buttons tight><Button slim kind="quiet" onPress={change}>{t("Change")}</Button><Button slim kind="quiet" onPress={() => app.discard(item.id)}>{t("Undo")}</Button></Buttons>}
    </Notice>
  );
}

/** Somebody else was first while this device was offline: the two next, one press each. */
function Lost({ item, slot, onBooked }: { item: OutboxItem; slot: Slot | undefined; onBooked: (booked: Booked) => unknown }) {
  const app = useApp();
  const asked = askedOf(item);
  const others = nextTwo(app, asked.topic, slotOf(item), item.data?.alternatives ?? []);
  const book = async (one: Slot): Promise<void> => {
    const id = await app.retry(item.id, { ...item.args, slot: one.id });
    if (!app.online.peek()) return;
    const outcome = await app.result(id);
    if (outcome.ok) onBooked({ slot: one, state: "done", booking: String(outcome.result?.booking) });
  };
  return (
    <Notice tone="warn" icon="clock" alert title={t("Somebody else was first")}>
      {slot && <span>{capital(fullDate(slot.starts_at))} {time(slot.starts_at)}, {slot.unit_name}. </span>}
      <NextTwo slots={others} onBook={book} />
      <Buttons tight><Button slim kind="quiet" icon="trash" onPress={() => app.discard(item.id)}>{t("Take away")}</Button></Buttons>
    </Notice>
  );
}

/** Bookings on their way or refused. `onEdit` opens the form with what was written. */
export function Unsettled({ onEdit, onBooked }: { onEdit: (item: OutboxItem) => void; onBooked: (booked: Booked) => unknown }) {
  const app = useApp();
  const slots = new Map(app.all<Slot>("slot").value.map((one) => [one.id, one]));
  const items = app.outbox.value.filter((one) => one.name === "slot.book");
  if (items.length === 0) return null;
  return (
    <div class="stack-2">
      {items.map((item) => {
        const slot = slots.get(slotOf(item));
        if (item.state === "refused" && item.code === "taken") return <Lost key={item.id} item={item} slot={slot} onBooked={onBooked} />;
        if ((item.state === "waiting" || item.state === "sent") && slot) return <Preliminary key={item.id} item={item} slot={slot} onEdit={onEdit} />;
        return <OutboxNotice key={item.id} item={item} what={slot && slotWords(slot)} onEdit={onEdit} />;
      })}
    </div>
  );
}

export function Mine() {
  const app = useApp();
  const [whole, setWhole] = useState(false);
  const bookings = app.all<Booking>("booking").value.filter((one) => one.mine).sort((a, b) => (a.starts_at < b.starts_at ? -1 : 1));
  const ahead = bookings.filter((one) => one.state === "booked");
  const past = bookings.filter((one) => one.state === "held" || one.state === "withdrawn").reverse();
  if (ahead.length + past.length === 0) return null;
  return (
    <Section title={t("Your bookings")}>
      <Rows>
        {[...ahead, ...(whole ? past : past.slice(0, PAST))].map((one) => (
          <Row
            key={one.id} start={<DateTile date={one.starts_at} />} title={`${one.unit_name}, ${time(one.starts_at)}`} text={`${topicWords(one.topic)} · ${modeWords(one.mode)}`} href={`/bookings/${one.id}`}
            {...(one.state === "withdrawn" ? { end: <Badge tone="bad" icon="close">{t("Withdrawn")}</Badge> } : one.state === "held" ? { end: <Badge icon="check">{t("Held")}</Badge> } : {})}
          />
        ))}
      </Rows>
      {!whole && past.length > PAST && <Button kind="quiet" onPress={() => setWhole(true)}>{t("Show all")}</Button>}
    </Section>
  );
}
