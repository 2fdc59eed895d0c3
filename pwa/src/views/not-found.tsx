/** An address that leads nowhere. */
import { t } from "../i18n";
import { Card, LinkButton, Page } from "../ui";
import { usePlaceWords } from "./place-words";

export function NotFound() {
  const home = usePlaceWords("/");
  return (
    <Page back={{ href: "/", label: home }} title={t("There is no page here")}>
      <Card>
        <p>{t("The address may be old or miswritten.")}</p>
        <LinkButton kind="primary" href="/" block>{t("Go to {page}", { page: home })}</LinkButton>
      </Card>
    </Page>
  );
}
