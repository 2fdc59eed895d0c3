/** Joining from the phone: how, and one press. What one has written is near at hand. */
import { useState } from "preact/hooks";
import { capital, dayWords, time } from "../../dates";
import { t, tn } from "../../i18n";
import { Button, Icon, LinkButton, Notice, Page, dial, phoneText, useApp } from "../../ui";
import { coordinatorOf } from "../family/child";
import type { Meeting, Voice } from "../family/docs";
import { Missing } from "../family/fetching";
import { isOver, opensAt } from "../family/meeting-parts";
import { useRead } from "../family/use-read";
import { TAKE_PART_ICONS, VoiceWords } from "../family/voice-words";
import { first, listed, opensWords } from "../family/words";
import type { ViewProps } from "../roles";
import { Ways } from "./ways";

export function Join({ params }: ViewProps) {
  const app = useApp();
  const meeting = app.one<Meeting>("meeting", params["id"] ?? "").value;
  const voice = app.all<Voice>("voice").value.find((one) => one.meeting === meeting?.id);
  const [way, setWay] = useState<string | null>(voice?.take_part ?? (meeting?.join_url ? "sound_only" : null));
  useRead("meeting", meeting ? [meeting.id] : []);
  if (!meeting) return <Missing back="/meetings" />;
  const coordinator = coordinatorOf(app, meeting.child)?.name;
  const people = listed((meeting.people ?? []).map((person) => first(person.name)));
  const kicker = people
    ? t("{day} {time}, with {names}", { day: capital(dayWords(meeting.starts_at)), time: time(meeting.starts_at), names: people })
    : `${capital(dayWords(meeting.starts_at))} ${time(meeting.starts_at)}`;
  return (
    <Page title={t("How do you want to take part?")} kicker={kicker} back={{ href: `/meetings/${meeting.id}`, label: t("The meeting") }} cta={<Go meeting={meeting} way={way} />} ctaNote={isShut(meeting, app.now.value) && needsDoor(meeting, way) ? undefined : whenWords(meeting, app.now.value)}>
      <Ways meeting={meeting} value={way} onChange={setWay} coordinator={coordinator} hideLegend />
      {voice ? <VoiceWords voice={voice} coordinator={first(coordinator)} large /> : !isInWords(way) && <LinkButton block icon="note" href={`/words/${meeting.id}`}>{t("Show my words")}</LinkButton>}
      {way === "not_attending" && <Notice icon="info" title={t("You need not be there")}><span>{t("Your words can be there for you. You need not say why.")}</span></Notice>}
    </Page>
  );
}

/** Takes part by what was written: that is what the action shows. */
const isInWords = (way: string | null): boolean => ["written", "spokesperson", "not_attending"].includes(way ?? "");
const isShut = (meeting: Meeting, now: number): boolean => now < opensAt(meeting) || isOver(meeting);
/** Comes by a link or into the room: the button itself says when it opens. */
const needsDoor = (meeting: Meeting, way: string | null): boolean => !isInWords(way) && !(way === "phone" && meeting.phone_in) && !(way === "in_person" && meeting.checked_in);

function whenWords(meeting: Meeting, now: number): string {
  const left = Math.ceil((Date.parse(meeting.starts_at) - now) / 60_000);
  if (isOver(meeting)) return t("The meeting has ended.");
  if (left <= 0) return t("It has begun. You can leave whenever you want.");
  return left > 15 ? t("You can join from {when}.", { when: opensWords(opensAt(meeting)) }) : tn("Begins in {n} minute. You can leave whenever you want.", "Begins in {n} minutes. You can leave whenever you want.", left);
}

/** The one press that fits the way chosen. */
function Go({ meeting, way }: { meeting: Meeting; way: string | null }) {
  const app = useApp();
  const open = !isShut(meeting, app.now.value);
  const when = whenWords(meeting, app.now.value);
  const come = (): void => {
    if (!meeting.checked_in && app.may("meeting.check_in", meeting)) app.send("meeting.check_in", { meeting: meeting.id }).catch(() => undefined);
  };
  const waits = !app.online.value && app.about(meeting.id).value.some((item) => item.name === "meeting.check_in");
  const icon = TAKE_PART_ICONS[way ?? ""] ?? "video";
  if (isInWords(way))
    return <LinkButton kind="primary" big block icon="note" href={`/words/${meeting.id}`}>{t("Show my words")}</LinkButton>;
  if (way === "phone" && meeting.phone_in)
    return <a class="btn primary big block" href={`tel:${dial(meeting.phone_in)}`} onClick={come}><Icon name="phone" large /> {t("Call {number}", { number: phoneText(meeting.phone_in) })}</a>;
  if (way === "in_person" || !meeting.join_url)
    return meeting.checked_in
      ? <Button kind="primary" big block icon="check" disabled={waits ? t("Will be sent when you are online") : t("You have said that you are here.")}>{t("I am here")}</Button>
      : <Button kind="primary" big block icon="pin" disabled={!open && when} onPress={come}>{t("I am here")}</Button>;
  if (!open) return <Button kind="primary" big block icon={icon} disabled={when}>{t("Join")}</Button>;
  return (
    <a class="btn primary big block" href={meeting.join_url} target="_blank" rel="noopener noreferrer" onClick={come}>
      <Icon name={icon} large /> {way === "sound_only" ? t("Join with sound only") : t("Join with picture and sound")}
    </a>
  );
}
