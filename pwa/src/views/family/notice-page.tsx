/** Where a notification leads: marks it read and goes to the place itself. */
import { useEffect } from "preact/hooks";
import { capital, stamp } from "../../dates";
import { t } from "../../i18n";
import { navigate } from "../../router";
import { Empty, LinkButton, Page, useApp } from "../../ui";
import type { ViewProps } from "../roles";
import type { Notified } from "./docs";
import { Missing } from "./fetching";
import { markRead, noticeIcon, noticePlace, noticeWords } from "./notices";

export function NoticePage({ params }: ViewProps) {
  const app = useApp();
  const notice = app.one<Notified>("notice", params["id"] ?? "").value;
  const place = notice ? noticePlace(notice, app) : null;
  useEffect(() => {
    if (!notice) return;
    markRead(app, [notice]);
    if (place) navigate(place, { replace: true });
  }, [notice?.id, place]);
  if (!notice) return <Missing />;
  if (place) return <Page busy />;
  return (
    <Page title={noticeWords(notice.kind)} kicker={capital(stamp(notice.at))} back={{ href: "/", label: t("Home") }}>
      <Empty icon={noticeIcon(notice.about)} title={t("There is nothing more to see here")} text={t("What it was about has ended, or is no longer shared.")}>
        <LinkButton kind="second" block href="/">{t("Go home")}</LinkButton>
      </Empty>
    </Page>
  );
}
