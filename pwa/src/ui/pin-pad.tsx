/** Digits for the app's own lock. Also takes a keyboard; what is typed is never shown. */
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { t } from "../i18n";

const LENGTH = 6;
const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

export interface PinPadProps {
  /** What to write: "Skriv din kod". */
  title: ComponentChildren;
  /** Called with all digits. The pad empties when it settles. */
  onDone: (pin: string) => void | Promise<unknown>;
  /** Wrong code, tries left: read out at once. */
  message?: ComponentChildren;
}

/** A pad of digits, left to right in every language. */
export function PinPad({ title, onDone, message }: PinPadProps) {
  const [pin, setPin] = useState("");
  const [busy, setBusy] = useState(false);
  const label = useId();
  const box = useRef<HTMLDivElement>(null);
  const done = useRef(onDone);
  done.current = onDone;
  const press = (digit: string): void => setPin((before) => (before.length < LENGTH ? before + digit : before));
  useEffect(() => {
    if (pin.length < LENGTH) return;
    setBusy(true);
    void Promise.resolve(done.current(pin)).finally(() => {
      setBusy(false);
      setPin("");
    });
  }, [pin]);
  useEffect(() => {
    const typed = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || busy) return;
      if (/^\d$/.test(event.key)) press(event.key);
      else if (event.key === "Backspace") setPin((before) => before.slice(0, -1));
    };
    addEventListener("keydown", typed);
    return () => removeEventListener("keydown", typed);
  }, [busy]);
  return (
    <div class="pin" ref={box} role="group" aria-labelledby={label} aria-busy={busy ? "true" : undefined}>
      <h2 id={label}>{title}</h2>
      <div class="dots" aria-hidden="true">{Array.from({ length: LENGTH }, (_, index) => <span key={index} class={index < pin.length ? "full" : undefined} />)}</div>
      <p class="vh" role="status">{t("{n} of {all} digits", { n: pin.length, all: LENGTH })}</p>
      {message && <p class="error-text" role="alert">{message}</p>}
      <div class="pad">
        {DIGITS.map((digit) => <button key={digit} type="button" disabled={busy} onClick={() => press(digit)}>{digit}</button>)}
        <span />
        <button type="button" disabled={busy} onClick={() => press("0")}>0</button>
        <button type="button" class="plain" disabled={busy} onClick={() => setPin((before) => before.slice(0, -1))}>{t("Erase")}</button>
      </div>
    </div>
  );
}
