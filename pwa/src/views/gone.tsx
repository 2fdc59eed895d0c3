/** What is shown when something ended being shared while one looked at it, or a link leads to nothing. */
import { t } from "../i18n";
import { Buttons, Icon, LinkButton, Page, Steps } from "../ui";
import { usePlaceWords } from "./place-words";

/** "Det här delas inte längre." `home` is where the first button goes. */
export function Gone({ home = "/" }: { home?: string }) {
  const place = usePlaceWords(home);
  return (
    <Page back={{ href: home, label: place }}>
      <section class="card centre-items">
        <span class="ic round grey large"><Icon name="lock" large /></span>
        <div class="stack-2">
          <h1>{t("This is not shared any longer")}</h1>
          <p class="muted">{t("It has been removed from your device.")}</p>
        </div>
        <Steps items={[
          { icon: "check", state: "ok", text: t("You have done nothing wrong. Nobody has to explain why.") },
          { icon: "note", text: t("A note of yours that was not sent is kept or removed as the list of unsent things says.") },
        ]} />
        <Buttons>
          <LinkButton kind="primary" href={home}>{place === t("Back") ? place : t("Go to {page}", { page: place })}</LinkButton>
          <LinkButton href="/outbox">{t("See what is not sent")}</LinkButton>
        </Buttons>
      </section>
    </Page>
  );
}
