/** Inviting a guardian, the young person or a supporter. The link and the code are shown once, also to be printed. */
import { useState } from "preact/hooks";
import { fullDate } from "../../dates";
import { t } from "../../i18n";
import { navigate } from "../../router";
import { Button, Card, ChildName, ChoiceGroup, Field, Form, Notice, Page, fieldErrors, useApp, useForm } from "../../ui";
import type { ViewProps } from "../roles";
import { InvitationCard, type Made } from "./invitation-card";
import { ChildKicker, Missing, useChild, useDoing } from "./kit";
import type { Child } from "./model";
import { today } from "../../dates";

type Kind = "guardian" | "young_person" | "supporter";
const COMMANDS: Readonly<Record<Kind, string>> = { guardian: "guardian.invite", young_person: "young.invite", supporter: "supporter.invite" };
function InviteForm({ child, onMade }: { child: Child; onMade: (made: Made, name: string) => void }) {
  const { run, said } = useDoing();
  const now = today();
  const taken = child.people?.some((one) => one.kind === "young_person" && one.state !== "invited");
  const options = [
    ...((child.turns_18_on ?? "") > now ? [{ value: "guardian" as const, label: t("Guardian"), hint: t("Sees what concerns the child, and decides about sharing.") }] : []),
    ...((child.turns_13_on ?? "9") <= now && !taken ? [{ value: "young_person" as const, label: t("The young person"), hint: t("Has a page of their own, from the 13th birthday.") }] : []),
    { value: "supporter" as const, label: t("Supporter"), hint: t("Somebody the family has chosen. Sees only who the coordinator is, and what the family shares.") },
  ];
  const form = useForm<{ kind: Kind; name_shown: string }>(
    { kind: options[0]!.value, name_shown: "" },
    (v) => (v.name_shown.trim() ? {} : { name_shown: t("Write a name") }),
    async (v) => {
      const done = await run(COMMANDS[v.kind], { child: child.id, name_shown: v.name_shown.trim() });
      if (done.state === "done") onMade(done.result as Made, v.name_shown.trim());
      else if (done.state === "waiting") navigate(`/children/${child.id}`);
      else form.fail(fieldErrors(done.fields));
    },
  );
  return (
    <Form form={form}>
      <Card>
        <ChoiceGroup legend={t("Who is it?")} id={form.ids.kind} options={options} value={form.values.kind} onChange={(x) => form.set("kind", x)} />
        {(child.turns_13_on ?? "") > now && <p class="sm muted">{t("The child can have a page of their own on {day}, at 13.", { day: fullDate(child.turns_13_on ?? now) })}</p>}
        <Field label={t("What shall we call them?")} hint={t("First name is enough. It is shown to the professionals around the child.")} id={form.ids.name_shown} value={form.values.name_shown} error={form.errors.name_shown} onInput={(x) => form.set("name_shown", x)} />
      </Card>
      {said}
      <Button type="submit" kind="primary" block icon="qr">{t("Make the invitation")}</Button>
    </Form>
  );
}

export function Invite({ params }: ViewProps) {
  const around = useChild(params.id ?? "");
  const [made, setMade] = useState<{ made: Made; name: string } | null>(null);
  if (!around?.held) return <Missing />;
  const { child } = around;
  const back = { href: `/children/${child.id}`, label: t("The child") };
  if (made)
    return <InvitationCard {...made} kicker={<ChildName name={child.display_name} />} back={back} then={t("When they have joined, check who it is. Then they can decide about sharing.")} again={() => setMade(null)} />;
  return (
    <Page title={t("Invite somebody of the family")} kicker={<ChildKicker child={child} />} back={back} lead={t("You get a link and a code. They are shown once.")}>
      <InviteForm child={child} onMade={(result, name) => setMade({ made: result, name })} />
      <NeedsNet />
    </Page>
  );
}

function NeedsNet() {
  return useApp().online.value ? null : <Notice tone="warn" icon="info" title={t("You need to be online")}><span>{t("The link is made by the server and is not kept. If the connection breaks, end the invitation and make a new one.")}</span></Notice>;
}
