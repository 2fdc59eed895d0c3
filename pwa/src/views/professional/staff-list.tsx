/** Personal: everybody who works in the units one looks after, who is on their way, and what one can do about it. */
import { useState } from "preact/hooks";
import { t, tn } from "../../i18n";
import { Button, Buttons, Columns, Empty, Field, LinkButton, Page, Portrait, Row, Rows, SkeletonPage, useApp } from "../../ui";
import { NotFound } from "../not-found";
import { isFirst } from "../staff/kit";
import type { Staff, Unit } from "../staff/model";
import { OnTheirWay } from "./on-their-way";
import { compare } from "./search";

const STEP = 30;

export function StaffList() {
  const app = useApp();
  const [words, setWords] = useState("");
  const [shown, setShown] = useState(STEP);
  const units = new Map(app.all<Unit>("unit").value.map((one) => [one.id, one.name]));
  const wanted = words.toLocaleLowerCase("sv").split(/\s+/).filter(Boolean);
  const people = app.all<Staff>("staff").value
    .filter((one) => wanted.every((word) => `${one.name} ${one.title} ${units.get(one.unit) ?? ""}`.toLocaleLowerCase("sv").includes(word)))
    .sort((a, b) => compare(a.name, b.name));
  if (isFirst(app)) return <Page busy><SkeletonPage hero={false} /></Page>;
  if (app.me.value?.kind !== "admin") return <NotFound />;
  return (
    <Page title={t("Staff")} lead={t("Choose somebody who leaves, and see what they hold before anything happens.")}>
      <Columns
        half
        left={<>
          <Buttons>
            <LinkButton kind="soft" icon="plus" href="/people/invite">{t("Invite somebody")}</LinkButton>
            <LinkButton kind="soft" icon="list" href="/import">{t("Read in a list")}</LinkButton>
          </Buttons>
          <Rows><Row icon="people" title={t("Process leads and admins")} text={t("Who leads an area, or looks after the units")} href="/people/leaders" /></Rows>
          <Field label={t("Search name, title or unit")} hideLabel type="search" inputMode="search" icon="search" value={words} onInput={(x) => { setWords(x); setShown(STEP); }} />
          <p class="muted inset" role="status">{tn("{n} person", "{n} people", people.length)}</p>
          {people.length > 0
            ? <Rows>{people.slice(0, shown).map((one) => <Row key={one.id} start={<Portrait name={one.name} size={44} />} title={<bdi>{one.name}</bdi>} text={[one.title, units.get(one.unit)].filter(Boolean).join(" · ")} href={`/contacts/${one.unit}/people/${one.id}`} />)}</Rows>
            : <Empty icon="people" title={words ? t("Nothing fits") : t("Nobody works here yet")} text={words ? t("Try another word, or fewer.") : t("Read in a list, or invite the first one.")} />}
          {people.length > shown && <Button block onPress={() => setShown(shown + STEP)}>{tn("Show {n} more", "Show {n} more", Math.min(STEP, people.length - shown))}</Button>}
        </>}
        right={<OnTheirWay />}
      />
    </Page>
  );
}
