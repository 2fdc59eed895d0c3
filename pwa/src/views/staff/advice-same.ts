/** Another time with the question one has asked already: with one press, or in the form when its words are looked at anew. */
import { useState } from "preact/hooks";
import type { Slot } from "./model";
import type { Asked } from "./question";
import type { useDoing } from "./kit";

interface Question { topic: string; age_band: string; question?: string; confirmed?: string[] }
type Doing = ReturnType<typeof useDoing>;

/** `book` sends what was asked, with the words said to name nobody. `again`: the time and the text to look at, when the server finds somebody in it all the same. */
export function useSameQuestion(asked: Question, run: Doing["run"], clear: Doing["clear"]) {
  const [again, setAgain] = useState<{ slot: Slot; begun: Asked } | null>(null);
  const book = async (slot: Slot): Promise<"done" | "waiting" | "refused"> => {
    const done = await run("slot.book", { slot: slot.id, topic: asked.topic, age_band: asked.age_band, question: asked.question, confirmed: asked.confirmed });
    if (done.state === "refused" && done.code === "identifying_text") {
      clear();
      setAgain({ slot, begun: { topic: asked.topic, age_band: asked.age_band, question: asked.question ?? "" } });
    }
    return done.state;
  };
  return { again, book };
}
