/** Every number and page of help. Works offline and signed out; nothing about what is tapped is stored. */
import { useContext } from "preact/hooks";
import { t } from "../i18n";
import { Card, ChromeContext, HelpCalls, Icon, IconTile, LanguageSwitch, Page, QuickExit, Section, advice, helpLinks, useApp } from "../ui";
import { knownPerson } from "./known-person";
import { usePlaceWords } from "./place-words";

export function Crisis() {
  const app = useApp();
  const { role } = useContext(ChromeContext);
  const home = usePlaceWords("/");
  return (
    <Page
      back={{ href: "/", label: home }} end={role === "staff" ? <span /> : <>{role === "public" && <LanguageSwitch />}<QuickExit /></>}
      title={t("You do not have to be alone with this")} lead={t("Choose the one you can manage. It is enough to say hello.")}
    >
      <HelpCalls person={knownPerson(app)} />
      <Card>
        <p>{advice("danger")}</p>
        <p>{advice("suicide")}</p>
        <p>{advice("child")}</p>
        <p>{advice("never_leave")}</p>
      </Card>
      <Section title={t("To read and to write to")}>
        <div class="card flush rows">
          {helpLinks().map((link) => (
            <a key={link.key} class="row" href={link.url} target="_blank" rel="noopener noreferrer">
              <IconTile name="link" tone="info" />
              <span class="txt"><b>{link.name}</b><small>{link.about}</small></span>
              <span class="end"><Icon name="chevron" /></span>
            </a>
          ))}
        </div>
      </Section>
      <p class="sm muted inset">{advice("not_acute")}</p>
      <p class="xs muted inset">{advice("traces")}</p>
    </Page>
  );
}
