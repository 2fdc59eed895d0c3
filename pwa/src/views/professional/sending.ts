/** Sends a change where null has a meaning of its own: it clears. */
import type { App } from "../../state/api";
import type { Delivery } from "../staff/kit";

const PATIENCE_MS = 8000;

/** Sends the arguments as they are and gives the server's answer, or `waiting` without a connection. */
export async function sendExactly(app: App, name: string, args: Record<string, unknown>): Promise<Delivery> {
  let id: string;
  try {
    id = await app.send(name, args);
  } catch (fault) {
    return { state: "refused", code: (fault as { code?: string }).code ?? "storage", fields: {}, data: null };
  }
  if (!app.online.peek()) return { state: "waiting", id };
  const outcome = await Promise.race([app.result(id), new Promise<null>((resolve) => setTimeout(() => resolve(null), PATIENCE_MS))]);
  if (outcome === null) return { state: "waiting", id };
  if (outcome.ok) return { state: "done", result: outcome.result };
  await app.discard(id);
  return { state: "refused", code: outcome.code, fields: outcome.fields, data: outcome.data };
}
