/** Inviting a guardian, the young person or a supporter. The link and the code are shown once, also to be printed. */
import { useState } from "preact/hooks";
import { fullDate } from "../../dates";
import { t } from "../../i18n";
import { Button, Card, ChildName, ChoiceGroup, Field, Form, Notice, Page, useApp, useForm } from "../../ui";
import type { ViewProps } from "../roles";
import { InvitationCard, type Made } from "./invitation-card";
import { ChildKicker, Missing, useChild, useDoing } from "./kit";
import type { Child } from "./model";
import { today } from "../../dates";

type Kind = "guardian" | "young_person" | "supporter";
const COMMANDS: Readonly<Record<Kind, string>> = { guardian: "guardian.invite", young_person: "young.invite", supporter: "supporter.invite" };
/** What comes when they have joined: only a guardian decides about sharing, so only theirs is checked. */
const THEN: Readonly<Record<Kind, () => string>> = {
  guardian: () => t("When they have joined, check who it is. Then they can decide about sharing."),
  young_person: () => t("When they have joined you see it on the child's page."),
  supporter: () => t("When they have joined you see it on the child's page."),
};

function InviteForm({ child, first, onMade }: { child: Child; first: string | null; onMade: (made: Made, name: string, kind: Kind) => void }) {
  const app = useApp();
  const { run, said } = useDoing();
  const now = today();
  const taken = child.people?.some((one) => one.kind === "young_person" && one.state !== "invited");
  const options = [
    ...((child.turns_18_on ?? "") > now ? [{ value: "guardian" as const, label: t("Guardian"), hint: t("Sees what concerns the child, and decides about sharing.") }] : []),
    ...((child.turns_13_on ?? "9") <= now && !taken ? [{ value: "young_person" as const, label: t("The young person"), hint: t("Has a page of their own, from the 13th birthday.") }] : []),
    { value: "supporter" as const, label: t("Supporter"), hint: t("Somebody the family has chosen. Sees only who the coordinator is, and what the family shares.") },
  ];
  const form = useForm<{ kind: Kind; name_shown: string }>(
    { kind: (options.find((one) => one.value === first) ?? options[0]!).value, name_shown: first === "young_person" ? child.display_name : "" },
    (v) => (v.name_shown.trim() ? {} : { name_shown: t("Write a name") }),
    async (v) => {
      const done = await run(COMMANDS[v.kind], { child: child.id, name_shown: v.name_shown.trim() }, form);
      if (done.state === "done") onMade(done.result as Made, v.name_shown.trim(), v.kind);
      // A link that is made later is told to nobody: what did not go now is not sent at all.
      else if (done.state === "waiting") {
        form.takeBack(done, v);
        form.fail({ name_shown: t("No answer came. Try again when you are online.") });
      }
    },
  );
  return (
    <Form form={form}>
      <Card>
        <ChoiceGroup legend={t("Who is it?")} {...form.of("kind")} options={options} />
        {(child.turns_13_on ?? "") > now && <p class="sm muted">{t("The child can have a page of their own on {day}, at 13.", { day: fullDate(child.turns_13_on ?? now) })}</p>}
        <Field label={t("What shall we call them?")} hint={t("First name is enough. It is shown to the professionals around the child.")} {...form.of("name_shown")} />
      </Card>
      {said}
      <Button type="submit" kind="primary" block icon="qr" disabled={!app.online.value && t("This needs a connection. Try again when you are online.")}>{t("Make the invitation")}</Button>
    </Form>
  );
}

export function Invite({ params, query }: ViewProps) {
  const around = useChild(params.id ?? "");
  const [made, setMade] = useState<{ made: Made; name: string; kind: Kind } | null>(null);
  if (!around?.held) return <Missing />;
  const { child } = around;
  const back = { href: `/children/${child.id}`, label: t("The child") };
  if (made)
    return <InvitationCard made={made.made} name={made.name} kicker={<ChildName name={child.display_name} />} back={back} then={THEN[made.kind]()} again={() => setMade(null)} />;
  return (
    <Page title={t("Invite somebody of the family")} kicker={<ChildKicker child={child} />} back={back} lead={t("You get a link and a code. They are shown once.")}>
      <InviteForm child={child} first={query.get("kind")} onMade={(result, name, kind) => setMade({ made: result, name, kind })} />
      <NeedsNet />
    </Page>
  );
}

function NeedsNet() {
  return useApp().online.value ? null : <Notice tone="warn" icon="info" title={t("You need to be online")}><span>{t("The link is made by the server and is not kept. If the connection breaks, end the invitation and make a new one.")}</span></Notice>;
}
