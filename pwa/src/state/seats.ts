/** Which copies lie on this device. Ids only: it can be read without any key. */
import { store, stored } from "../stored";

const SEATS = "samled.seats";
const SIGN_OUT = "samled.sign-out";
const LOCKED = "samled.locked";

export interface KnownSeat { account: string; seat: string; kind: string; lang: string }
interface Known { seats: KnownSeat[]; last: string | null }

function known(): Known {
  try { return { seats: [], last: null, ...JSON.parse(stored(SEATS) ?? "{}") }; } catch { return { seats: [], last: null }; }
}

/** Name of the database of one seat. */
export function storeName(seat: Pick<KnownSeat, "account" | "seat">): string {
  return `samled:${seat.account}:${seat.seat}`;
}

/** The seat to open before the server has been asked. */
export function lastSeat(): KnownSeat | null {
  const { seats, last } = known();
  return seats.find((item) => item.seat === last) ?? null;
}

export function allSeats(): KnownSeat[] {
  return known().seats;
}

export function rememberSeat({ account, seat, kind, lang }: KnownSeat): void {
  const others = known().seats.filter((item) => item.seat !== seat);
  store(SEATS, JSON.stringify({ seats: [...others, { account, seat, kind, lang }], last: seat }));
}

/** Nothing opens by itself any more; the copies are still listed. */
export function closeSeats(): void {
  store(SEATS, JSON.stringify({ ...known(), last: null }));
}

function lockedSeats(): string[] {
  try { return JSON.parse(stored(LOCKED) ?? "[]"); } catch { return []; }
}

/** True when the copy of this seat had a lock the last time it could be read. */
export function wasLocked(seat: string): boolean {
  return lockedSeats().includes(seat);
}

export function noteLock(seat: string, locked: boolean): void {
  const others = lockedSeats().filter((one) => one !== seat);
  const all = locked ? [...others, seat] : others;
  store(LOCKED, all.length ? JSON.stringify(all) : null);
}

export function removeSeat(seat: string): void {
  noteLock(seat, false);
  const { seats, last } = known();
  store(SEATS, JSON.stringify({ seats: seats.filter((item) => item.seat !== seat), last: last === seat ? null : last }));
}

/** A sign-out that has not reached the server yet. */
export function owesSignOut(): boolean {
  return stored(SIGN_OUT) === "1";
}

export function oweSignOut(owed: boolean): void {
  store(SIGN_OUT, owed ? "1" : null);
}
