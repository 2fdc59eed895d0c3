/** How Samled comes onto the home screen: one press where the browser can, else three steps with pictures. */
import type { ComponentChildren } from "preact";
import { t } from "../i18n";
import { install, installable } from "../install";
import { isApple, isInstalled } from "../push";
import { navigate } from "../router";
import { Button, Card, Icon, LinkButton, Notice, Page, Trail, type TrailStep } from "../ui";
import { AddPicture, HomePicture, MenuPicture, SharePicture } from "./install-pictures";
import { usePlaceWords } from "./place-words";

const pictured = (words: ComponentChildren, picture: ComponentChildren, where?: string): TrailStep => ({ what: words, why: picture, ...(where ? { time: where } : {}) });

/** Safari on a phone has the sign at the bottom; on an iPad, and in other browsers, it is on top. */
function onTop(): boolean {
  return !/iPhone|iPod/.test(navigator.userAgent) || /CriOS|FxiOS|EdgiOS/.test(navigator.userAgent);
}

function appleSteps(): TrailStep[] {
  const top = onTop();
  return [
    pictured(<>{t("Press Share")} <Icon name="share" /></>, <SharePicture top={top} />, top ? t("At the top, beside the address") : t("At the bottom of Safari")),
    pictured(t("Choose “Add to Home Screen”"), <AddPicture />, t("You may have to scroll down a little")),
    pictured(t("Open Samled from there"), <HomePicture />, t("Sign in once more there. Then turn on reminders.")),
  ];
}

function otherSteps(): TrailStep[] {
  return [
    pictured(t("Open the browser's menu"), <MenuPicture />, t("At the top or the bottom")),
    pictured(t("Choose “Install app” or “Add to Home screen”"), <AddPicture />),
    pictured(t("Open Samled from there"), <HomePicture />),
  ];
}

export function Install() {
  const home = usePlaceWords("/");
  const add = async (): Promise<void> => {
    if (await install()) navigate("/");
  };
  const steps = isApple() ? appleSteps() : installable.value ? [] : otherSteps();
  return (
    <Page
      scene back={{ href: "/", label: home }}
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
        {steps.length > 0 && <Trail numbered label={t("How to do it")} steps={steps} />}
      </Card>
    </Page>
  );
}
