/** Kontakter: the units of the area, found by what they do, and one's own colleagues. */
import { useState } from "preact/hooks";
import { fullDate, today } from "../../dates";
import { t, tn } from "../../i18n";
import { Button, CallButton, Card, Chips, Columns, Empty, Facts, Field, Page, Phone, Portrait, Row, Rows, Section, SkeletonPage, phoneText, useApp } from "../../ui";
import type { ViewProps } from "../roles";
import { Missing, isFirst, useSelf } from "./kit";
import type { Area, Staff, Unit } from "./model";
import { functionWords, unitKind } from "./words";

/** So few are drawn as cards with everything; more as lines. */
const CARDS = 4;

/** Every word must be found somewhere in the unit. */
function fits(unit: Unit, words: string): boolean {
  const text = [unit.name, unitKind(unit.kind), unit.town, unit.offers ?? ""].join(" ").toLocaleLowerCase("sv");
  return words.toLocaleLowerCase("sv").split(/\s+/).filter(Boolean).every((word) => text.includes(word));
}

function UnitCard({ unit, days }: { unit: Unit; days: number | undefined }) {
  return (
    <Card label={unit.name}>
      <Row bare icon="building" title={unit.name} text={`${unitKind(unit.kind)}, ${unit.town}`} href={`/contacts/${unit.id}`} />
      {unit.offers && <p>{unit.offers}</p>}
      <Facts small items={[...(unit.hours ? [{ icon: "clock" as const, title: unit.hours }] : []), ...(days ? [{ icon: "flag" as const, title: tn("Answers within {n} working day", "Answers within {n} working days", days) }] : [])]} />
      {unit.phone && <CallButton kind="soft" block number={unit.phone}><Phone number={unit.phone} /></CallButton>}
    </Card>
  );
}

/** One line of a long list, with the number to tap. */
function UnitRow({ unit }: { unit: Unit }) {
  return (
    <Row
      icon="building" title={<a href={`/contacts/${unit.id}`}>{unit.name}</a>} text={[unitKind(unit.kind), unit.town, unit.hours].filter(Boolean).join(" · ")}
      end={unit.phone ? <CallButton slim number={unit.phone}><span class="vh">{t("Call {name}", { name: unit.name })}</span></CallButton> : undefined}
    />
  );
}

function Colleagues() {
  const app = useApp();
  const self = useSelf();
  const people = app.all<Staff>("staff").value.filter((one) => one.id !== self?.id).sort((a, b) => a.name.localeCompare(b.name, "sv"));
  const now = today();
  if (people.length === 0) return null;
  return (
    <Section title={t("In your unit")}>
      <Rows>
        {people.map((one) => (
          <Row
            key={one.id} start={<Portrait name={one.name} size={44} />} title={one.name}
            text={one.away_until && one.away_until >= now ? t("{title}. Away until {day}", { title: one.title, day: fullDate(one.away_until) }) : [one.title, one.reach_hours].filter(Boolean).join(" · ")}
            end={one.phone ? <CallButton slim number={one.phone}><span class="vh">{t("Call {name}", { name: one.name })}</span></CallButton> : undefined}
          />
        ))}
      </Rows>
    </Section>
  );
}

export function Contacts() {
  const app = useApp();
  const [words, setWords] = useState("");
  const [towns, setTowns] = useState<string[]>([]);
  const [kinds, setKinds] = useState<string[]>([]);
  const [more, setMore] = useState(false);
  if (isFirst(app)) return <Page busy><SkeletonPage hero={false} /></Page>;
  const units = [...app.all<Unit>("unit").value].sort((a, b) => a.name.localeCompare(b.name, "sv"));
  const areas = new Map(app.all<Area>("area").value.map((one) => [one.id, one.promise_days]));
  const found = units.filter((one) => fits(one, words) && (towns.length === 0 || towns.includes(one.town)) && (kinds.length === 0 || kinds.includes(one.kind)));
  const filters = (values: string[]) => [...new Set(values)].sort((a, b) => a.localeCompare(b, "sv"));
  const allTowns = filters(units.map((one) => one.town));
  const half = Math.ceil(found.length / 2);
  const few = found.length <= CARDS;
  const draw = (list: readonly Unit[]) => (few || list.length === 0 ? list.map((one) => <UnitCard key={one.id} unit={one} days={areas.get(one.area)} />) : <Rows>{list.map((one) => <UnitRow key={one.id} unit={one} />)}</Rows>);
  return (
    <Page title={t("Whom do I reach, and when?")}>
      <div class="stack">
        <Field label={t("Search")} hideLabel type="search" inputMode="search" icon="search" value={words} onInput={setWords} />
        {allTowns.length > 1 && <Chips label={<span class="vh">{t("Place")}</span>} values={towns} onChange={setTowns} options={allTowns.map((value) => ({ value, label: value }))} />}
        {units.length > 6 && <div><Button slim kind="quiet" icon="filter" aria-expanded={more} onPress={() => setMore(!more)}>{t("More choices")}</Button></div>}
        {more && <Chips several label={<span class="vh">{t("Kind")}</span>} values={kinds} onChange={setKinds} options={filters(units.map((one) => one.kind)).map((value) => ({ value, label: unitKind(value) }))} />}
      </div>
      <p class="muted inset" role="status">{words.trim() ? tn("{n} unit fits “{words}”", "{n} units fit “{words}”", found.length, { words: words.trim() }) : tn("{n} unit", "{n} units", found.length)}</p>
      {units.length === 0 && <Empty icon="directory" title={t("No units here yet")} text={t("The units of your area stand here when they are added.")} />}
      {units.length > 0 && found.length === 0 && <Empty icon="search" title={t("Nothing fits")} text={t("Try another word, or fewer.")} />}
      <Columns half left={draw(found.slice(0, half))} right={<>{draw(found.slice(half))}<Colleagues /></>} />
    </Page>
  );
}

export function UnitView({ params }: ViewProps) {
  const app = useApp();
  const unit = app.one<Unit>("unit", params.id ?? "").value;
  const people = app.all<Staff>("staff").value.filter((one) => one.unit === params.id);
  if (!unit) return <Missing home="/contacts" />;
  const area = app.one<Area>("area", unit.area).value;
  return (
    <Page title={unit.name} kicker={`${unitKind(unit.kind)}, ${unit.town}`} lead={unit.offers} back={{ href: "/contacts", label: t("Contacts") }}>
      <Card>
        <Facts items={[
          ...(unit.phone ? [{ icon: "phone" as const, title: phoneText(unit.phone) }] : []), ...(unit.hours ? [{ icon: "clock" as const, title: unit.hours }] : []),
          ...(area ? [{ icon: "flag" as const, title: tn("Answers within {n} working day", "Answers within {n} working days", area.promise_days), text: area.name }] : []),
        ]} />
        {unit.phone && <CallButton kind="primary" block number={unit.phone}>{t("Call")}</CallButton>}
      </Card>
      {people.length > 0 && <Section title={t("In your unit")}><Rows>{people.map((one) => <Row key={one.id} start={<Portrait name={one.name} size={44} />} title={one.name} text={[one.title, ...functionWords(one.functions)].join(" · ")} />)}</Rows></Section>}
    </Page>
  );
}
