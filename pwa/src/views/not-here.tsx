/** Instead of a part of the app that could not be fetched. */
import { t } from "../i18n";
import { Button, Notice, Page } from "../ui";

/** Says so, and starts anew when asked. Not by itself: it may have failed because the person is leaving for another page. */
export function NotHere() {
  return (
    <Page title={t("This part of the app is not here yet")}>
      <Notice tone="grey" icon="offline" title={t("It is fetched when you are online")}><Button slim icon="refresh" onPress={() => location.reload()}>{t("Try again")}</Button></Notice>
    </Page>
  );
}
