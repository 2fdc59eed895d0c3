/** How Samled comes onto the home screen: one press on Android, three steps on iPhone. */
import { t } from "../i18n";
import { install, installable } from "../install";
import { isApple, isInstalled } from "../push";
import { navigate } from "../router";
import { Button, Card, Icon, LinkButton, Notice, Page, Trail } from "../ui";

export function Install() {
  const apple = isApple();
  const add = async (): Promise<void> => {
    if (await install()) navigate("/");
  };
  return (
    <Page
      scene back={{ href: "/", label: t("Home") }}
      cta={
        <>
          {installable.value && <Button kind="primary" block icon="add-home" onPress={add}>{t("Put it there")}</Button>}
          {!installable.value && <LinkButton kind="primary" block icon="check" href="/">{t("I have done it")}</LinkButton>}
          <LinkButton kind="quiet" block href="/">{t("Go on in the browser")}</LinkButton>
        </>
      }
    >
      <Card>
        <div class="stack-2">
          <h1>{t("Put Samled on the home screen")}</h1>
          <p class="muted">{t("Then you open it with one press, also without a connection. The icon says nothing about what it is for.")}</p>
        </div>
        {isInstalled() && <Notice tone="good" icon="check" title={t("It is there already")} />}
        {apple && (
          <Trail numbered label={t("How to do it")} steps={[
            { what: <>{t("Press Share")} <Icon name="share" /></>, time: t("At the bottom of Safari") },
            { what: t("Choose “Add to Home Screen”") },
            { what: t("Open Samled from there") },
          ]} />
        )}
        {!apple && !installable.value && (
          <Trail numbered label={t("How to do it")} steps={[
            { what: <>{t("Open the browser's menu")} <Icon name="more" /></>, time: t("At the top or the bottom") },
            { what: t("Choose “Install app” or “Add to Home screen”") },
            { what: t("Open Samled from there") },
          ]} />
        )}
      </Card>
    </Page>
  );
}
