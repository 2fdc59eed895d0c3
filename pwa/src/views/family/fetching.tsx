/** What stands on a page whose document is not here: still on its way, or no longer shared. */
import { t } from "../../i18n";
import { Page, SkeletonPage, useApp } from "../../ui";
import { Gone } from "../gone";

/** The shape of the page until everything has come once; then that it is not shared. */
export function Missing({ back = "/" }: { back?: string }) {
  const app = useApp();
  if (app.syncedAt.value === null) return <Page busy back={{ href: back, label: t("Back") }}><SkeletonPage hero={false} /></Page>;
  return <Gone />;
}
