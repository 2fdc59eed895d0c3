/** Another time for a meeting. Everybody is asked again. */
import { useState } from "preact/hooks";
import { fullDate, time, wall } from "../../dates";
import { t } from "../../i18n";
import { navigate } from "../../router";
import { Button, Form, Notice, OutboxFor, Page, fieldErrors, useApp, useForm } from "../../ui";
import type { ViewProps } from "../roles";
import { ChildKicker, Missing, useChild, useDoing, useFrom } from "./kit";
import { LateAsk, type LateReason, isLateAnswer } from "./late";
import { Over, isLive } from "./meeting-over";
import { type When, WhenFields, checkWhen, whenArgs, whenOf } from "./meeting-plan";
import type { Meeting } from "./model";

export function MeetingMove({ params, query }: ViewProps) {
  const meeting = useApp().one<Meeting>("meeting", params.id ?? "").value;
  if (!meeting?.invited) return <Missing />;
  return isLive(meeting) ? <Move key={meeting.id} meeting={meeting} query={query} /> : <Over meeting={meeting} />;
}

function Move({ meeting, query }: { meeting: Meeting; query: URLSearchParams }) {
  const around = useChild(meeting.child);
  const { run, said } = useDoing();
  const [late, setLate] = useState<string | null>(null);
  const at = wall(meeting.starts_at);
  const two = (n: number): string => String(n).padStart(2, "0");
  const why = async (reason: LateReason): Promise<void> => {
    await run("meeting.invite", { meeting: meeting.id, late_reason: reason });
    navigate(`/meetings/${meeting.id}`, { replace: true });
  };
  const move = async (v: When): Promise<void> => {
    const done = await run("meeting.move", { meeting: meeting.id, ...whenArgs(v) }, form);
    if (done.state === "refused") form.fail(fieldErrors({ ...done.fields, ...(done.fields.starts_local ? { day: done.fields.starts_local } : {}) }));
    else if (done.state === "done" && isLateAnswer(done.result) && !meeting.late_reason) setLate(done.result.limit_on ?? done.result.due_on ?? "");
    else navigate(`/meetings/${meeting.id}`, { replace: true });
  };
  const form = useForm<When>(
    { day: at.date, at: `${two(at.hour)}:${two(at.minute)}`, minutes: String(meeting.minutes), where: meeting.place ? "room" : meeting.join_url ? "video" : meeting.phone_in ? "phone" : "room", place: meeting.place ?? "", join_url: meeting.join_url ?? "", phone_in: meeting.phone_in ?? "" },
    checkWhen, (v) => move(v),
  );
  useFrom(query, form, whenOf);
  return (
    <Page title={t("Move to another time")} kicker={around && <ChildKicker child={around.child} />} lead={t("Now: {day} {time}", { day: fullDate(meeting.starts_at), time: time(meeting.starts_at) })} back={{ href: `/meetings/${meeting.id}`, label: t("The meeting") }}>
      {meeting.state !== "draft" && <Notice tone="info" icon="bell" title={t("Everybody is told and asked again")}><span>{t("Earlier answers are taken away.")}</span></Notice>}
      <Form form={form}>
        <WhenFields form={form} />
        {said}
        <OutboxFor id={meeting.id} names={["meeting.move"]} />
        <Button type="submit" kind="primary" block>{t("Move the meeting")}</Button>
      </Form>
      <LateAsk limit={late} onChoose={why} onClose={() => navigate(`/meetings/${meeting.id}`, { replace: true })} />
    </Page>
  );
}
