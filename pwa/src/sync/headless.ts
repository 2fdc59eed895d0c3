/**
 * The app's sync core over standard input and output, one JSON value a line: the caller plays the network and the
 * clock. After everything that came of a line, `{"done":true}` is printed. Lines: see `Line` in drive.ts.
 */
import { createInterface } from "node:readline";
import { Drive, type Line } from "./drive";

const drive = new Drive();
const print = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);

for await (const text of createInterface({ input: process.stdin })) {
  if (!text.trim()) continue;
  try {
    for (const value of await drive.feed(JSON.parse(text) as Line)) print(value);
  } catch (error) {
    print({ error: (error as Error).message });
  }
  print({ done: true });
}
