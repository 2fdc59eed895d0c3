/** When school terms begin and end here: the area's own days, else the usual ones. Proposed days follow them. */
import { capital, longDate, today } from "../../dates";
import { t } from "../../i18n";
import { Badge, Button, Buttons, Card, Columns, Field, Form, Notice, OutboxNotice, Page, fieldErrors, useApp, useForm } from "../../ui";
import { useState } from "preact/hooks";
import { Missing, useDoing } from "../staff/kit";
import type { AreaTerms } from "./model";
import { termWords } from "./words";

const SHOWN = 4;

/** "HT 2026", "VT 2027" …: the term we are in, or the next, and those after it. */
function coming(day: string): string[] {
  const first = day.slice(5) < "08-01" ? 0 : 1;
  return Array.from({ length: SHOWN }, (_, n) => {
    const half = first + n;
    return `${half % 2 === 0 ? "VT" : "HT"} ${Number(day.slice(0, 4)) + Math.floor(half / 2)}`;
  });
}

export function TermDates() {
  const app = useApp();
  const area = app.all<AreaTerms>("area").value.find((one) => one.usual_terms);
  if (!area || app.me.value?.kind !== "process_lead") return <Missing home="/terms" />;
  const terms = coming(today());
  return (
    <Page title={t("When school terms begin and end")} kicker={area.name} lead={t("Meetings are proposed on school days. Each municipality sets its own days.")} back={{ href: "/terms", label: t("Term meetings") }}>
      <Columns half left={terms.slice(0, 2).map((term) => <Term key={term} area={area} term={term} />)} right={terms.slice(2).map((term) => <Term key={term} area={area} term={term} />)} />
      {app.outbox.value.filter((one) => one.name === "term.dates").map((one) => <OutboxNotice key={one.id} item={one} what={termWords(String(one.args.term ?? ""))} />)}
      <Notice tone="grey" icon="info" title={t("Never proposed")}><span>{t("Public holidays and the days between, weeks 7 and 44, around Easter, and Christmas.")}</span></Notice>
    </Page>
  );
}

function Term({ area, term }: { area: AreaTerms; term: string }) {
  const { run, said } = useDoing();
  const [open, setOpen] = useState(false);
  const own = area.own_terms?.find((one) => one.term === term);
  const [season, year] = term.split(" ") as ["HT" | "VT", string];
  const [first, last] = (area.usual_terms?.[season] ?? ["", ""]).map((day) => `${year}-${day}`) as [string, string];
  const days = { starts_on: own?.starts_on ?? first, ends_on: own?.ends_on ?? last };
  const form = useForm(
    days, (v) => ({ starts_on: !v.starts_on && t("Choose a day"), ends_on: (!v.ends_on || v.ends_on <= v.starts_on) && t("The last day comes after the first") }),
    async (v): Promise<void> => {
      const done = await run("term.dates", { term, ...v });
      if (done.state === "refused") return form.fail(fieldErrors(done.fields));
      setOpen(false);
    },
    null,
  );
  const usual = async (): Promise<void> => {
    const done = await run("term.dates", { term });
    if (done.state === "refused") return;
    form.set("starts_on", first);
    form.set("ends_on", last);
    setOpen(false);
  };
  return (
    <Card label={capital(termWords(term))}>
      <h2>{capital(termWords(term))}</h2>
      <p>{longDate(days.starts_on)} – {longDate(days.ends_on)} {own ? <Badge tone="good" icon="check">{t("Your own days")}</Badge> : <Badge icon="calendar">{t("Usual days")}</Badge>}</p>
      {open
        ? <Form form={form}>
            <Field label={t("First school day")} type="date" {...form.of("starts_on")} />
            <Field label={t("Last school day")} type="date" {...form.of("ends_on")} />
            {said}
            <Buttons><Button type="submit" kind="primary">{t("Save")}</Button>{own && <Button kind="quiet" icon="undo" onPress={usual}>{t("Use the usual days")}</Button>}</Buttons>
          </Form>
        : <Button slim icon="edit" onPress={() => setOpen(true)}><span>{t("Change")}</span><span class="vh"> {termWords(term)}</span></Button>}
    </Card>
  );
}
