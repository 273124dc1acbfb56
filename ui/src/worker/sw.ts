/**
 * The service worker: the page's own files at once and without a network, and what was read last while there is none.
 *
 * The build writes the names of the files (PARTS) and their common hash (EDITION) into it, so that it changes with them.
 */
export {};

declare const self: ServiceWorkerGlobalScope;
declare const __PARTS__: string[];
declare const __EDITION__: string;

const SHELL = `chengdan-shell-${__EDITION__}`;
const READS = "chengdan-reads";
const PAGE = "/";
const MAX_READS = 400;
const PAGE_PATIENCE_MS = 4_000;
const READABLE = /^\/api\/(me|catalog|notifications|home|users|records\/[^/]+(\/[^/]+(\/(timeline|gate|files|comments))?)?)$/;
const KEPT = "x-chengdan-kept";

/** Counts how often everything read was forgotten: an answer that was asked for before is not kept after. */
let generation = 0;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll([PAGE, ...__PARTS__])));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(tidy().then(() => self.clients.claim()));
});

self.addEventListener("message", (event) => {
  const { type, script } = event.data as { type: string; script?: string };
  if (type === "take over") void self.skipWaiting();
  if (type === "same?") event.ports[0]?.postMessage(__PARTS__.includes(script ?? ""));
  if (type === "forget") event.waitUntil(forget());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (/^\/api\/auth\/log(in|out)$/.test(url.pathname)) event.respondWith(andForget(request));
  else if (request.method !== "GET") return;
  else if (request.mode === "navigate" && !/^\/(api|p)\//.test(url.pathname)) event.respondWith(page(request));
  else if (url.pathname.startsWith("/assets/")) event.respondWith(part(request));
  else if (READABLE.test(url.pathname)) event.respondWith(read(event, request));
});

/** Removes the files of other editions. */
async function tidy(): Promise<void> {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("chengdan-shell-") && name !== SHELL);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/** Forgets all that was read: it belongs to somebody who may no longer read it. */
async function forget(): Promise<void> {
  generation += 1;
  await caches.delete(READS);
}

/** Logging in or out: nothing that was read before is kept. */
async function andForget(request: Request): Promise<Response> {
  await forget();
  const response = await fetch(request);
  await forget();
  return response;
}

/** The page: the server's, or the one kept when the server can't be reached in time. */
async function page(request: Request): Promise<Response> {
  try {
    const response = await fetch(request, { signal: AbortSignal.timeout(PAGE_PATIENCE_MS) });
    if (!isDown(response)) return response;
  } catch {
    // The kept one follows.
  }
  return (await caches.match(PAGE)) ?? Response.error();
}

/** A file whose name holds its hash: once kept, never asked for again. */
async function part(request: Request): Promise<Response> {
  const kept = await caches.match(request, { ignoreVary: true });
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) await (await caches.open(SHELL)).put(request, response.clone());
  return response;
}

/** A read: the server's answer, which is kept; the kept one when the server can't be reached. */
async function read(event: FetchEvent, request: Request): Promise<Response> {
  const asked = generation;
  try {
    const response = await fetch(request);
    if (response.status === 401) event.waitUntil(forget());
    if (response.ok && isJson(response)) {
      const copy = response.clone();
      event.waitUntil(keep(request, copy, asked));
    }
    if (!isDown(response)) return response;
  } catch (error) {
    if (request.signal.aborted) throw error;
  }
  return (await kept(request)) ?? Response.error();
}

async function keep(request: Request, response: Response, asked: number): Promise<void> {
  const body = await response.blob();
  if (asked !== generation) return;
  const headers = new Headers(response.headers);
  headers.set(KEPT, new Date().toISOString());
  headers.delete("content-encoding");
  headers.delete("content-length");
  const cache = await caches.open(READS);
  await cache.put(request, new Response(body, { status: response.status, headers }));
  if (asked !== generation) await cache.delete(request);
  const all = await cache.keys();
  await Promise.all(all.slice(0, Math.max(all.length - MAX_READS, 0)).map((old) => cache.delete(old)));
}

async function kept(request: Request): Promise<Response | undefined> {
  return (await caches.open(READS)).match(request, { ignoreVary: true });
}

function isJson(response: Response): boolean {
  return (response.headers.get("content-type") ?? "").includes("application/json");
}

/** What a proxy says when the server behind it is gone. */
function isDown(response: Response): boolean {
  return response.status === 502 || response.status === 503 || response.status === 504;
}
