/** An invitation just made: the link, the same as a picture, and the code to type. Shown once, also to be printed. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { fullDate, time } from "../../dates";
import { t } from "../../i18n";
import { Button, Buttons, LinkButton, Ltr, Page, Steps } from "../../ui";

/** What the server told once. */
export interface Made { link: string; code: string; expires_at: string; qr: string }

/** The code is read aloud and typed in two halves; between them is only room, so that what is copied is the code. */
const HALF = 5;

interface InvitationProps {
  made: Made;
  name: string;
  kicker?: ComponentChildren;
  back: { href: string; label: string };
  /** What happens when they have joined. */
  then: string;
  again?: () => void;
}

export function InvitationCard({ made, name, kicker, back, then, again }: InvitationProps) {
  const [copied, setCopied] = useState(false);
  const copy = (): Promise<void> => navigator.clipboard.writeText(made.link).then(() => setCopied(true), () => setCopied(false));
  const share = (): Promise<void> => navigator.share({ url: made.link }).catch(() => undefined);
  const until = `${fullDate(made.expires_at)} ${time(made.expires_at)}`;
  return (
    <Page title={t("Give this to {name}", { name })} kicker={kicker} back={back} lead={t("It is shown only now. It works once, until {when}.", { when: until })}>
      <section class="card print-card">
        <div class="stack-2"><p class="kicker">{t("Invitation to Samled")}</p><p class="h2 bold"><bdi>{name}</bdi></p></div>
        <img class="qr" src={`data:image/svg+xml,${encodeURIComponent(made.qr)}`} alt={t("Code that opens Samled")} width="200" height="200" />
        <div class="stack-2">
          <p class="sm">{t("Point the phone's camera here, or go to {site} and type the code:", { site: new URL(made.link).host })}</p>
          <p class="h1 bold"><Ltr><span>{made.code.slice(0, HALF)}</span><span class="second-half">{made.code.slice(HALF)}</span></Ltr></p>
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
          { icon: "check", text: then },
        ]} />
        <Buttons><LinkButton href={back.href}>{t("Done")}</LinkButton>{again && <Button icon="plus" onPress={again}>{t("Invite one more")}</Button>}</Buttons>
      </div>
    </Page>
  );
}
