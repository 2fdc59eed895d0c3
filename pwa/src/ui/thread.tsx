/** A conversation: what each has written, oldest first, with how far one's own words have come. */
import type { ComponentChildren } from "preact";

/** The list of bubbles. */
export function Thread({ children, label }: { children: ComponentChildren; label: string }) {
  return <ol class="thread" aria-label={label}>{children}</ol>;
}

/** One message. `state` stands under one's own: when it arrived, or that it has not. */
export function Bubble({ who, when, own = false, state, children }: { who: string; when: string; own?: boolean; state?: ComponentChildren; children: ComponentChildren }) {
  return (
    <li class={`bubble${own ? " own" : ""}`}>
      <small><b><bdi>{who}</bdi></b> {when}</small>
      <p dir="auto">{children}</p>
      {state && <small>{state}</small>}
    </li>
  );
}
