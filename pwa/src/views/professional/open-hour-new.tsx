/** Opening an hour of every week, for those who give advice. */
import { capital, dayName } from "../../dates";
import { t } from "../../i18n";
import { navigate } from "../../router";
import { Button, Card, Chips, Columns, Field, Form, OutboxNotice, Page, phoneText, useApp, useForm } from "../../ui";
import { Missing, useDoing, useSelf } from "../staff/kit";
import type { Staff } from "../staff/model";
import { TOPICS, choices } from "../staff/words";

/** A Monday, to name the days by. */
const MONDAY = 5;
const weekdayName = (weekday: string): string => capital(dayName(`2026-01-${String(MONDAY + Number(weekday) - 1).padStart(2, "0")}`));

export function OpenHourNew() {
  const self = useSelf();
  return self?.functions.includes("consultant") ? <New self={self} /> : <Missing home="/open-hours" />;
}

function New({ self }: { self: Staff }) {
  const app = useApp();
  const { run, said, clear } = useDoing();
  const form = useForm(
    { weekday: "2", at: "13:00", minutes: "60", mode: "phone", topics: ["worry", "low_mood", "sleep", "school_absence"], join_url: "", phone: phoneText(self.phone ?? "") },
    (v) => ({
      at: !/^\d{2}:\d{2}$/.test(v.at) && t("Choose a time of day"), topics: v.topics.length === 0 && t("Choose at least one thing"),
      join_url: v.mode === "video" && !/^https:\/\/\S+\.\S+/.test(v.join_url.trim()) && t("Write the address of the video meeting. It begins with https://"),
      phone: v.mode === "phone" && !v.phone.trim() && t("Write the number to call"),
    }),
    async (v): Promise<void> => {
      const done = await run("open_hour.open", { weekday: Number(v.weekday), at: v.at, minutes: Number(v.minutes), mode: v.mode, topics: v.topics, ...(v.mode === "video" ? { join_url: v.join_url.trim() } : { phone: v.phone.trim() }) }, form);
      if (done.state === "refused") {
        if (done.code !== "conflict") return;
        clear();
        return form.fail({ at: t("You have a time or an open hour of your own then. Choose another hour.") });
      }
      navigate(done.state === "done" ? `/open-hours/${String(done.result?.open_hour)}` : "/open-hours", { replace: true });
    },
  );
  const v = form.values;
  return (
    <Page title={t("Which hour do you open every week?")} lead={t("Others in the area join a line, without booking.")} back={{ href: "/open-hours", label: t("Open hours") }}>
      <Form form={form}>
        <Columns
          half
          left={<Card>
            <Chips label={t("Day")} options={["1", "2", "3", "4", "5"].map((value) => ({ value, label: weekdayName(value) }))} values={[v.weekday]} onChange={([x]) => x && form.set("weekday", x)} />
            <Field label={t("Begins")} type="time" {...form.of("at")} />
            <Chips label={t("Length")} options={["30", "60", "90"].map((value) => ({ value, label: t("{n} min", { n: value }) }))} values={[v.minutes]} onChange={([x]) => x && form.set("minutes", x)} />
            <Chips label={t("How do you talk?")} options={[{ value: "video", label: t("By video"), icon: "video" }, { value: "phone", label: t("By phone"), icon: "phone" }]} values={[v.mode]} onChange={([x]) => x && form.set("mode", x)} />
            {v.mode === "video"
              ? <Field label={t("Address of the video meeting")} type="url" {...form.of("join_url")} />
              : <Field label={t("Number to call")} type="tel" {...form.of("phone")} />}
          </Card>}
          right={<>
            <Card>
              <Chips label={t("What can they ask about?")} several id={form.ids.topics} options={choices(TOPICS)} values={v.topics} onChange={(x) => form.set("topics", x)} />
              {form.errors.topics && <p class="error">{form.errors.topics}</p>}
            </Card>
            {said}
            {app.outbox.value.filter((one) => one.name === "open_hour.open").map((one) => <OutboxNotice key={one.id} item={one} />)}
            <Button type="submit" kind="primary" block>{t("Open the hour")}</Button>
          </>}
        />
      </Form>
    </Page>
  );
}
