/** Everything one has been told, newest first. Opening one marks it as read. */
import { stamp } from "../../dates";
import { t } from "../../i18n";
import { Button, Card, Empty, Page, Row, Rows, SkeletonPage, useApp } from "../../ui";
import { ofThisSeat } from "../seat-notices";
import { isFirst } from "./kit";
import type { NoticeDoc } from "./model";
import { noticeWords } from "./words";

/** Notices, newest first. */
export function useNotices(): readonly NoticeDoc[] {
  const app = useApp();
  return [...ofThisSeat(app, app.all<NoticeDoc>("notice").value)].sort((a, b) => (a.at < b.at ? 1 : -1));
}

export function NoticeRow({ notice }: { notice: NoticeDoc }) {
  return <Row icon="bell" tone={notice.read ? "grey" : "info"} title={noticeWords(notice.kind)} text={notice.read ? t("{when}, read", { when: stamp(notice.at) }) : stamp(notice.at)} href={`/n/${notice.id}`} />;
}

export function Notices() {
  const app = useApp();
  const notices = useNotices();
  if (isFirst(app)) return <Page busy><SkeletonPage hero={false} /></Page>;
  const unread = notices.filter((one) => !one.read);
  const readAll = async (): Promise<void> => {
    for (const one of unread) await app.send("notice.read", { notice: one.id });
  };
  return (
    <Page title={t("What has happened")} back={{ href: "/", label: t("Today") }}>
      {notices.length === 0 && <Empty icon="bell" title={t("Nothing yet")} text={t("What concerns you is listed here.")} />}
      {unread.length > 0 && <Card><Button icon="check" onPress={readAll}>{t("Mark all as read")}</Button></Card>}
      {notices.length > 0 && <Rows>{notices.map((one) => <NoticeRow key={one.id} notice={one} />)}</Rows>}
    </Page>
  );
}
