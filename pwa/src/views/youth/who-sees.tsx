/** What guardians, professionals and nobody at all can see of a young person's own pages. */
import { t } from "../../i18n";
import { Card, LinkButton, Page, Section, Steps } from "../../ui";
import { useChild } from "../family/child";
import { first } from "../family/words";
import type { ViewProps } from "../roles";

export function WhoSees(_: ViewProps) {
  const { coordinator } = useChild();
  const name = first(coordinator?.name) || t("Your coordinator");
  return (
    <Page title={t("Who sees what")} lead={t("You have your own pages here. Nobody else can open them.")} back={{ href: "/words", label: t("My words") }}>
      <Section title={t("Your guardians cannot see")}>
        <Card>
          <Steps items={[
            { icon: "lock", state: "ok", text: t("What you write to {name}", { name }) },
            { icon: "lock", state: "ok", text: t("That you have asked to be called, and why") },
            { icon: "lock", state: "ok", text: t("What you have written for a meeting, unless you choose everybody") },
            { icon: "lock", state: "ok", text: t("What you answer to a meeting, or to a question about sharing") },
          ]} />
        </Card>
      </Section>
      <Section title={t("Your guardians can see")}>
        <Card>
          <Steps items={[
            { icon: "eye", text: t("Who your coordinator is") },
            { icon: "eye", text: t("The meetings they are invited to, and what was decided there") },
            { icon: "eye", text: t("What you wait for, and the support you get meanwhile") },
          ]} />
        </Card>
      </Section>
      <Section title={t("Nobody can see")}>
        <Card><Steps items={[{ icon: "phone-device", state: "ok", text: t("Drafts. They are only on this phone, encrypted.") }, { icon: "help", state: "ok", text: t("That you have looked at the help numbers.") }]} /></Card>
      </Section>
      <p class="sm muted inset">{t("If somebody is in danger, grown-ups must act. Then they tell you so.")}</p>
      <LinkButton block icon="share-with" href="/sharing">{t("Who may know what about you?")}</LinkButton>
    </Page>
  );
}
