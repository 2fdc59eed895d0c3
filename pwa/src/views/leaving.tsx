/** The server ended this device's use: what was not sent is named before anything is erased. */
import { stamp } from "../dates";
import { t, tn } from "../i18n";
import type { Leaving as LeavingState } from "../state/api";
import { Button, Card, Notice, Page, Row, Rows, useApp } from "../ui";
import { commandWords } from "./outbox-words";

/** `wipe` has erased everything already; after `signed_out` the person decides about what waits. */
export function Leaving({ leaving }: { leaving: LeavingState }) {
  const app = useApp();
  if (leaving.reason === "wipe")
    return (
      <Page title={t("This device has been forgotten")}>
        <Card>
          <p>{t("Somebody with the right to do so has ended its use. Everything Samled kept here has been erased.")}</p>
          <Button kind="primary" block onPress={() => app.forget()}>{t("Go to sign-in")}</Button>
        </Card>
      </Page>
    );
  const count = leaving.unsent.length;
  return (
    <Page title={t("You have been signed out")}>
      <Card>
        <p>{t("Sign in again to go on. What is kept here is erased unless you do.")}</p>
        {count > 0 && <Notice tone="warn" icon="queued" title={tn("{n} thing has not been sent", "{n} things have not been sent", count)}><span>{t("They are sent when you sign in again as the same person.")}</span></Notice>}
        <Button kind="primary" block onPress={() => app.reopen()}>{t("Sign in again")}</Button>
        <Button block onPress={() => app.forget()}>{t("Erase everything here")}</Button>
      </Card>
      {count > 0 && <Rows>{leaving.unsent.map((item) => <Row key={item.id} icon="note" tone="grey" title={commandWords(item.name)} text={stamp(item.at)} />)}</Rows>}
    </Page>
  );
}
