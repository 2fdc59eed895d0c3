/** A new version waits for the person: it is fetched quietly, offered once, and put in place when they say so. */
import { signal } from "@preact/signals";

/** A newer version is ready to be used. */
export const updateReady = signal(false);

let waiting: ServiceWorker | null = null;
let asked = false;
const LOOK_AGAIN_MS = 60 * 60 * 1000;

interface ScriptPolicy { createScriptURL: (address: string) => string }
interface PolicyFactory { createPolicy: (name: string, rules: ScriptPolicy) => ScriptPolicy }

/** The only script address there is; everything else is refused. */
function scriptAddress(): string {
  const rules: ScriptPolicy = {
    createScriptURL: (address) => {
      if (address !== "/sw.js") throw new TypeError("unknown script");
      return address;
    },
  };
  // Trusted Types also guard serviceWorker.register(): it takes an address from this policy only.
  const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;
  return (factory ? factory.createPolicy("samled", rules) : rules).createScriptURL("/sw.js");
}

function offer(worker: ServiceWorker | null): void {
  // The first worker of a new device replaces nobody: nothing to ask about.
  if (!worker || !navigator.serviceWorker.controller) return;
  waiting = worker;
  updateReady.value = true;
}

/** Registers the service worker. Silent when the browser has none or refuses. */
export async function startUpdates(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (asked) location.reload();
  });
  try {
    const registration = await navigator.serviceWorker.register(scriptAddress(), { updateViaCache: "none" });
    offer(registration.waiting);
    registration.addEventListener("updatefound", () => {
      const worker = registration.installing;
      worker?.addEventListener("statechange", () => {
        if (worker.state === "installed") offer(worker);
      });
    });
    setInterval(() => void registration.update().catch(() => undefined), LOOK_AGAIN_MS);
  } catch {
    // Private windows and old browsers: the app works, only not without a connection.
  }
}

/** Puts the new version in place and opens it. What is written and waits is kept. */
export function updateNow(): void {
  asked = true;
  if (waiting) waiting.postMessage({ type: "update" });
  else location.reload();
}

/** Not now: offered again at the next start. */
export function updateLater(): void {
  updateReady.value = false;
}
