/** The line to an open hour, for those who give advice. */
import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { AskSheet, Button, CallButton, Card, LinkButton, OutboxFor, Phone, Row, Rows, Section, useApp } from "../../ui";
import type { ViewProps } from "../roles";
import { useDoing } from "../staff/kit";
import { topicWords } from "../staff/words";
import type { OpenHour, Place } from "./model";
import { inLine } from "./open-hours";

/** The consultant's side: who is talked with now, who waits, and the next one. */
export function OpenHourLine({ params }: ViewProps) {
  const app = useApp();
  const one = app.one<OpenHour>("open_hour", params["id"] ?? "").value;
  const places = app.all<Place>("open_hour_place").value.filter((place) => place.open_hour === one?.id && !place.mine);
  return one ? <Line one={one} places={places} /> : null;
}

function Line({ one, places }: { one: OpenHour; places: readonly Place[] }) {
  const app = useApp();
  const { run, said } = useDoing();
  const [asked, setAsked] = useState(false);
  const called = places.find((place) => place.state === "called");
  const waiting = places.filter((place) => place.state === "waiting").sort((a, b) => (a.ahead ?? 0) - (b.ahead ?? 0));
  const close = async (): Promise<void> => {
    await run("open_hour.close", { open_hour: one.id });
    setAsked(false);
  };
  const about = (place: Place): string => t("{topic}, {ages} years", { topic: topicWords(place.topic), ages: place.age_band.replace("-", "–") });
  const caller = (place: Place): string => [place.booked_by?.name, place.booked_by?.title].filter(Boolean).join(", ");
  return (
    <>
      {called && (
        <Section title={t("Talking now")}>
          <Card selected>
            <Row bare icon="chat" tone="mark" title={about(called)} text={caller(called)} />
            {called.question && <p><bdi>{called.question}</bdi></p>}
            {called.join_url && <LinkButton kind="primary" block external icon="video" href={called.join_url}>{t("Open the video meeting")}</LinkButton>}
            {!called.join_url && called.booked_by && <p class="muted">{t("{name} calls you now. Call yourself if it takes long.", { name: called.booked_by.name })}</p>}
            {called.booked_by?.phone && <CallButton block number={called.booked_by.phone}>{t("Call {name}", { name: called.booked_by.name })} <Phone number={called.booked_by.phone} /></CallButton>}
          </Card>
        </Section>
      )}
      <Section title={inLine(waiting.length)}>
        {waiting.length > 0 && <Rows>{waiting.map((place) => <Row key={place.id} icon="clock" tone="grey" title={about(place)} text={<>{caller(place)}{place.question && <><br /><bdi>{place.question}</bdi></>}</>} />)}</Rows>}
        {said}
        <OutboxFor id={one.id} names={["open_hour.next", "open_hour.close"]} />
        {app.may("open_hour.next", one) && one.consultant === app.me.value?.seat
          ? <Button kind="primary" block disabled={waiting.length === 0 && !called && t("Nobody is in line")} onPress={() => run("open_hour.next", { open_hour: one.id })}>{waiting.length > 0 || !called ? t("Call in the next one") : t("Done with this one")}</Button>
          : one.consultant === app.me.value?.seat && <p class="sm muted inset">{t("You can call in the first one 15 minutes before the hour begins.")}</p>}
        {app.may("open_hour.close", one) && one.consultant === app.me.value?.seat && <Button kind="quiet" block onPress={() => setAsked(true)}>{t("Stop having this open hour")}</Button>}
      </Section>
      <AskSheet open={asked} onClose={() => setAsked(false)} title={t("Stop having this open hour?")} lead={t("Those in line are told.")} yes={{ label: t("Stop having it"), onPress: close, kind: "badline" }} no={t("Keep as it is")} />
    </>
  );
}
