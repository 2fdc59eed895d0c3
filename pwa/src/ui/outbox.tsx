/** What the person wrote that is not settled yet, beside the document it concerns. Never says "sent" before it is. */
import type { ComponentChildren } from "preact";
import { useContext } from "preact/hooks";
import { stamp } from "../dates";
import { t } from "../i18n";
import { navigate } from "../router";
import type { OutboxItem } from "../state/api";
import { Button, Buttons } from "./actions";
import { ChromeContext, useApp } from "./app-context";
import { mayRetry, refusalWords } from "./refusals";
import { Notice } from "./status";

export interface OutboxNoticeProps {
  item: OutboxItem;
  /** Opens what was written in its form. Without it, and without a form of the role's, there is no "Ändra". */
  onEdit?: (item: OutboxItem) => void;
  /** What will be sent, in a few words: those that were written, unless they stand beside it. */
  what?: ComponentChildren;
}

/** What somebody wrote in it. Whatever has no space is an id, a day or a choice. */
export function written(value: unknown): string {
  if (typeof value === "string") return /\s/.test(value) ? `“${value}”` : "";
  return Object.values(value ?? {}).map(written).filter(Boolean).join(" ");
}

/** One unsettled item: waiting, on its way, refused, or taken back as a draft. */
export function OutboxNotice({ item, onEdit: given, what = written(item.args) }: OutboxNoticeProps) {
  const app = useApp();
  const form = useContext(ChromeContext).form?.(item);
  const onEdit = given ?? (form ? () => navigate(`${form}?from=${item.id}`) : undefined);
  const discard = (): Promise<void> => app.discard(item.id);
  const edit = async (): Promise<void> => {
    if (item.state === "draft" || item.state === "refused" || (await app.editAsDraft(item.id))) onEdit?.(item);
  };
  if (item.state === "refused" || item.state === "draft") {
    const draft = item.state === "draft";
    return (
      <Notice tone={draft ? "grey" : "bad"} icon={draft ? "edit" : "warning"} alert={!draft} title={draft ? t("Not sent") : t("It could not be sent")}>
        {what && <span>{what}</span>}
        <span>{item.code ? refusalWords(item.code) : t("You took this back. It is kept here until you send it or take it away.")}</span>
        <Buttons tight>
          {onEdit && <Button slim kind="second" icon="edit" onPress={edit}>{t("Change")}</Button>}
          {(draft || mayRetry(item.code)) && <Button slim kind="second" icon="refresh" onPress={() => app.retry(item.id)}>{draft ? t("Send") : t("Try again")}</Button>}
          <Button slim kind="second" icon="trash" onPress={discard}>{t("Take away")}</Button>
        </Buttons>
      </Notice>
    );
  }
  if (item.state === "sent") return <Notice tone="grey" icon="queued" title={t("Being sent")}>{what && <span>{what}</span>}</Notice>;
  if (item.state === "held")
    return <Notice tone="warn" icon="queued" title={t("Will be sent when the app has been updated")}>{what && <span>{what}</span>}</Notice>;
  return (
    <Notice tone="warn" icon="queued" title={item.confirm ? t("Not done yet. Will be sent when you are online.") : t("Will be sent when you are online")}>
      {what && <span>{what}</span>}
      <span>{t("Saved on this device {when}.", { when: stamp(item.at) })} {t("You need not do anything more.")}</span>
      <Buttons tight>
        {onEdit && <Button slim kind="quiet" onPress={edit}>{t("Change")}</Button>}
        <Button slim kind="quiet" onPress={discard}>{t("Undo")}</Button>
      </Buttons>
    </Notice>
  );
}

/** Every unsettled item that names this document. Place it under the card it concerns. */
export function OutboxFor({ id, onEdit, names }: { id: string; onEdit?: (item: OutboxItem) => void; names?: readonly string[] }) {
  const items = useApp().about(id).value.filter((item) => !names || names.includes(item.name));
  if (items.length === 0) return null;
  return <div class="stack-2">{items.map((item) => <OutboxNotice key={item.id} item={item} onEdit={onEdit} />)}</div>;
}
