/** What is written is kept, down to the last letter. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { keepDraft } from "../src/ui/draft";

/** What the app was asked to keep, in order. */
function noted() {
  const asked: [string, unknown][] = [];
  return {
    asked,
    saveDraft: async (key: string, value: unknown) => void asked.push([key, value]),
    dropDraft: async (key: string) => void asked.push([key, undefined]),
  };
}

test("text typed in the last moment before leaving a page is kept: nothing waits for a pause in the writing", () => {
  const app = noted();
  for (const text of ["H", "He", "Hej"]) {
    keepDraft(app, "message.send:1", text);
    assert.deepEqual(app.asked.at(-1), ["message.send:1", text], "handed over before anything else can happen");
  }
});

test("an emptied text is let go of, and a device that keeps nothing more does not stop the writing", async () => {
  const app = noted();
  keepDraft(app, "k", "");
  assert.deepEqual(app.asked, [["k", undefined]]);
  const full = { saveDraft: () => Promise.reject(new Error("full")), dropDraft: () => Promise.reject(new Error("full")) };
  keepDraft(full, "k", "Hej");
  keepDraft(full, "k", "");
  await new Promise((done) => setTimeout(done));
});
