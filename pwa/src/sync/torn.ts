/**
 * Chromium's databases are a log that is added to. A disk that fills up tears its last record; Chromium goes on behind the
 * tear, and the next time it starts it takes all of it for damaged and throws it away. Once more than its buffer of four
 * megabytes has been written the log is a new one, and the torn one is gone. Seen in tests/browser/test_full_disk.py.
 */
import type { IDBPDatabase } from "idb";

/** Larger pieces Chromium keeps in files of their own. */
const PIECE = new Uint8Array(48 * 1024);
const PIECES = 110;

/** Writes that much to `small` and takes it away. Raises what the database does: there is no room for it yet. */
export async function renewLog(db: IDBPDatabase<any>): Promise<void> {
  const filling = db.transaction("small", "readwrite");
  for (let i = 0; i < PIECES; i += 1) filling.store.put(PIECE, `x:${i}`).catch(() => undefined);
  await filling.done;
  await db.delete("small", IDBKeyRange.bound("x:", "x:\uffff"));
}
