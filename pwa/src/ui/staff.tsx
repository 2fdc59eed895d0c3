/** What staff pages add: the day's times, slots to book or open, figures with hidden cells. */
import type { ComponentChildren } from "preact";
import { t } from "../i18n";

/** The day's times, under its `day` unless that is today. `now` marks the one that is going on or comes next. */
export function Schedule({ items, day }: { day?: ComponentChildren; items: readonly { from: string; to?: string; title: ComponentChildren; text?: ComponentChildren; now?: boolean; actions?: ComponentChildren }[] }) {
  const list = (
    <ol class={day ? "sched" : "card flush sched"}>
      {items.map(({ from, to, title, text, now = false, actions }, index) => (
        <li key={index} class={now ? "now-line" : undefined} aria-current={now ? "time" : undefined}>
          <span class="h"><span class="ltr">{from}</span>{to && <small class="ltr">{to}</small>}</span>
          <div class="stack-2"><div><b>{title}</b>{text && <><br /><span class="sm muted">{text}</span></>}</div>{actions && <div class="btns tight">{actions}</div>}</div>
        </li>
      ))}
    </ol>
  );
  return day ? <div class="card flush"><DayLabel>{day}</DayLabel>{list}</div> : list;
}

/** One time to book, with its button at the end. */
export function SlotRow({ time, title, text, chosen = false, end }: { time: string; title: ComponentChildren; text?: ComponentChildren; chosen?: boolean; end?: ComponentChildren }) {
  return (
    <div class={`slot${chosen ? " on" : ""}`}>
      <span class="time ltr">{time}</span>
      <span class="txt"><b>{title}</b>{text && <span class="sm muted">{text}</span>}</span>
      {end}
    </div>
  );
}

/** A day's heading between slots. */
export function DayLabel({ children }: { children: ComponentChildren }) {
  return <h3 class="daylab">{children}</h3>;
}

export interface WeekTime { key: string; label: string; on: boolean; fixed?: string }

/** A week of times to open or close; `fixed` says why one cannot be changed ("bokad"). */
export function WeekGrid({ days, onToggle }: { days: readonly { key: string; heading: ComponentChildren; times: readonly WeekTime[] }[]; onToggle: (day: string, time: string) => void }) {
  return (
    <div class="week">
      {days.map((day) => (
        <div class="day" key={day.key} role="group" aria-labelledby={`day-${day.key}`}>
          <span class="dh" id={`day-${day.key}`}>{day.heading}</span>
          {day.times.map((time) => (
            <button key={time.key} type="button" aria-pressed={time.on} disabled={Boolean(time.fixed)} onClick={() => onToggle(day.key, time.key)}>
              <span class="ltr">{time.label}</span>{time.fixed && <><br />{time.fixed}</>}
            </button>
          ))}
        </div>
      ))}
    </div>
  );
}

/** Figures as bars with the number in words. A hidden cell has a fixed hatched width that says nothing of its value. */
export function Bars({ items, label, most }: { items: readonly { label: ComponentChildren; value: number | null; text?: string }[]; label: string; most?: number }) {
  const top = most ?? Math.max(1, ...items.map((item) => item.value ?? 0));
  return (
    <ul class="bars" aria-label={label}>
      {items.map((item, index) => (
        <li key={index}>
          <span class="lab"><span>{item.label}</span><b>{item.value === null ? item.text ?? t("fewer than 5") : item.text ?? item.value}</b></span>
          {item.value === null
            ? <span class="bar few" />
            : <span class="bar"><i style={{ "--v": `${(100 * item.value) / top}%` }} /></span>}
        </li>
      ))}
    </ul>
  );
}

/** Large figures with what they mean. */
export function Figures({ items }: { items: readonly { figure: ComponentChildren; text: ComponentChildren }[] }) {
  return <div class="kpis">{items.map(({ figure, text }, index) => <div class="kpi" key={index}><b>{figure}</b><span>{text}</span></div>)}</div>;
}

/** Text with marked places, as the de-identify check shows them. Offsets are UTF-16 units, end exclusive. */
export function MarkedText({ text, marks }: { text: string; marks: readonly { start: number; end: number }[] }) {
  const pieces: ComponentChildren[] = [];
  let at = 0;
  for (const { start, end } of [...marks].sort((a, b) => a.start - b.start)) {
    if (start < at) continue;
    pieces.push(text.slice(at, start), <mark key={start}>{text.slice(start, end)}</mark>);
    at = end;
  }
  pieces.push(text.slice(at));
  return <p class="area">{pieces}</p>;
}
