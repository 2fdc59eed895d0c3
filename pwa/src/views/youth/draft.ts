/** What a young person prepares for a meeting: kept on this device, encrypted, until they let go of it. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { App } from "../../state/api";
import { useApp } from "../../ui";
import type { Voice } from "../family/docs";
import { CARDS, type CardKey } from "../family/voice-words";

export type To = "coordinator" | "professionals" | "everyone_invited";

export interface Prepared {
  take_part: string | null;
  /** `nobody`: it stays on the phone. */
  to: To | "nobody";
  say: Partial<Record<CardKey, string>>;
  not_about: string[];
  read_aloud: boolean;
}

export const EMPTY: Prepared = { take_part: null, to: "nobody", say: {}, not_about: [], read_aloud: false };

export const draftKey = (meeting: string): string => `voice.release:${meeting}`;

/** Something has been written or chosen. */
export function isBegun(draft: Prepared): boolean {
  return draft.take_part !== null || draft.not_about.length > 0 || Object.values(draft.say).some((text) => text?.trim());
}

/** Nothing but how one takes part: an answer, and no words. */
export function isBare(draft: Pick<Prepared, "say" | "not_about" | "read_aloud">): boolean {
  return !draft.read_aloud && draft.not_about.length === 0 && !Object.values(draft.say).some((text) => text?.trim());
}

/** The released words as something to go on from. */
export function fromVoice(voice: Voice): Prepared {
  return { take_part: voice.take_part, to: voice.to as To, say: { ...voice.say }, not_about: [...(voice.not_about ?? [])], read_aloud: voice.read_aloud };
}

/** The same words, to the same people, taking part the same way. */
export function isSame(one: Prepared, other: Prepared): boolean {
  const plain = ({ say, ...rest }: Prepared): string => JSON.stringify([
    rest.take_part, rest.to, rest.not_about, rest.read_aloud, ...CARDS.map((card) => say[card]?.trim() ?? ""),
  ]);
  return plain(one) === plain(other);
}

/** Let go of, and not arrived yet: nobody else has read it, and it is no longer one's own alone. */
export function isLeaving(app: App, meeting: string): boolean {
  return app.outbox.value.some((item) => item.name === "voice.release" && item.args["meeting"] === meeting && item.state !== "refused" && item.state !== "draft");
}

export interface Preparing {
  draft: Prepared;
  change: (part: Partial<Prepared>) => void;
  /** Changed since it was read or released. */
  touched: boolean;
  /** The draft has been looked for. */
  loaded: boolean;
}

/** The draft of one meeting; begins with what is released, if there is no draft. */
export function usePrepared(meeting: string, voice: Voice | undefined): Preparing {
  const app = useApp();
  const [draft, setDraft] = useState<Prepared>(voice ? fromVoice(voice) : EMPTY);
  const [loaded, setLoaded] = useState(false);
  const [touched, setTouched] = useState(false);
  const busy = useRef(false);
  const latest = useRef(draft);
  useEffect(() => {
    void app.draft<Prepared>(draftKey(meeting)).then((kept) => {
      if (kept && !busy.current) {
        latest.current = { ...EMPTY, ...kept };
        setDraft(latest.current);
        setTouched(true);
      }
      setLoaded(true);
    });
  }, [meeting]);
  const change = (part: Partial<Prepared>): void => {
    busy.current = true;
    setTouched(true);
    latest.current = { ...latest.current, ...part };
    setDraft(latest.current);
    void keep(app, meeting, latest.current);
  };
  // Whenever it arrived, also in a visit after the one that sent it: what is out needs no draft.
  useEffect(() => {
    if (!loaded || !touched || !voice || !isSame(latest.current, fromVoice(voice))) return;
    setTouched(false);
    void app.dropDraft(draftKey(meeting));
  }, [loaded, touched, voice?.released_at]);
  return { draft, change, touched, loaded };
}

async function keep(app: App, meeting: string, draft: Prepared): Promise<void> {
  try {
    await (isBegun(draft) ? app.saveDraft(draftKey(meeting), draft) : app.dropDraft(draftKey(meeting)));
  } catch {
    // The bar on top says that the phone keeps nothing more.
  }
}

/** The drafts of several meetings, by meeting. */
export function useDrafts(meetings: readonly string[]): Readonly<Record<string, Prepared>> {
  const app = useApp();
  const [drafts, setDrafts] = useState<Record<string, Prepared>>({});
  const key = meetings.join();
  useEffect(() => {
    let wanted = true;
    void Promise.all(meetings.map(async (id) => [id, await app.draft<Prepared>(draftKey(id))] as const)).then((found) => {
      if (wanted) setDrafts(Object.fromEntries(found.filter((entry): entry is [string, Prepared] => entry[1] !== undefined)));
    });
    return () => { wanted = false; };
  }, [key]);
  return drafts;
}
