/** Changing seat: the same person in another capacity. The app opens anew; the two never mix. */
import { useState } from "preact/hooks";
import { switchSeat } from "../auth";
import { t } from "../i18n";
import { navigate } from "../router";
import { Notice, Row, Rows, Section, useApp } from "../ui";
import { seatWords } from "./roles";

/** For those with one seat only the way to another. */
export function SeatSettings() {
  const app = useApp();
  const [failed, setFailed] = useState(false);
  const me = app.me.value;
  if (!me) return null;
  const atWork = ["staff", "process_lead", "admin"].includes(me.kind);
  const more = <Row icon="plus" title={t("I have got one more invitation")} text={atWork ? t("To another unit, or as a guardian") : me.kind === "guardian" ? t("For a brother or sister") : undefined} href="/invitation" />;
  if (me.seats.length < 2) return <Rows>{more}</Rows>;
  const change = async (seat: string): Promise<void> => {
    const done = await switchSeat(seat);
    setFailed(!done.ok);
    if (!done.ok) return;
    await app.reopen();
    navigate("/");
  };
  return (
    <Section title={t("You are here as")}>
      {failed && <Notice tone="warn" icon="warning" alert title={t("It did not work. Try again when you are online.")} />}
      <Rows>
        {me.seats.map((seat) => seat.id === me.seat
          ? <Row key={seat.id} icon="check" tone="good" title={seatWords(seat.kind)} text={<bdi>{seat.label}</bdi>} current />
          : <Row key={seat.id} icon="person" tone="grey" title={seatWords(seat.kind)} text={<bdi>{seat.label}</bdi>} onPress={() => void change(seat.id)} />)}
        {more}
      </Rows>
    </Section>
  );
}
