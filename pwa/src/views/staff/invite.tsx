/** Inviting a guardian, the young person or a supporter. The link and the code are shown once, also to be printed. */
import { useState } from "preact/hooks";
import { capital, fullDate, time } from "../../dates";
import { t } from "../../i18n";
import { navigate } from "../../router";
import { Button, Buttons, Card, ChildName, ChoiceGroup, Field, Form, LinkButton, Ltr, Notice, Page, Section, Steps, fieldErrors, useForm } from "../../ui";
import type { ViewProps } from "../roles";
import { ChildKicker, Missing, useChild, useDoing } from "./kit";
import type { Child } from "./model";
import { today } from "../../dates";

type Kind = "guardian" | "young_person" | "supporter";
const COMMANDS: Readonly<Record<Kind, string>> = { guardian: "guardian.invite", young_person: "young.invite", supporter: "supporter.invite" };
interface Made { link: string; code: string; expires_at: string; qr: string }

/** What the server told once: the link, the same as a picture, and the code to type. */
function Result({ made, name, child, again }: { made: Made; name: string; child: Child; again: () => void }) {
  const [copied, setCopied] = useState(false);
  const copy = (): Promise<void> => navigator.clipboard.writeText(made.link).then(() => setCopied(true), () => setCopied(false));
  const share = (): Promise<void> => navigator.share({ url: made.link }).catch(() => undefined);
  const until = `${fullDate(made.expires_at)} ${time(made.expires_at)}`;
  return (
    <Page title={t("Give this to {name}", { name })} kicker={<ChildName name={child.display_name} />} back={{ href: `/children/${child.id}`, label: t("The child") }} lead={t("It is shown only now. It works once, until {when}.", { when: until })}>
      <section class="card print-card">
        <div class="stack-2"><p class="kicker">{t("Invitation to Samled")}</p><p class="h2 bold"><bdi>{name}</bdi></p></div>
        <img class="qr" src={`data:image/svg+xml,${encodeURIComponent(made.qr)}`} alt={t("Code that opens Samled")} width="200" height="200" />
        <div class="stack-2">
          <p class="sm">{t("Point the phone's camera here, or go to {site} and type the code:", { site: new URL(made.link).host })}</p>
          <p class="h1 bold"><Ltr>{made.code}</Ltr></p>
          <p class="sm muted">{t("Works once, until {when}.", { when: until })}</p>
        </div>
        <div class="btns no-print">
          <Button kind="primary" icon="print" onPress={() => window.print()}>{t("Print")}</Button>
          {"share" in navigator && <Button icon="share" onPress={share}>{t("Share the link")}</Button>}
          <Button icon={copied ? "check" : "link"} onPress={copy}>{copied ? t("Copied") : t("Copy the link")}</Button>
        </div>
      </section>
      <div class="no-print stack">
        <Steps items={[
          { icon: "hand", text: t("Give it by hand, or to a number or address you are sure of.") },
          { icon: "warning", state: "todo", text: t("Whoever has the link or the code can join as {name}.", { name }) },
          { icon: "check", text: t("When they have joined, check who it is. Then they can decide about sharing.") },
        ]} />
        <Buttons><LinkButton href={`/children/${child.id}`}>{t("Done")}</LinkButton><Button icon="plus" onPress={again}>{t("Invite one more")}</Button></Buttons>
      </div>
    </Page>
  );
}

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
  if (made) return <Result {...made} child={child} again={() => setMade(null)} />;
  return (
    <Page title={t("Invite somebody of the family")} kicker={<ChildKicker child={child} />} back={{ href: `/children/${child.id}`, label: t("The child") }}>
      <Section title={capital(t("a link and a code, shown once"))}>
        <InviteForm child={child} onMade={(result, name) => setMade({ made: result, name })} />
      </Section>
      <NeedsNet />
    </Page>
  );
}

function NeedsNet() {
  return <Notice tone="grey" icon="info" title={t("You need to be online")}><span>{t("The link is made by the server and is not kept. If the connection breaks, end the invitation and make a new one.")}</span></Notice>;
}
