/** Advice on the day's page: my place in an open hour, a freed time kept for me, a booking that is not sure. */
import { dateOf, dayWords, time, today } from "../../dates";
import { t, tn } from "../../i18n";
import { CallButton, LinkButton, Notice, Phone, useApp } from "../../ui";
import type { Place } from "../professional/model";
import type { Slot, SlotWish } from "./model";

/** "UPH Norra Skaraborg, i morgon 10.00". */
export const slotWords = (slot: { unit_name: string; starts_at: string }): string => t("{unit}, {day} {time}", { unit: slot.unit_name, day: dayWords(slot.starts_at), time: time(slot.starts_at) });

/** "12.00" today, "i morgon 09.00" else. */
export const untilWords = (at: string): string => (dateOf(at) === today() ? time(at) : `${dayWords(at)} ${time(at)}`);

/** My place in an open hour of today: a time of the day while I wait; when it is my turn somebody waits for me, with the way in. */
export function InLine({ turn: now }: { turn: boolean }) {
  const places = useApp().all<Place>("open_hour_place").value.filter((one) => one.mine && (now ? one.state === "called" : one.state === "waiting" && one.session_on === today()));
  return (
    <>
      {places.map((one) => {
        const turn = one.state === "called";
        return (
          <Notice key={one.id} tone={turn ? "mark" : "info"} icon={turn ? "bell" : "people"} alert={turn} title={turn ? t("It is your turn now") : one.ahead ? tn("{n} is before you", "{n} are before you", one.ahead) : t("You are next")}>
            <span>{t("Open hour, {unit}", { unit: one.unit_name })} {time(one.starts_at)}. {!turn && <a href={`/in-line/${one.id}`}>{t("See your place")}</a>}</span>
            {turn && (
              <div class="btns tight">
                {one.join_url && <LinkButton slim kind="primary" external icon="video" href={one.join_url}>{t("Join")}</LinkButton>}
                {one.phone_in && <CallButton slim kind={one.join_url ? "second" : "primary"} number={one.phone_in}><Phone number={one.phone_in} /></CallButton>}
              </div>
            )}
          </Notice>
        );
      })}
    </>
  );
}

/** Freed times: one that is kept for me until a deadline, and a booking made without a network that is not sure yet. */
export function Freed() {
  const app = useApp();
  const nowMs = app.now.value;
  const offers = app.all<SlotWish>("slot_wish").value.filter((one) => one.offer && Date.parse(one.offer.until) > nowMs);
  const slots = new Map(app.all<Slot>("slot").value.map((one) => [one.id, one]));
  const unsure = app.outbox.value.filter((one) => one.name === "slot.book" && one.state !== "sent").map((one) => ({ id: one.id, lost: one.state === "refused", slot: slots.get(String(one.args["slot"])) }));
  return (
    <>
      {offers.map(({ id, offer }) => offer && (
        <Notice key={id} tone="mark" icon="clock" title={t("A time is kept for you until {until}", { until: untilWords(offer.until) })}>
          <span>{slotWords(offer)}. <a href="/wishes">{t("Answer now")}</a></span>
        </Notice>
      ))}
      {unsure.map(({ id, lost, slot }) => slot && (
        <Notice key={id} tone="warn" icon={lost ? "clock" : "queued"} title={lost ? t("Somebody else was first") : t("Preliminary: {what}", { what: slotWords(slot) })}>
          <span>{lost ? `${slotWords(slot)}. ` : t("Booked first when you are online")} <a href="/advice">{lost ? t("Choose another time") : t("Open")}</a></span>
        </Notice>
      ))}
    </>
  );
}
