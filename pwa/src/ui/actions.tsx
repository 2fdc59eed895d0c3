/** Buttons: a verb first, one primary in a view, and a reason under every button that cannot be pressed. */
import type { ComponentChildren } from "preact";
import { useCallback, useId, useRef, useState } from "preact/hooks";
import { Icon, type IconName } from "./icons";
import { dial } from "./text";

export type ButtonKind = "primary" | "second" | "soft" | "quiet" | "bad" | "badline";

interface Look {
  kind?: ButtonKind;
  icon?: IconName;
  /** The whole width of what it stands in. */
  block?: boolean;
  /** 64 px, for the one action of a young person's page. */
  big?: boolean;
  /** 48 px, inside a card. */
  slim?: boolean;
  children: ComponentChildren;
}

function looks({ kind = "second", block, big, slim }: Look): string {
  return `btn ${kind}${block ? " block" : ""}${big ? " big" : ""}${slim ? " slim" : ""}`;
}

export interface ButtonProps extends Look {
  type?: "button" | "submit";
  /** Why it cannot be pressed. Shown below, and the button stays reachable so that the reason is read out. */
  disabled?: string | false | null;
  /** A promise keeps the button busy until it settles, so that a second press does nothing. */
  onPress?: () => void | Promise<unknown>;
  "aria-expanded"?: boolean;
}

/** Does something here. */
export function Button(props: ButtonProps) {
  const { disabled, onPress, icon, big, children, type = "button" } = props;
  const [busy, setBusy] = useState(false);
  const reason = useId();
  const here = useRef<HTMLElement | null>(null);
  const stand = useCallback((element: HTMLElement | null) => {
    // What was pressed may make way for an answer: reading goes on from what stands here then, or from the heading, not from nowhere.
    if (!element && document.activeElement === here.current) setTimeout(() => {
      if (document.activeElement === document.body) (here.current ?? document.querySelector<HTMLElement>("main h1"))?.focus({ preventScroll: true });
    });
    here.current = element;
  }, []);
  const press = (event: Event): void => {
    if (disabled || busy) {
      event.preventDefault();
      return;
    }
    const done = onPress?.();
    if (done instanceof Promise) {
      setBusy(true);
      void done.finally(() => setBusy(false));
    }
  };
  const button = (
    <button
      ref={stand} class={looks(props)} type={type} onClick={press}
      aria-disabled={disabled || busy ? "true" : undefined} aria-describedby={disabled ? reason : undefined}
      aria-expanded={props["aria-expanded"]} aria-busy={busy ? "true" : undefined}
    >
      {icon && <Icon name={icon} large={big ?? false} />} {children}
    </button>
  );
  if (!disabled) return button;
  return (
    <div class="stack-2">
      {button}
      <p class="sm muted centre" id={reason}>{disabled}</p>
    </div>
  );
}

/** Goes somewhere: a page of the app, or an address outside it (`external` opens a new tab). */
export function LinkButton({ href, external = false, download, ...look }: Look & { href: string; external?: boolean; download?: string }) {
  return (
    <a
      class={looks(look)} href={href} download={download}
      {...(external ? { target: "_blank", rel: "noopener noreferrer" } : {})}
    >
      {look.icon && <Icon name={look.icon} large={look.big ?? false} />} {look.children}
    </a>
  );
}

/** Calls a number. A real `tel:` link, so that it works offline and on every phone. */
export function CallButton({ number, ...look }: Omit<Look, "icon"> & { number: string }) {
  return <a class={looks(look)} href={`tel:${dial(number)}`}><Icon name="phone" /> {look.children}</a>;
}

/** Buttons beside each other that wrap; of equal width unless `tight`. */
export function Buttons({ children, tight = false }: { children: ComponentChildren; tight?: boolean }) {
  return <div class={`btns${tight ? " tight" : ""}`}>{children}</div>;
}

/** The page's one action, fixed at the bottom of a phone. Give the page `cta`. */
export function ActionBar({ children, note }: { children: ComponentChildren; note?: ComponentChildren }) {
  return (
    <div class="cta">
      <div>
        {children}
        {note && <p class="sm muted centre">{note}</p>}
      </div>
    </div>
  );
}
