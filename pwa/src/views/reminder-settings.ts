/** The account's settings as they will be when what waits has been sent, and changing them. */
import { useApp } from "../ui";
import { waitingSettings } from "../wished";
import type { SettingsDoc } from "./reminder-groups";

export interface KeptSettings {
  settings: SettingsDoc | undefined;
  change: (args: Record<string, unknown>) => void;
}

/** What was chosen stands at once, also without a connection; a change that waits is laid over the document. */
export function useSettings(): KeptSettings {
  const app = useApp();
  const doc = app.all<SettingsDoc>("settings").value[0];
  let settings = doc;
  for (const args of waitingSettings(app.outbox.value)) {
    const { kinds, ...rest } = args as Partial<SettingsDoc>;
    settings = { ...(settings ?? { id: "", entity: "settings" }), ...rest, kinds: { ...settings?.kinds, ...kinds } };
  }
  const change = (args: Record<string, unknown>): void => {
    void app.send("settings.change", args).catch(() => undefined);
  };
  return { settings, change };
}
