/** The browser's own offer to install the app (Android and desktop), kept until the person asks for it. */
import { signal } from "@preact/signals";

interface InstallPrompt extends Event { prompt: () => Promise<{ outcome: "accepted" | "dismissed" }> }

/** The browser can install the app now. */
export const installable = signal(false);
let prompt: InstallPrompt | null = null;

/** Starts listening. Call once, early: the browser says it only once. */
export function watchInstall(): void {
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    prompt = event as InstallPrompt;
    installable.value = true;
  });
  addEventListener("appinstalled", () => { installable.value = false; });
}

/** Shows the browser's question. True when the person said yes. */
export async function install(): Promise<boolean> {
  const asked = await prompt?.prompt();
  prompt = null;
  installable.value = false;
  return asked?.outcome === "accepted";
}
