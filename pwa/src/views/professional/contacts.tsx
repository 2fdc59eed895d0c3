/** Kontakter: who helps with what, and when one reaches them. Searched on the device, also without a connection. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { dayName, fullDate, today } from "../../dates";
import { lang, t, tn } from "../../i18n";
import { Button, CallButton, Chips, Empty, Field, Notice, Page, Portrait, Row, Rows, Section, SkeletonPage, useApp, whole } from "../../ui";
import { isFirst, useColleagues, useSelf } from "../staff/kit";
import type { Area } from "../staff/model";
import { unitKind } from "../staff/words";
import { ContactCard } from "./contact-card";
import { type Entry, tally, tallyWords, townOf, useEntries } from "./keeping";
import { compare, finder } from "./search";
import { functionIcon, functionName, gapWords, isStale } from "./words";

/** The first of what was found are drawn whole; the rest as lines, so many at a time. */
const WHOLE = 2;
const STEP = 30;
/**
 * What is drawn at once for new words: more than a telephone shows, under the first ones that are drawn whole or alone. A larger
 * screen is filled, and what stands below the list is drawn, when one stops writing.
 */
const AT_ONCE = { under: 2, alone: 6 };
const SCREENFUL = 12;
const PAUSE_MS = 150;

/** Draws more when one stops writing, when its end comes near, and by a button. `asked` is what the list answers. */
function useWindow(total: number, asked: string, atOnce: number): { count: number; more: () => void; end: { current: HTMLDivElement | null } } {
  const [drawn, setDrawn] = useState({ asked, count: STEP });
  const end = useRef<HTMLDivElement>(null);
  const count = drawn.asked === asked ? drawn.count : atOnce;
  const more = (): void => setDrawn({ asked, count: count + STEP });
  useEffect(() => {
    const element = end.current;
    if (!element || count >= total) return undefined;
    if (count < SCREENFUL) {
      const pause = setTimeout(() => setDrawn({ asked, count: SCREENFUL }), PAUSE_MS);
      return () => clearTimeout(pause);
    }
    if (typeof IntersectionObserver === "undefined") return undefined;
    const watch = new IntersectionObserver((seen) => { if (seen.some((one) => one.isIntersecting)) more(); }, { rootMargin: "600px" });
    watch.observe(element);
    return () => watch.disconnect();
  }, [count, total, asked]);
  return { count, more, end };
}

/**
 * Keys of what is drawn. For new words the places are filled anew, which is much faster than making them; as long as the
 * words stay, each keeps its own, so that nobody who stands on a row finds another one there when the documents change.
 */
function useKeys(drawn: readonly Entry[], asked: string): (one: Entry) => number {
  const last = useRef({ asked: "", keys: new Map<string, number>(), next: 0 });
  const known = last.current.asked === asked ? last.current : { asked, keys: new Map<string, number>(), next: 0 };
  for (const { id } of drawn) if (!known.keys.has(id)) known.keys.set(id, known.next++);
  last.current = known;
  return (one) => known.keys.get(one.id) ?? 0;
}

/** The first that fit, without looking at those after them. */
function firstOf(rows: readonly Entry[], fits: (one: Entry) => boolean, most: number): Entry[] {
  const first: Entry[] = [];
  for (const one of rows) {
    if (first.length >= most) break;
    if (fits(one)) first.push(one);
  }
  return first;
}

function EntryRow({ one, lead }: { one: Entry; lead: boolean }) {
  if (one.kind === "hour")
    return <Row icon="clock" tone="info" title={t("Open hour, {unit}", { unit: one.doc.unit_name })} text={`${dayName(one.doc.session_on)} ${one.doc.at.replace(":", ".")} · ${one.doc.consultant_title}`} href={`/open-hours/${one.id}`} />;
  if (one.kind === "unit")
    return (
      <Row
        icon="building" tone="grey" title={<a href={`/contacts/${one.id}`}>{one.doc.name}</a>} text={[unitKind(one.doc.kind), one.doc.town, one.doc.hours].filter(Boolean).join(" · ")}
        end={one.doc.phone ? <CallButton slim number={one.doc.phone}><span class="vh">{t("Call {name}", { name: one.doc.name })}</span></CallButton> : undefined}
      />
    );
  const { doc } = one;
  const lacks = lead ? gapWords(doc.gap ?? []) : "";
  return (
    <Row
      icon={functionIcon(doc.function)} {...(lacks ? { tone: "bad" as const } : isStale(doc) ? { tone: "mark" as const } : {})} title={<a href={`/functions/${doc.id}`}>{functionName(doc.function)}</a>}
      text={<>{lacks && <><b>{lacks}</b> · </>}{whole([doc.unit_name, doc.badge && doc.function !== "buse" && t("BUSE"), isStale(doc) && t("To be checked"), doc.hours].filter(Boolean).join(" · "))}</>}
      end={doc.phone ? <CallButton slim number={doc.phone}><span class="vh">{t("Call {name}", { name: `${functionName(doc.function)}, ${doc.unit_name}` })}</span></CallButton> : undefined}
    />
  );
}

function Colleagues() {
  const own = useSelf()?.unit;
  const people = useColleagues().filter((one) => one.unit === own).sort((a, b) => compare(a.name, b.name));
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

type Show = "gap" | "stale" | "buse";

export function Contacts() {
  const app = useApp();
  const entries = useEntries();
  const [words, setWords] = useState("");
  const [towns, setTowns] = useState<string[]>([]);
  const [show, setShow] = useState<Show[]>([]);
  const lead = app.me.value?.kind === "process_lead";
  const day = today();
  // All that depends on the rows alone is counted once, not at each letter.
  const { counts, allTowns } = useMemo(() => {
    const contacts = entries.flatMap(({ item }) => (item.kind === "contact" ? [item.doc] : []));
    const found: Record<Show, number> = { gap: contacts.filter((one) => one.gap?.length).length, stale: contacts.filter((one) => day > one.check_after).length, buse: contacts.filter((one) => one.badge === "buse").length };
    return { counts: found, allTowns: [...new Set(entries.map(({ item }) => townOf(item)).filter(Boolean))].sort(compare) };
  }, [entries, day]);
  const fits = (one: Entry): boolean => (towns.length === 0 || towns.includes(townOf(one))) && show.every((kind) => one.kind === "contact" && (kind === "gap" ? Boolean(one.doc.gap?.length) : kind === "stale" ? isStale(one.doc) : one.doc.badge === "buse"));
  const find = useMemo(() => finder(entries), [entries]);
  const found = useMemo(() => (towns.length + show.length > 0 ? find(words).filter(fits) : find(words)), [find, words, towns, show, day]);
  const tallied = useMemo(() => tallyWords(tally(found)), [found]);
  const asked = words.trim().length > 0 || towns.length > 0 || show.length > 0;
  const whole = asked ? firstOf(found, (one) => one.kind === "contact", WHOLE) as (Entry & { kind: "contact" })[] : [];
  const left = found.length - whole.length;
  const question = `${words}|${towns.join()}|${show.join()}`;
  const { count, more, end } = useWindow(left, question, whole.length > 0 ? AT_ONCE.under : AT_ONCE.alone);
  const settled = count > AT_ONCE.alone || left <= AT_ONCE.alone;
  const list = firstOf(found, (one) => !whole.some((other) => other === one), count);
  const [wholeKey, rowKey] = [useKeys(whole, question), useKeys(list, question)];
  // The same as before for a new letter: it is not drawn anew.
  const places = useMemo(() => allTowns.length > 1 && <Chips several label={<span class="vh">{t("Place")}</span>} values={towns} onChange={setTowns} options={allTowns.map((value) => ({ value, label: value }))} />, [allTowns, towns, lang.value]);
  if (isFirst(app)) return <Page busy><SkeletonPage hero={false} /></Page>;
  const days = new Map(app.all<Area>("area").value.map((one) => [one.id, one.promise_days]));
  const filters: { value: Show; label: string }[] = [
    ...(lead && counts.gap > 0 ? [{ value: "gap" as const, label: t("Something is missing ({n})", { n: counts.gap }) }] : []),
    ...(counts.stale > 0 ? [{ value: "stale" as const, label: t("To be checked ({n})", { n: counts.stale }) }] : []),
    ...(counts.buse > 0 ? [{ value: "buse" as const, label: t("BUSE ({n})", { n: counts.buse }) }] : []),
  ];
  const rows = list.length > 0 && <Rows label={t("More contacts")}>{list.map((one) => <EntryRow key={rowKey(one)} one={one} lead={lead} />)}</Rows>;
  return (
    <Page title={t("Whom do I reach, and when?")}>
      <div class="stack">
        <Field label={t("Search function, unit, place or what they help with")} hideLabel type="search" inputMode="search" icon="search" value={words} onInput={setWords} />
        {places}
        {filters.length > 0 && (!words.trim() || show.length > 0) && <Chips several label={<span class="vh">{t("Show only")}</span>} values={show} onChange={setShow} options={filters} />}
      </div>
      <p class="muted inset" role="status">{words.trim() ? t("“{words}”: {found}", { words: words.trim(), found: tallied }) : tallied}</p>
      {entries.length === 0 && <Empty icon="directory" title={t("No contacts here yet")} text={t("Units and functions of your area stand here when they are added.")} />}
      {entries.length > 0 && found.length === 0 && <Empty icon="search" title={t("Nothing fits")} text={t("Try another word, or fewer.")} />}
      {/* Each column keeps its own: the rows are not made anew when the first words come and when the last ones go. */}
      <div class="cols half">
        {whole.length > 0 && <div class="col" key="whole">{whole.map((one) => <ContactCard key={wholeKey(one)} one={one.doc} unit={one.unit} lead={lead} days={days.get(one.unit?.area ?? "")} />)}</div>}
        <div class="col" key="rows">{rows}</div>
        {!asked && settled && (
          <div class="col" key="rest">
            {lead && counts.gap > 0 && <Notice tone="bad" icon="warning" title={tn("{n} function has nobody, or no deputy", "{n} functions have nobody, or no deputy", counts.gap)}><Button slim onPress={() => setShow(["gap"])}>{t("Show them")}</Button></Notice>}
            {counts.stale > 0 && <Notice tone="warn" icon="warning" title={tn("{n} contact is older than six months", "{n} contacts are older than six months", counts.stale)}><span>{t("The unit is asked to check it. Call and ask if you are not sure.")}</span><Button slim onPress={() => setShow(["stale"])}>{t("Show them")}</Button></Notice>}
            <Colleagues />
          </div>
        )}
      </div>
      {left > count && <div ref={end}><Button block onPress={more}>{tn("Show {n} more", "Show {n} more", Math.min(STEP, left - count))}</Button></div>}
    </Page>
  );
}
