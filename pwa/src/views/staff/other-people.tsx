/** Finding somebody in another unit: whom one may choose already, and for whom the family is asked first. */
import { useId, useState } from "preact/hooks";
import { t, tn } from "../../i18n";
import { Card, Field, Row, Rows } from "../../ui";
import { useSearch } from "./directory";
import { useSelf } from "./kit";
import type { Colleague } from "./model";

/** So many are drawn. */
const SHOWN = 6;

interface OtherProps { childId: string; reachable: readonly Colleague[]; onChoose: (person: string) => void }

/** The directory by function, unit or name. One who is `reachable` is chosen; for another the family is asked. */
export function OtherPeople({ childId, reachable, onChoose }: OtherProps) {
  const id = useId();
  const [words, setWords] = useState("");
  const own = useSelf()?.unit;
  const found = useSearch(words).filter((one) => one.unit !== own);
  const may = new Set(reachable.map((one) => one.person));
  const choose = (person: string) => (): void => {
    onChoose(person);
    setWords("");
  };
  return (
    <Card>
      <Field label={t("Somebody in another unit")} hint={t("Search by function, unit or name.")} optional type="search" inputMode="search" icon="search" id={id} value={words} onInput={setWords} />
      {words.trim() && <p class="sm muted" role="status">{tn("{n} person fits", "{n} people fit", found.length)}</p>}
      {found.length > 0 && (
        <Rows>
          {found.slice(0, SHOWN).map((one) => {
            const who = [one.functions.join(", "), one.unit_name].filter(Boolean).join(" · ");
            return may.has(one.person)
              ? <Row key={one.person} icon="plus" tone="good" title={one.name} text={who} onPress={choose(one.person)} />
              : <Row key={one.person} icon="share-with" tone="mark" title={one.name} text={`${who}. ${t("Ask the family first")}`} href={`/children/${childId}/consent?unit=${one.unit}&person=${one.person}`} />;
          })}
        </Rows>
      )}
    </Card>
  );
}
