/** Cards, rows and what stands at their beginning. A row has at most two lines; if there is more, it is a page. */
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { type DateText, type Instant, dateOf, fullDate, tileWords } from "../dates";
import { Icon, IconTile, type IconName } from "./icons";
import { whole } from "./text";

/** A white sheet. `flush` for rows that reach the edges, `selected` for the one that asks for something. */
export function Card({ children, flush = false, selected = false, label }: { children: ComponentChildren; flush?: boolean; selected?: boolean; label?: string }) {
  return <section class={`card${flush ? " flush" : ""}${selected ? " sel" : ""}`} aria-label={label}>{children}</section>;
}

/** A heading and what belongs to it. `note` is the small text below. */
export function Section({ title, children, note, end, id }: { title: ComponentChildren; children: ComponentChildren; note?: ComponentChildren; end?: ComponentChildren; id?: string }) {
  const heading = useId();
  return (
    <section class="sec" aria-labelledby={heading} id={id}>
      <header><h2 id={heading}>{title}</h2>{end}</header>
      {children}
      {note && <p class="sm muted inset">{note}</p>}
    </section>
  );
}

/** Rows with a line between them, in a card of their own. */
export function Rows({ children, label }: { children: ComponentChildren; label?: string }) {
  return <div class="card flush rows" role={label ? "group" : undefined} aria-label={label}>{children}</div>;
}

export interface RowProps {
  title: ComponentChildren;
  /** The second line. */
  text?: ComponentChildren;
  /** A portrait, a date tile or an icon tile. */
  start?: ComponentChildren;
  icon?: IconName;
  tone?: "mark" | "info" | "bad" | "grey" | "good";
  /** A badge, a number, a button. Links get a chevron by themselves. */
  end?: ComponentChildren;
  href?: string;
  onPress?: () => void;
  current?: boolean;
  /** Inside a card that already has padding. */
  bare?: boolean;
}

/** One thing in a list: plain, a link, or a button. */
export function Row({ title, text, start, icon, tone, end, href, onPress, current, bare = false }: RowProps) {
  const inner = (
    <>
      {start ?? (icon && <IconTile name={icon} tone={tone} />)}
      <span class="txt"><b>{whole(title)}</b>{text && <small>{whole(text)}</small>}</span>
      {end ?? ((href || onPress) && <span class="end"><Icon name="chevron" /></span>)}
    </>
  );
  const classes = `row${bare ? " bare" : ""}${current ? " current" : ""}`;
  if (href) return <a class={classes} href={href} aria-current={current ? "step" : undefined}>{inner}</a>;
  if (onPress) return <button type="button" class={classes} onClick={onPress} aria-current={current ? "step" : undefined}>{inner}</button>;
  return <div class={classes}>{inner}</div>;
}

/** "ons 2 dec" as a small calendar leaf; readers hear the whole date. */
export function DateTile({ date }: { date: DateText | Instant }) {
  const words = tileWords(date);
  return (
    <time class="datetile" dateTime={dateOf(date)}>
      <span class="vh">{fullDate(date)}</span>
      <span aria-hidden="true">{words.day}</span><b aria-hidden="true">{words.number}</b><span aria-hidden="true">{words.month}</span>
    </time>
  );
}

/** Soft backgrounds, chosen by the name so that a person keeps theirs. */
const TONES = 6;
function toneOf(name: string): number {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973;
  return sum % TONES;
}
/** "ME" from "Maria Ekdahl". */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const picked = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return picked.map((word) => word?.match(/\p{L}/u)?.[0] ?? "").join("").toLocaleUpperCase("sv");
}

/** A person's initials in a circle; the name stands beside it, so it is decoration. `size` in px. */
export function Portrait({ name, size = 48 }: { name: string; size?: 36 | 40 | 44 | 48 | 64 | 84 | 112 }) {
  return <span class={`ava s${size} tone${toneOf(name)}`} aria-hidden="true">{initials(name)}</span>;
}

/** Several people, overlapping. */
export function Portraits({ names }: { names: readonly string[] }) {
  return <span class="avas">{names.map((name) => <Portrait key={name} name={name} size={36} />)}</span>;
}

export type Tone = "good" | "info" | "mark" | "warn" | "bad" | "plain";

/** One to three words and an icon; never pressed. */
export function Badge({ tone = "plain", icon, children }: { tone?: Tone; icon: IconName; children: ComponentChildren }) {
  return <span class={`badge${tone === "plain" ? "" : ` ${tone}`}`}><Icon name={icon} /> {children}</span>;
}

/** A line that is left out when there is nothing to say: `time && { icon: "clock", title: time }`. */
export type Line<T> = T | false | "" | 0 | null | undefined;
export type Fact = Line<{ icon: IconName; title: ComponentChildren; text?: ComponentChildren }>;

/** Icon and text, one fact a line: time, place. */
export function Facts({ items, small = false }: { items: readonly Fact[]; small?: boolean }) {
  return (
    <ul class={`facts inset${small ? " sm" : ""}`}>
      {items.map((item, index) => (item ? <li key={index}><Icon name={item.icon} /><span><b>{item.title}</b>{item.text && <small>{item.text}</small>}</span></li> : null))}
    </ul>
  );
}

/** Opens and closes more of the same, without leaving the page. */
export function More({ summary, children, open = false }: { summary: ComponentChildren; children: ComponentChildren; open?: boolean }) {
  return <details open={open}><summary><Icon name="chevron-down" /> {summary}</summary>{children}</details>;
}

/** What happens, what stays, what to do: short lines with an icon. */
export function Steps({ items, small = false }: { items: readonly Line<{ icon: IconName; state?: "ok" | "todo"; text: ComponentChildren }>[]; small?: boolean }) {
  return (
    <ul class={`steps${small ? " sm" : ""}`}>
      {items.map((item, index) => (item ? <li key={index} class={item.state}><Icon name={item.icon} /><span>{item.text}</span></li> : null))}
    </ul>
  );
}

/** Name and value in pairs, for checking before sending. */
export function Pairs({ items }: { items: readonly { name: ComponentChildren; value: ComponentChildren }[] }) {
  return (
    <dl class="card flush rows">
      {items.map((item, index) => (
        <div class="pair" key={index}><dt>{item.name}</dt><dd>{item.value}</dd></div>
      ))}
    </dl>
  );
}

/** Nothing here yet: what it is, and what one can do. */
export function Empty({ icon, title, text, children }: { icon: IconName; title: ComponentChildren; text?: ComponentChildren; children?: ComponentChildren }) {
  return (
    <div class="card">
      <Row bare icon={icon} tone="grey" title={title} text={text} />
      {children}
    </div>
  );
}
