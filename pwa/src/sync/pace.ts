/** When to try again and when a connection counts as dead. Pure; milliseconds. */

/** A server that lives says something every 25 s; a phone that slept hears nothing and must not trust its socket. */
export const SILENCE = 70_000;
const LONGEST = 30_000;
const FIRST = 500;
/** Only a connection that lasted proves that the next attempt may be quick. */
const LASTED = 30_000;

export class Pace {
  heardAt = 0;
  /** Set by a server that restarts. */
  waitAtLeast = 0;
  private openedAt = 0;
  private attempts = 0;

  opened(now: number): void {
    this.heardAt = this.openedAt = now;
  }

  settle(now: number): void {
    if (now - this.openedAt > LASTED) this.attempts = 0;
  }

  isSilent(now: number): boolean {
    return now - this.heardAt >= SILENCE;
  }

  /** Full jitter: anything between nothing and the whole step, so that devices do not come back together. */
  nextDelay(random: number): number {
    const delay = this.waitAtLeast + random * Math.min(LONGEST, FIRST * 2 ** Math.min(this.attempts, 16));
    this.attempts += 1;
    this.waitAtLeast = 0;
    return delay;
  }
}
