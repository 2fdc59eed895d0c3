/** Being away: until when, and who answers meanwhile. */
import { fullDate, today } from "../../dates";
import { t } from "../../i18n";
import { Button, Card, ChoiceGroup, Field, Form, Notice, OutboxNotice, Page, useApp, useForm } from "../../ui";
import { Missing, useColleagues, useDoing, useSelf } from "./kit";
import type { Staff } from "./model";

export function Away() {
  const self = useSelf();
  return self ? <AwayForm key={self.away_until ?? ""} self={self} /> : <Missing home="/more" />;
}

function AwayForm({ self }: { self: Staff }) {
  const app = useApp();
  const colleagues = useColleagues();
  const { run, said } = useDoing();
  const told = app.outbox.value.filter((one) => one.name === "coordinator.away");
  const waits = told.some((one) => one.state !== "refused");
  const away = self.away_until !== undefined && self.away_until >= today();
  const form = useForm<{ until: string; person: string }>(
    { until: away ? self.away_until ?? "" : "", person: self.deputy ?? "" },
    (v) => (v.until >= today() ? {} : { until: t("Choose the last day you are away") }),
    (v): Promise<unknown> => run("coordinator.away", { until: v.until, person: v.person }, form),
  );
  return (
    <Page title={t("When I am away")} lead={t("Families see that you are away and who answers instead.")} back={{ href: "/more", label: t("More") }}>
      {away && !waits && <Notice tone="warn" icon="calendar" title={t("You are away until {day}", { day: fullDate(self.away_until ?? today()) })}><Button slim icon="check" onPress={() => run("coordinator.away", {})}>{t("I am back")}</Button></Notice>}
      {told.map((one) => <OutboxNotice key={one.id} item={one} />)}
      {!waits && <Form form={form}>
        <Card><Field label={t("Last day away")} type="date" min={today()} {...form.of("until")} /></Card>
        {colleagues.length > 0 && <Card><ChoiceGroup legend={t("Who answers instead?")} {...form.of("person")} options={colleagues.map((one) => ({ value: one.id, label: one.name, hint: one.title }))} /></Card>}
        <p class="sm muted inset">{t("A deputy that is named for a child answers for that child.")}</p>
        {said}
        <Button type="submit" kind="primary" block>{t("Save")}</Button>
      </Form>}
    </Page>
  );
}
