/**
 * Small marks of this device: who was here last, which language, what was asked already. In the browser's own store, which may be
 * full, forbidden or not there: then nothing is remembered, and nothing else is lost.
 */

/** `sessionStorage` lasts as long as the tab. */
type Where = "localStorage" | "sessionStorage";

export function stored(key: string, where: Where = "localStorage"): string | null {
  try {
    return globalThis[where].getItem(key);
  } catch {
    return null;
  }
}

/** Keeps a mark, or takes it away (null). */
export function store(key: string, value: string | null, where: Where = "localStorage"): void {
  try {
    if (value === null) globalThis[where].removeItem(key);
    else globalThis[where].setItem(key, value);
  } catch {
    // Asked, chosen or found out again next time.
  }
}
