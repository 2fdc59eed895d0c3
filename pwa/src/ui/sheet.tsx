/** Sheets: a question over the page. Focus stays inside; Esc, the back button and a press outside close it. */
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { openLayer } from "../router";
import { Button, type ButtonKind } from "./actions";

interface SheetProps {
  open: boolean;
  onClose: () => void;
  /** The question. */
  title: ComponentChildren;
  lead?: ComponentChildren;
  children?: ComponentChildren;
}

/** Anything over the page. */
export function Sheet(props: SheetProps) {
  return props.open ? <OpenSheet {...props} /> : null;
}

function OpenSheet({ onClose, title, lead, children }: SheetProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const close = useRef(onClose);
  close.current = onClose;
  const read = (): void => dialog.current?.querySelector<HTMLElement>("h2")?.focus();
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    const element = dialog.current;
    element?.showModal();
    read();
    const left = openLayer(() => close.current());
    return () => {
      element?.close();
      (before?.isConnected ? before : document.querySelector<HTMLElement>("main h1"))?.focus({ preventScroll: true });
      left();
    };
  }, []);
  useEffect(() => {
    // What was pressed may have made way for an answer: reading goes on from the heading, not from nowhere.
    if (!dialog.current?.contains(document.activeElement)) read();
  });
  const cancel = (event: Event): void => {
    event.preventDefault();
    close.current();
  };
  const outside = (event: MouseEvent): void => {
    const box = dialog.current?.getBoundingClientRect();
    if (!box || event.target !== dialog.current) return;
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) close.current();
  };
  return (
    <dialog class="sheet" ref={dialog} aria-labelledby={heading} onCancel={cancel} onClick={outside}>
      <div class="stack-2"><h2 class="h1" id={heading} tabIndex={-1}>{title}</h2>{lead && <p class="muted">{lead}</p>}</div>
      {children}
    </dialog>
  );
}

export interface Answer { label: ComponentChildren; onPress: () => void | Promise<unknown>; kind?: ButtonKind }

/**
 * A question with two answers of the same size. For consent give both `second`; withdrawing is never red.
 * The second answer closes the sheet and changes nothing, so it needs only words.
 */
export function AskSheet({ yes, no, note, ...sheet }: SheetProps & { yes: Answer; no: ComponentChildren; note?: ComponentChildren }) {
  return (
    <Sheet {...sheet}>
      {sheet.children}
      <div class="stack-2">
        <Button block kind={yes.kind ?? "primary"} onPress={yes.onPress}>{yes.label}</Button>
        <Button block kind="second" onPress={sheet.onClose}>{no}</Button>
      </div>
      {note && <p class="sm muted centre">{note}</p>}
    </Sheet>
  );
}
