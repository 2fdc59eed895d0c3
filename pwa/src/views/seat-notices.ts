/** Notices belong to the account and reach all its seats; what concerns a child is told only in the seat that knows the child. */
import type { App, Doc } from "../state/api";
import { roleKind } from "./roles";

interface Told extends Doc {
  about?: string;
  doc?: string;
}

/** What lies with a child: in another seat of the same person it would read as being about somebody else. */
const OF_A_CHILD = new Set(["child", "coordinator", "contact_request", "message", "support_measure", "voice", "waiting", "meeting", "consent", "handover"]);

/** The notices of an account that this seat can follow. With one seat all of them; a family's seat knows nothing of work. */
export function ofThisSeat<T extends Told>(app: App, notices: readonly T[]): readonly T[] {
  const me = app.me.value;
  if (!me || me.seats.length < 2) return notices;
  const family = roleKind(me.kind) !== "staff";
  return notices.filter(({ about, doc }) => {
    if (!about || !doc) return true;
    const it = OF_A_CHILD.has(about) ? app.one<Doc & { owed_by?: unknown }>(about, doc).value : undefined;
    // What a lead is told of a late promise lies with the account, not with the child: it is work, whatever the seat knows.
    return OF_A_CHILD.has(about) && !it?.owed_by ? it !== undefined : !family;
  });
}
