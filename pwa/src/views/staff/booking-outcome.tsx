/** How a consultation went, for the one who gave the advice. */
import { useRef } from "preact/hooks";
import { addDays, longDate, today, weekdayOf } from "../../dates";
import { t } from "../../i18n";
import { Button, Card, ChoiceGroup, Field, Form, More, Section, useApp, useForm } from "../../ui";
import type { ViewProps } from "../roles";
import { useDoing } from "./kit";
import type { Booking } from "./model";
import { BOOKING_OUTCOMES, choices } from "./words";

/** Feedback is promised this many days ahead, unless another day is chosen. */
const FEEDBACK_DAYS = 14;

/** The day feedback is promised for: two weeks ahead, on a weekday. */
function feedbackDay(): string {
  const day = addDays(today(), FEEDBACK_DAYS);
  return weekdayOf(day) > 4 ? addDays(day, 7 - weekdayOf(day)) : day;
}

/** What came of it: one choice, and one press that also promises feedback or not. */
export function BookingOutcome({ params }: ViewProps) {
  const booking = useApp().one<Booking>("booking", params["id"] ?? "").value;
  return booking ? <Outcome booking={booking} /> : null;
}

function Outcome({ booking }: { booking: Booking }) {
  const { run, said } = useDoing();
  const promise = useRef(false);
  const form = useForm<{ outcome: string; feedback_on: string }>(
    { outcome: "", feedback_on: feedbackDay() },
    (v) => ({ outcome: !v.outcome && t("Choose how it went"), feedback_on: promise.current && v.feedback_on <= today() && t("Choose a day to come") }),
    (v): Promise<unknown> => run("booking.outcome", { booking: booking.id, outcome: v.outcome, feedback_on: promise.current ? v.feedback_on : undefined }, form),
  );
  return (
    <Section title={t("What came out of it?")}>
      <Form form={form}>
        <Card>
          <ChoiceGroup legend={t("What came out of it?")} hideLegend {...form.of("outcome")} options={choices(BOOKING_OUTCOMES)} />
          {said}
          <Button type="submit" kind="primary" block icon="check" onPress={() => { promise.current = false; }}>{t("Save")}</Button>
          <Button type="submit" block icon="bell" onPress={() => { promise.current = true; }}>{t("Save, and give feedback {day}", { day: longDate(form.values.feedback_on || today()) })}</Button>
          <More summary={t("Another day for feedback")}>
            <Field label={t("Give feedback on")} hint={t("You are reminded that day.")} type="date" min={addDays(today(), 1)} {...form.of("feedback_on")} />
          </More>
        </Card>
      </Form>
    </Section>
  );
}
