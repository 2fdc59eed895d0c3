/** The trail: where we are and what comes next. Never a place in a queue: it moves, and it frightens. */
import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./icons";

export interface TrailStep {
  state?: "done" | "now" | "ahead" | "goal";
  /** "Senast måndag 30 november". */
  time?: ComponentChildren;
  what: ComponentChildren;
  /** A small why. */
  why?: ComponentChildren;
  icon?: IconName;
}

/** A vertical line of markers. `numbered` for an agenda or instructions. */
export function Trail({ steps, numbered = false, label }: { steps: readonly TrailStep[]; numbered?: boolean; label?: string }) {
  return (
    <ol class={`trail${numbered ? " num" : ""}`} aria-label={label}>
      {steps.map(({ state = "ahead", time, what, why, icon }, index) => {
        const drawn: IconName | undefined = icon ?? (state === "done" ? "check" : state === "goal" ? "flag" : undefined);
        const body = numbered
          ? <><b>{what}</b>{time && <span class="t">{time}</span>}</>
          : <>{time && <span class="t">{time}</span>}<b>{what}</b></>;
        return (
          <li key={index} class={state === "ahead" || numbered ? undefined : state} aria-current={state === "now" ? "step" : undefined}>
            <i aria-hidden="true">{numbered ? index + 1 : drawn && state !== "now" && <Icon name={drawn} />}</i>
            {body}
            {why && <span class="sm muted">{why}</span>}
          </li>
        );
      })}
    </ol>
  );
}
