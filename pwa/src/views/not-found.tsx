/** An address that leads nowhere. */
import { t } from "../i18n";
import { Card, LinkButton, Page } from "../ui";

export function NotFound() {
  return (
    <Page back={{ href: "/", label: t("Home") }} title={t("There is no page here")}>
      <Card>
        <p>{t("The address may be old or miswritten.")}</p>
        <LinkButton kind="primary" href="/" block>{t("Go home")}</LinkButton>
      </Card>
    </Page>
  );
}
