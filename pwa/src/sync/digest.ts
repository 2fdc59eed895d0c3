/** The digest of a scope's live rows, as in the protocol's section 7. Pure. */

const encoder = new TextEncoder();

/** FNV-1a, 32 bits, of the UTF-8 bytes; unsigned. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of encoder.encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

export interface Digestible { entity: string; id: string; version: number }

/** `"<count>:<8 hex digits>"` over live rows only. Order does not matter. */
export function digestOf(rows: Iterable<Digestible>): string {
  let count = 0;
  let sum = 0;
  for (const row of rows) {
    count += 1;
    // A version may exceed 32 bits; imul takes both modulo 2^32, exactly.
    sum = (sum + Math.imul(fnv1a(`${row.entity}/${row.id}`), row.version)) >>> 0;
  }
  return `${count}:${sum.toString(16).padStart(8, "0")}`;
}
