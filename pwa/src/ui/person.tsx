/** The named person and the promise: the first thing seen on a home page. */
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { type DateText, fullDate, shortDay } from "../dates";
import { Portrait } from "./cards";
import { Icon } from "./icons";

export interface HeroProps {
  /** "Elsas samordnare". */
  relation?: ComponentChildren;
  name?: string;
  /** Role and workplace. */
  role?: ComponentChildren;
  /** "Maria hör av sig senast". */
  pledge?: ComponentChildren;
  /** What is promised, in large type: mostly the date. */
  when?: ComponentChildren;
  /** A line under `when`. */
  after?: ComponentChildren;
  days?: ComponentChildren;
  /** At most two buttons. */
  buttons?: ComponentChildren;
  /** One more thing one may do, as a quiet button. */
  aside?: ComponentChildren;
  /** "Nås i dag till 15.00". */
  reach?: ComponentChildren;
  /** Numbers and hours, as text. */
  foot?: ComponentChildren;
  /** The person's own page: centred, larger, and the name is the page's h1. */
  centred?: boolean;
}

/** The person card. One on a page. Without a name it is the promise alone (staff, or nobody named yet). */
export function Hero(props: HeroProps) {
  const { relation, name, role, pledge, when, after, days, buttons, aside, reach, foot, centred = false } = props;
  const title = useId();
  const heading = centred ? <h1 class="name h1" id={title} tabIndex={-1}><bdi>{name}</bdi></h1> : <h2 class="name" id={title}><bdi>{name}</bdi></h2>;
  return (
    <section class={`hero${centred ? " centre-items" : ""}`} aria-labelledby={title}>
      {name && (
        <div class="who">
          <Portrait name={name} size={centred ? 112 : 84} />
          <div>{relation && <p class="role">{relation}</p>}{heading}{role && <p class="role">{role}</p>}</div>
        </div>
      )}
      {(pledge || when) && (
        <div class="pledge">
          {pledge && <p>{pledge}</p>}
          {when && (name ? <p class="when">{when}</p> : <h2 class="when" id={title}>{when}</h2>)}
          {after && <p>{after}</p>}
        </div>
      )}
      {days}
      {buttons && <div class="btns">{buttons}</div>}
      {aside && <div class="aside">{aside}</div>}
      {(reach || foot) && (
        <p class="foot">
          {reach && <span><span>{reach}</span></span>}
          {foot}
        </p>
      )}
    </section>
  );
}

/** One working day of a promise. */
export interface DayMarker {
  date: DateText;
  state: "done" | "now" | "ahead" | "goal";
  /** The upper line: "Ni skrev", "I dag", "Senast". Without it the weekday stands there. */
  label?: string;
}

/** The working days of a promise, weekends left out. `label` says the same to those who do not see it. */
export function Days({ days, label }: { days: readonly DayMarker[]; label: string }) {
  return (
    <ol class="days" aria-label={label}>
      {days.map(({ date, state, label: upper }) => {
        const number = String(Number(date.slice(8, 10)));
        return (
          <li key={date} class={state === "ahead" ? undefined : state} title={fullDate(date)}>
            <i>{state === "done" && <Icon name="check" />}{state === "goal" && <Icon name="flag" />}</i>
            <span>{upper ?? shortDay(date)}<br />{upper ? `${shortDay(date)} ${number}` : number}</span>
          </li>
        );
      })}
    </ol>
  );
}
