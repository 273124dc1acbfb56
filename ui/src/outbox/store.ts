import type { Entry } from "./entry";

/** What waits to be sent, kept in the browser (IndexedDB) and shown alike in all its tabs. */

const DATABASE = "chengdan";
const STORE = "outbox";
const CHANNEL = "chengdan.outbox";

let entries: readonly Entry[] = [];
const watchers = new Set<() => void>();
let opened: Promise<IDBDatabase> | undefined;
let channel: BroadcastChannel | undefined;

function open(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "key" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error(DATABASE));
  });
  return opened;
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error(STORE));
  });
}

async function within<T>(act: (store: IDBObjectStore) => Promise<T>): Promise<T> {
  const transaction = (await open()).transaction(STORE, "readwrite");
  const finished = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error(STORE));
  });
  const result = await act(transaction.objectStore(STORE));
  await finished;
  return result;
}

/** Everything that waits, oldest first, as it is stored now. */
export async function readAll(): Promise<readonly Entry[]> {
  const store = (await open()).transaction(STORE).objectStore(STORE);
  const found = await done(store.getAll() as IDBRequest<Entry[]>);
  return found.sort((one, other) => one.at - other.at);
}

async function refresh(): Promise<void> {
  entries = await readAll();
  for (const watcher of watchers) watcher();
}

async function changed(): Promise<void> {
  await refresh();
  channel?.postMessage("changed");
}

export async function put(entry: Entry): Promise<void> {
  await within((store) => done(store.put(entry)));
  await changed();
}

export async function remove(key: string): Promise<void> {
  await within((store) => done(store.delete(key)));
  await changed();
}

/** Replaces an entry by what `next` makes of it as it is stored now, and gives that; null takes it away. */
export async function replace(key: string, next: (entry: Entry) => Entry | null): Promise<Entry | null> {
  const after = await within(async (store) => {
    const entry = await done(store.get(key) as IDBRequest<Entry | undefined>);
    if (!entry) return null;
    const made = next(entry);
    if (made?.key !== key) await done(store.delete(key));
    if (made) await done(store.put(made));
    return made;
  });
  await changed();
  return after;
}

/** What waits, as last read. */
export function current(): readonly Entry[] {
  return entries;
}

export function watch(watcher: () => void): () => void {
  if (!channel && "indexedDB" in globalThis) {
    channel = new BroadcastChannel(CHANNEL);
    channel.onmessage = () => void refresh();
    refresh().catch(() => undefined);
  }
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}
