/** A spoken (or written) answer, noted on one screen while the family is still on the line. */
import { t } from "../../i18n";
import { navigate } from "../../router";
import { Button, Card, Chips, ChoiceGroup, Form, Page, fieldErrors, shownName, useForm } from "../../ui";
import type { ViewProps } from "../roles";
import { TermFields, type Terms, checkTerms, firstTerms, termArgs, youngParty } from "./consent-fields";
import { ChildKicker, Missing, useChild, useDoing } from "./kit";
import type { Child } from "./model";
import { consentAnswer } from "./words";

export function ConsentSpoken({ params, query }: ViewProps) {
  const around = useChild(params.id ?? "");
  return around?.held ? <Spoken child={around.child} query={query} /> : <Missing />;
}

type Values = Terms & { answers: Record<string, string>; form: "oral" | "written" };

function Spoken({ child, query }: { child: Child; query: URLSearchParams }) {
  const { run, said } = useDoing();
  const young = youngParty(child);
  const parties = [
    ...(child.people ?? []).filter((one) => one.kind === "guardian").map((one) => ({ id: one.relation, name: shownName(one.name) })),
    { id: young, name: shownName(child.display_name) },
  ];
  const form = useForm<Values>(
    { ...firstTerms(child, query), answers: {}, form: "oral" },
    (v) => ({ ...checkTerms(v), ...(Object.keys(v.answers).length > 0 ? {} : { answers: t("Note what at least one person said") }) }),
    async (v) => {
      const done = await run("consent.record", { child: child.id, ...termArgs({ ...v, also_young: young in v.answers }), answers: v.answers, form: v.form });
      if (done.state === "refused") form.fail(fieldErrors(done.fields));
      else navigate(done.state === "done" ? `/consents/${done.result.consent}` : `/children/${child.id}`, { replace: true });
    },
  );
  const answer = (party: string, value: string | undefined): void => {
    const { [party]: _, ...rest } = form.values.answers;
    form.set("answers", value ? { ...rest, [party]: value } : rest);
  };
  return (
    <Page title={t("Note a spoken yes")} kicker={<ChildKicker child={child} />} lead={t("Say what it is about, and note what each person answers.")} back={{ href: `/children/${child.id}`, label: t("The child") }}>
      <Form form={form}>
        <Card>
          {parties.map((one, index) => (
            <Chips
              key={one.id} label={t("What does {name} say?", { name: one.name })} {...(index === 0 ? { id: form.ids.answers } : {})} options={["yes", "yes_without_name", "no"].map((value) => ({ value, label: consentAnswer(value) }))}
              values={form.values.answers[one.id] ? [form.values.answers[one.id]!] : []} onChange={([value]) => answer(one.id, value)}
            />
          ))}
          {form.errors.answers && <p class="error">{form.errors.answers}</p>}
          <ChoiceGroup legend={t("How was it said?")} tiles options={[{ value: "oral", label: t("Spoken"), icon: "mic" }, { value: "written", label: t("On paper"), icon: "note" }]} value={form.values.form} onChange={(x) => form.set("form", x)} />
        </Card>
        <TermFields form={{ ...form, set: (name, value) => form.set(name, value as Values[typeof name]) }} child={child} short />
        {said}
        <Button type="submit" kind="primary" block icon="check">{t("Save what was said")}</Button>
      </Form>
    </Page>
  );
}
