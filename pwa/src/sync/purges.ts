/** Which erased scopes the server has been told of: told only once off the disk, and again until it surely knows. Pure. */

export class Purges {
  private onDisk = new Set<string>();
  private told = new Set<string>();
  private provable = new Set<string>();

  lost(names: readonly string[]): void {
    for (const name of names) {
      this.onDisk.add(name);
      this.told.delete(name);
      this.provable.delete(name);
    }
  }

  erased(names: readonly string[]): void {
    for (const name of names) this.onDisk.delete(name);
  }

  /** A new connection has been told nothing. */
  begin(): void {
    this.told.clear();
    this.provable.clear();
  }

  /** Those of `names` to tell now. */
  take(names: readonly string[]): string[] {
    const fresh = names.filter((name) => !this.onDisk.has(name) && !this.told.has(name));
    for (const name of fresh) this.told.add(name);
    return fresh;
  }

  /** A digest goes out: its answer will prove that what was told before it has arrived. */
  asked(): void {
    this.provable = new Set(this.told);
  }

  proven(): string[] {
    const known = [...this.provable];
    this.provable.clear();
    return known;
  }
}
