/** Locks after a while without a touch or key, also when the phone slept meanwhile. */

const SIGNS = ["pointerdown", "keydown", "scroll", "visibilitychange"] as const;

/** Calls `lock` after `idleMs`; returns how to stop watching. */
export function watchIdle(idleMs: number, lock: () => void): () => void {
  if (idleMs <= 0 || typeof document === "undefined") return () => undefined;
  let last = Date.now();
  const check = (): void => {
    if (Date.now() - last >= idleMs) lock();
  };
  const sign = (): void => {
    // Coming back to the page is checked before it counts as a sign of life.
    check();
    last = Date.now();
  };
  for (const name of SIGNS) document.addEventListener(name, sign, { passive: true, capture: true });
  const timer = setInterval(check, Math.min(idleMs, 15_000));
  return () => {
    clearInterval(timer);
    for (const name of SIGNS) document.removeEventListener(name, sign, { capture: true });
  };
}
