/**
 * The service worker: opens the app without a connection, shows reminders, and never keeps anybody's data.
 * A new version waits until the person asks for it; an install that fails takes its own cache away again.
 */

/** Filled in by the build: the app's files, a name that changes with any of them, catalogs, and neutral words. */
declare const __PRECACHE__: readonly string[];
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

interface Notice { title?: string; body?: string; lang?: string; dir?: NotificationDirection; navigate?: string; tag?: string }
interface Payload { web_push?: number; notification?: Notice; app_badge?: number; id?: string; confirm?: string }

async function recall<T>(name: string, otherwise: T): Promise<T> {
  const found = await (await caches.open(KEPT)).match(`/kept/${name}`);
  return found ? ((await found.json()) as T) : otherwise;
}
async function remember(name: string, value: unknown): Promise<void> {
  await (await caches.open(KEPT)).put(`/kept/${name}`, new Response(JSON.stringify(value)));
}

/** The files a language consists of. */
function textsOf(lang: string): string[] {
  return [__CATALOGS__[lang], __STAFF_TEXTS__[lang]].filter((path) => path !== undefined);
}

async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  try {
    const files = [...new Set([...__PRECACHE__, ...textsOf(await recall("lang", "sv"))])];
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

async function keepLanguage(lang: unknown): Promise<void> {
  if (typeof lang !== "string") return;
  const files = textsOf(lang);
  if (!files.length) return;
  await remember("lang", lang);
  const cache = await caches.open(CACHE);
  for (const file of files) if (!(await cache.match(file))) await cache.add(file);
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

async function report(payload: Payload): Promise<void> {
  const tell = (path: string, body: object): Promise<unknown> =>
    fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body), keepalive: true }).catch(() => undefined);
  if (payload.confirm) await tell("/push/confirm", { token: payload.confirm });
  if (payload.id) await tell("/push/seen", { id: payload.id });
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
  await report(payload);
}

/** Opens the app where the reminder points: in a window that is open, else in a new one. */
async function opened(notice: Notification): Promise<void> {
  notice.close();
  const wanted = new URL(String((notice.data as { navigate?: string } | null)?.navigate ?? "/"), worker.location.origin);
  const target = wanted.origin === worker.location.origin ? wanted : new URL("/", worker.location.origin);
  const windows = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const open = windows[0];
  if (open) {
    await open.focus();
    open.postMessage({ type: "open", path: target.pathname + target.search });
  } else await worker.clients.openWindow(target.href);
}

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(activate()));
worker.addEventListener("fetch", answered);
worker.addEventListener("message", (event) => {
  const message = event.data as { type?: string; lang?: unknown } | null;
  if (message?.type === "update") void worker.skipWaiting();
  if (message?.type === "keep") event.waitUntil(keepLanguage(message.lang));
});
worker.addEventListener("push", (event) => event.waitUntil(shown(read(event.data))));
worker.addEventListener("notificationclick", (event) => event.waitUntil(opened(event.notification)));
