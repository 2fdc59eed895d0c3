/**
 * The service worker: opens the app without a connection, shows reminders, and never keeps anybody's data.
 * A new version waits until the person asks for it; an install that fails takes its own cache away again.
 */

/** Filled in by the build: everybody's files, those of professionals' pages and of some professionals', a name that changes with any of them, catalogs, and neutral words. */
declare const __PRECACHE__: readonly string[];
declare const __STAFF_FILES__: readonly string[];
declare const __GROUP_FILES__: Readonly<Record<string, readonly string[]>>;
declare const __VERSION__: string;
declare const __CATALOGS__: Readonly<Record<string, string>>;
declare const __STAFF_TEXTS__: Readonly<Record<string, string>>;
declare const __NEUTRAL__: Readonly<Record<string, string>>;

const worker = globalThis as unknown as ServiceWorkerGlobalScope;

/** Names with "shell" in them survive signing out: nothing personal is in them. */
const CACHE = `samled-shell-${__VERSION__}`;
const KEPT = "samled-shell-kept";
const FRESH_FIRST = new Set(["/contract.json", "/public/region.json"]);
const PATIENCE_MS = 4000;
/** Addresses the server answers itself, also when they are opened as pages. */
const SERVED = ["/auth/", "/public/", "/calendar/", "/export/", "/health/", "/metrics", "/openapi.json", "/push/", "/sync", "/integritet", "/tillganglighet", "/.well-known/"];
const SEEN_MOST = 200;
/** How long a window that is open may take to say that it goes where a reminder points. */
const HEARD_MS = 1500;
/** A report to a server that does not answer must not hold the next reminder up. */
const TELL_MS = 10_000;
/** What was shown and not told yet: one entry for each, with nothing in it but the id that the push brought. */
const UNTOLD = "/kept/untold/";
const UNTOLD_MOST = 50;
/** The browser's own promise to wake the worker when there is a network, where it makes one. */
const SYNC = "untold";

interface Notice { title?: string; body?: string; lang?: string; dir?: NotificationDirection; navigate?: string; tag?: string }
interface Payload { web_push?: number; notification?: Notice; app_badge?: number; id?: string; confirm?: string }

async function recall<T>(name: string, otherwise: T): Promise<T> {
  const found = await (await caches.open(KEPT)).match(`/kept/${name}`);
  return found ? ((await found.json()) as T) : otherwise;
}
async function remember(name: string, value: unknown): Promise<void> {
  await (await caches.open(KEPT)).put(`/kept/${name}`, new Response(JSON.stringify(value)));
}

/** All that this device needs without a connection: with its language, and professionals' pages where one has signed in. */
async function wanted(): Promise<string[]> {
  const lang = await recall("lang", "sv");
  const groups = await keptGroups();
  const files = [...__PRECACHE__, __CATALOGS__[lang]];
  if (groups) files.push(...__STAFF_FILES__, __STAFF_TEXTS__[lang], ...groups.flatMap((group) => __GROUP_FILES__[group] ?? []));
  return [...new Set(files.filter((path) => path !== undefined))];
}

/** Which groups of pages the professionals here have had; null where none has been. Earlier versions wrote only that one has. */
async function keptGroups(): Promise<readonly string[] | null> {
  const kept = await recall<boolean | string[]>("staff", false);
  return Array.isArray(kept) ? kept : kept ? Object.keys(__GROUP_FILES__) : null;
}

async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  try {
    const files = await wanted();
    // Hashed files may come from the browser's own cache; the others must be today's.
    await cache.addAll(files.map((file) => new Request(file, { cache: file.startsWith("/assets/") ? "default" : "reload" })));
    // Worth having from the start, but no reason to fail: they come from the server's data.
    await Promise.allSettled([...FRESH_FIRST].map((file) => cache.add(file)));
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

async function activate(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("samled-shell-") && name !== CACHE && name !== KEPT).map((name) => caches.delete(name)));
  await worker.clients.claim();
}

async function freshFirst(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.ok) await cache.put(request.url, answer.clone());
    return answer;
  } catch (error) {
    const kept = await cache.match(request.url);
    if (kept) return kept;
    throw error;
  }
}

async function keptFirst(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request, { ignoreVary: true });
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok && new URL(request.url).pathname.startsWith("/assets/")) await cache.put(request, answer.clone());
  return answer;
}

async function shell(request: Request): Promise<Response> {
  const kept = await (await caches.open(CACHE)).match("/");
  return kept ?? fetch(request);
}

function answered(event: FetchEvent): void {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== worker.location.origin) return;
  if (FRESH_FIRST.has(address.pathname)) event.respondWith(freshFirst(request));
  else if (SERVED.some((prefix) => address.pathname.startsWith(prefix))) return;
  else if (request.mode === "navigate") event.respondWith(shell(request));
  else if (address.pathname.startsWith("/assets/") || __PRECACHE__.includes(address.pathname)) event.respondWith(keptFirst(request));
}

/** A language was chosen, or a professional is here: what that takes is there from now on, in later versions too. */
async function keep({ lang, staff }: { lang?: unknown; staff?: unknown }): Promise<void> {
  if (typeof lang === "string" && lang in __CATALOGS__) await remember("lang", lang);
  if (Array.isArray(staff)) {
    // Several may share a device; what an earlier version wrote says nothing of what they need.
    const before = await recall<boolean | string[]>("staff", false);
    await remember("staff", [...new Set([...(Array.isArray(before) ? before : []), ...staff.filter((group) => group in __GROUP_FILES__)])]);
  }
  const cache = await caches.open(CACHE);
  const here = new Set((await cache.keys()).map((request) => new URL(request.url).pathname));
  await cache.addAll((await wanted()).filter((path) => !here.has(path)));
}

function read(data: PushMessageData | null): Payload {
  try {
    const value: unknown = data?.json();
    return typeof value === "object" && value !== null ? (value as Payload) : {};
  } catch {
    return {};
  }
}

/** True the first time a delivery comes; a crash of the sender may send one twice. */
async function isNew(id: string): Promise<boolean> {
  const seen = await recall<string[]>("seen", []);
  if (seen.includes(id)) return false;
  await remember("seen", [...seen, id].slice(-SEEN_MOST));
  return true;
}

/** Posts one report: whether the server heard. What it could not hear now is kept; what it refuses is of no use later either. */
async function told(path: string, body: Record<string, string>): Promise<"heard" | "later" | "refused"> {
  const status = await fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body), keepalive: true, signal: AbortSignal.timeout(TELL_MS) }).then((answer) => answer.status, () => 0);
  const outcome = status >= 200 && status < 300 ? "heard" : status === 0 || status === 429 || status >= 500 ? "later" : "refused";
  try {
    const kept = await caches.open(KEPT);
    const name = UNTOLD + encodeURIComponent(Object.values(body).join());
    if (outcome !== "later") await kept.delete(name);
    else await kept.put(name, new Response(JSON.stringify({ path, body })));
  } catch {
    // No room: it was shown all the same.
  }
  return outcome;
}

/** Reports not told yet, oldest first. */
async function untold(kept: Cache): Promise<readonly Request[]> {
  return (await kept.keys()).filter((request) => new URL(request.url).pathname.startsWith(UNTOLD));
}

/** Tells what could not be told before; false when something still waits. */
async function retell(): Promise<boolean> {
  const kept = await caches.open(KEPT);
  for (const request of await untold(kept)) {
    const { path, body } = (await (await kept.match(request))?.json().catch(() => null)) as { path?: string; body?: Record<string, string> } | null ?? {};
    if (!path || !body) await kept.delete(request);
    else if ((await told(path, body)) === "later") return false;
  }
  return true;
}

/** Some reports wait: the browser is asked to wake the worker, and the oldest give way when they are many. */
async function waits(): Promise<void> {
  const kept = await caches.open(KEPT);
  for (const old of (await untold(kept)).slice(0, -UNTOLD_MOST)) await kept.delete(old);
  await (worker.registration as { sync?: { register: (tag: string) => Promise<void> } }).sync?.register(SYNC);
}

/** Tells the server what was shown; true when it heard. A reminder that nobody reports is taken for one that did not arrive. */
async function report(payload: Payload): Promise<boolean> {
  const outcomes = [
    ...(typeof payload.confirm === "string" ? [await told("/push/confirm", { token: payload.confirm })] : []),
    ...(typeof payload.id === "string" ? [await told("/push/seen", { id: payload.id })] : []),
  ];
  if (outcomes.includes("later")) await waits().catch(() => undefined);
  else if (outcomes.includes("heard")) await retell().catch(() => false);
  return outcomes.includes("heard");
}

async function say(message: object): Promise<void> {
  for (const open of await worker.clients.matchAll({ type: "window", includeUncontrolled: true })) open.postMessage(message);
}

/**
 * Always shows something, whatever came: a browser drops a subscription after a few silent messages.
 * A message that comes a second time takes the place of the first without a sound.
 */
async function shown(payload: Payload): Promise<void> {
  const notice = payload.notification ?? {};
  const lang = notice.lang && notice.lang in __NEUTRAL__ ? notice.lang : await recall("lang", "sv");
  const { tag } = notice;
  const delivery = payload.id ?? tag;
  const first = delivery ? await isNew(delivery).catch(() => true) : true;
  await worker.registration.showNotification(notice.title ?? "Samled", {
    body: notice.body ?? __NEUTRAL__[lang] ?? __NEUTRAL__["sv"] ?? "",
    lang, dir: notice.dir ?? "auto", icon: "/icons/samled-192.png", badge: "/icons/badge-96.png",
    silent: !first, data: { navigate: notice.navigate ?? "/" }, ...(tag ? { tag } : {}),
  });
  if (typeof payload.app_badge === "number") await (navigator as { setAppBadge?: (count: number) => Promise<void> }).setAppBadge?.(payload.app_badge).catch(() => undefined);
  if (!(await report(payload))) return;
  // "Last arrived": the app reads it, and it goes with the subscription.
  await remember("arrived", Date.now()).catch(() => undefined);
  await say({ type: "arrived" });
}

/** True when the window has said that it goes there; one that is still starting, or is no page of the app, does not. */
function heard(open: WindowClient, path: string): Promise<boolean> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((done) => {
    port1.onmessage = () => done(true);
    setTimeout(() => done(false), HEARD_MS);
    open.postMessage({ type: "open", path }, [port2]);
  });
}

/** Opens the app where the reminder points: in a window that is open, the one looked at first, else in a new one. */
async function opened(notice: Notification): Promise<void> {
  notice.close();
  const wanted = new URL(String((notice.data as { navigate?: string } | null)?.navigate ?? "/"), worker.location.origin);
  const target = wanted.origin === worker.location.origin ? wanted : new URL("/", worker.location.origin);
  const windows = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const open = windows.find((one) => one.focused) ?? windows.find((one) => one.visibilityState === "visible") ?? windows[0];
  if (open) {
    // Some browsers refuse to raise a window; it still shows the right page when the person gets there.
    await open.focus().catch(() => undefined);
    if (await heard(open, target.pathname + target.search)) return;
    if (await open.navigate(target.href).catch(() => null)) return;
  }
  await worker.clients.openWindow(target.href);
}

/** The browser has changed or dropped the subscription: there is a new one at once, and the app tells the server of it. */
async function renewed(event: PushSubscriptionChangeEvent): Promise<void> {
  try {
    if (!event.newSubscription) {
      const { key } = (await (await fetch("/push/key")).json()) as { key: string };
      await worker.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
    }
  } catch {
    // Without a connection, or not allowed any more: the app looks at its next start.
  }
  await say({ type: "push" });
}

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(activate()));
worker.addEventListener("fetch", answered);
worker.addEventListener("message", (event) => {
  const message = event.data as { type?: string; lang?: unknown; staff?: unknown } | null;
  if (message?.type === "update") void worker.skipWaiting();
  if (message?.type === "keep") event.waitUntil(keep(message));
  if (message?.type === "tell") event.waitUntil(retell().catch(() => false));
});
worker.addEventListener("push", (event) => event.waitUntil(shown(read(event.data))));
// A sync that fails is tried again by the browser.
worker.addEventListener("sync" as "push", (event: ExtendableEvent & { tag?: string }) => {
  if (event.tag === SYNC) event.waitUntil(retell().then((all) => (all ? undefined : Promise.reject(new Error("later")))));
});
worker.addEventListener("notificationclick", (event) => event.waitUntil(opened(event.notification)));
worker.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renewed(event as PushSubscriptionChangeEvent)));
