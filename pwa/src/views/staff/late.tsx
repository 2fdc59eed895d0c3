/** A meeting later than three weeks after the invitation: why, asked once and never in the way. */
import { fullDate } from "../../dates";
import { t } from "../../i18n";
import { Button, Sheet } from "../../ui";

export type LateReason = "family_wish" | "cannot_gather" | "other";

/** The server said that the meeting is late. */
export function isLateAnswer(result: any): result is { late: true; meeting: string; limit_on?: string; due_on?: string } {
  return result?.late === true;
}

/** `limit` is the last day it should have been; null keeps it closed. */
export function LateAsk({ limit, onChoose, onClose }: { limit: string | null; onChoose: (reason: LateReason) => Promise<void>; onClose: () => void }) {
  return (
    <Sheet open={limit !== null} onClose={onClose} title={t("Why is it later?")} lead={limit ? t("The meeting should be by {day} at the latest. It is booked anyway.", { day: fullDate(limit) }) : t("The meeting is late. It is booked anyway.")}>
      <div class="stack-2">
        <Button block onPress={() => onChoose("family_wish")}>{t("The family wants it so")}</Button>
        <Button block onPress={() => onChoose("cannot_gather")}>{t("We cannot gather before")}</Button>
        <Button block onPress={() => onChoose("other")}>{t("Something else")}</Button>
        <Button block kind="quiet" onPress={onClose}>{t("Say it later")}</Button>
      </div>
    </Sheet>
  );
}
