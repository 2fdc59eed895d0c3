/** What the family answered by word of mouth or on paper, noted on one screen while they are still on the line. */
import { t } from "../../i18n";
import { navigate } from "../../router";
import { Button, Card, Chips, Form, More, Page, useForm } from "../../ui";
import type { ViewProps } from "../roles";
import { type Terms, TermsFirst, TermsMore, checkTerms, firstTerms, termArgs, youngParty } from "./consent-fields";
import { ChildKicker, Missing, useChild, useDoing } from "./kit";
import type { Child } from "./model";
import { consentAnswer, informationSmall, listed, whoIsWho } from "./words";

export function ConsentSpoken({ params, query }: ViewProps) {
  const around = useChild(params.id ?? "");
  return around?.held ? <Spoken child={around.child} query={query} /> : <Missing />;
}

type Values = Terms & { answers: Record<string, string>; form: "oral" | "written" };

/** Nothing is chosen beforehand: what was said yes to is said by whoever notes it. */
function unsaid(child: Child, query: URLSearchParams): Terms {
  return { ...firstTerms(child, query), ...(query.get("for") ? {} : { purpose: "", information_kinds: [] }) };
}

function Spoken({ child, query }: { child: Child; query: URLSearchParams }) {
  const { run, said } = useDoing();
  const young = youngParty(child);
  const parties = [
    ...(child.people ?? []).filter((one) => one.kind === "guardian").map((one) => ({ id: one.relation, name: one.name, kind: one.kind })),
    { id: young, name: child.display_name, kind: young === child.id ? "child" : "young_person" },
  ];
  const { called, named } = whoIsWho(parties);
  const form = useForm<Values>(
    { ...unsaid(child, query), answers: {}, form: "oral" },
    (v) => checkTerms(v, Object.keys(v.answers).length === 0 && t("Note what at least one person said")),
    async (v) => {
      const done = await run("consent.record", { child: child.id, ...termArgs({ ...v, also_young: young in v.answers }), answers: v.answers, form: v.form }, form);
      if (done.state !== "refused") navigate(done.state === "done" ? `/consents/${done.result.consent}` : `/children/${child.id}`, { replace: true });
    },
  );
  const answer = (party: string, value: string | undefined): void => {
    const { [party]: _, ...rest } = form.values.answers;
    form.set("answers", value ? { ...rest, [party]: value } : rest);
  };
  const terms = { ...form, set: <K extends keyof Terms>(name: K, value: Terms[K]): void => form.set(name, value as Values[K]) };
  const kinds = form.values.information_kinds.map(informationSmall);
  return (
    <Page title={t("Note the family's answer")} kicker={<ChildKicker child={child} />} lead={t("What it is for, to whom, and what each person answers.")} back={{ href: `/children/${child.id}`, label: t("The child") }}>
      <Form form={form}>
        <TermsFirst form={terms} child={child} />
        <Card>
          {named && <p class="sm muted">{t("The names are shown here, so that each answer stands by the right person.")}</p>}
          {parties.map((one, index) => (
            <Chips
              key={one.id} label={t("What does {name} say?", { name: called(one.id) })} {...(index === 0 ? { id: form.ids.answers, error: form.errors.answers } : {})} options={["yes", "yes_without_name", "no"].map((value) => ({ value, label: consentAnswer(value) }))}
              values={form.values.answers[one.id] ? [form.values.answers[one.id]!] : []} onChange={([value]) => answer(one.id, value)}
            />
          ))}
          <Chips label={t("How was it said?")} options={[{ value: "oral", label: t("Spoken"), icon: "mic" }, { value: "written", label: t("On paper"), icon: "note" }]} values={[form.values.form]} onChange={([value]) => value && form.set("form", value)} />
        </Card>
        {kinds.length > 0 && <p class="inset">{t("They may see: {what}.", { what: listed(kinds) })}</p>}
        <More open={Boolean(form.errors.information_kinds ?? form.errors.valid_until)} summary={t("Something not to be shared, who there, or until when")}>
          <div class="stack"><TermsMore form={terms} child={child} short /></div>
        </More>
        {said}
        <Button type="submit" kind="primary" block icon="check">{t("Save what was said")}</Button>
      </Form>
    </Page>
  );
}
