/** Whose copy may lie on disk without a lock: a family's own phone. Staff share computers. */

const OWN_PHONE: ReadonlySet<string> = new Set(["guardian", "young_person", "supporter"]);

/** Staff without a PIN or passkey keep their copy in memory only. */
export function mayLieOpen(seatKind: string): boolean {
  return OWN_PHONE.has(seatKind);
}

/** Milliseconds without a touch before staff copies lock. */
export const STAFF_IDLE_MS = 5 * 60_000;
