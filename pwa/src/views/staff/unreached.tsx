/** "Inte nådd": somebody in a family whom no device, e-mail or text message has reached about this. Call instead. */
import { stamp } from "../../dates";
import { t } from "../../i18n";
import type { Doc } from "../../state/api";
import { Badge, Button, Buttons, LinkButton, Notice, OutboxFor, shownName, useApp } from "../../ui";
import { useDoing } from "./kit";

export interface Unreached extends Doc { child: string; relation: string; name: string; about: string; doc: string; kind: string; since: string }

/** Those who have not been reached about a document, oldest first. */
export function useUnreached(doc: string): readonly Unreached[] {
  return useApp().all<Unreached>("unreached").value.filter((one) => one.doc === doc).sort((a, b) => (a.since < b.since ? -1 : 1));
}

/** For the row of a person. */
export function NotReached() {
  return <Badge tone="bad" icon="bell">{t("Not reached")}</Badge>;
}

/** What to do about each of them. Place it on the page of the document. */
export function UnreachedFor({ doc }: { doc: string }) {
  const app = useApp();
  const { run, said } = useDoing();
  const missed = useUnreached(doc);
  if (missed.length === 0) return null;
  return (
    <div class="stack-2">
      {missed.map((one) => (
        <Notice key={one.id} tone="warn" icon="bell" title={t("{name} has not been reached", { name: shownName(one.name) })}>
          <span>{t("No phone has shown it, and nothing else got there. Tried {when}. Call instead.", { when: stamp(one.since) })}</span>
          <Buttons tight>
            <LinkButton slim icon="people" href={`/children/${one.child}`}>{t("See the family")}</LinkButton>
            {app.may("unreached.settle", one) && <Button slim icon="check" onPress={() => run("unreached.settle", { unreached: one.id })}>{t("I have talked to them")}</Button>}
          </Buttons>
          <OutboxFor id={one.id} names={["unreached.settle"]} />
        </Notice>
      ))}
      {said}
    </div>
  );
}
