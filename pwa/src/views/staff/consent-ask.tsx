/** Asking the family whether something may be shared. Their no costs nothing. */
import { t } from "../../i18n";
import { navigate } from "../../router";
import { Button, Form, Notice, Page, useForm } from "../../ui";
import type { ViewProps } from "../roles";
import { type Terms, TermsFirst, TermsMore, checkTerms, firstTerms, termArgs } from "./consent-fields";
import { ChildKicker, Missing, useChild, useDoing } from "./kit";
import type { Child } from "./model";

export function ConsentAsk({ params, query }: ViewProps) {
  const around = useChild(params.id ?? "");
  return around?.held ? <Ask child={around.child} query={query} /> : <Missing />;
}

function Ask({ child, query }: { child: Child; query: URLSearchParams }) {
  const { run, said } = useDoing();
  const form = useForm<Terms>(firstTerms(child, query), (v) => checkTerms(v), async (v) => {
    const done = await run("consent.ask", { child: child.id, ...termArgs(v) }, form);
    if (done.state !== "refused") navigate(done.state === "done" ? `/consents/${done.result.consent}` : `/children/${child.id}`, { replace: true });
  });
  const verified = child.people?.some((one) => one.kind !== "supporter" && one.state === "verified");
  return (
    <Page title={t("Ask to share")} kicker={<ChildKicker child={child} />} lead={t("Each guardian answers for themselves. Nothing is shared before everybody needed has said yes.")} back={{ href: `/children/${child.id}`, label: t("The child") }}>
      {!verified && <Notice tone="warn" icon="person" title={t("Nobody can answer in Samled yet")}><span>{t("A guardian answers when the identity is checked. You can note a spoken answer instead.")} <a href={`/children/${child.id}/spoken`}>{t("Note the family's answer")}</a></span></Notice>}
      <Form form={form}>
        <TermsFirst form={form} child={child} />
        <TermsMore form={form} child={child} />
        {said}
        <Button type="submit" kind="primary" block icon="share-with">{t("Ask the family")}</Button>
      </Form>
    </Page>
  );
}
