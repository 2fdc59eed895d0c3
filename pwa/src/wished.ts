/** What a person has chosen in their settings, also when it has not been sent or has not come back yet. */
import type { OutboxItem } from "./state/api";

/** The values of `settings.change` that still wait for the server's word, oldest first; also those that wait for a newer app. */
export function waitingSettings(outbox: readonly OutboxItem[]): readonly Record<string, unknown>[] {
  return outbox.filter(({ name, state }) => name === "settings.change" && state !== "refused" && state !== "draft").map(({ args }) => args);
}

/** The language: the newest choice that waits, else that of the settings document. */
export function wishedLanguage(kept: string | undefined, outbox: readonly OutboxItem[]): string | undefined {
  const waiting = waitingSettings(outbox).map((args) => args["language"]).filter((one) => typeof one === "string");
  return waiting.at(-1) ?? kept;
}
