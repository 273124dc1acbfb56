/**
 * One live stream per browser: the tab that holds the lock listens and passes events on to the others.
 *
 * Nothing is missed: a tab hears the others from before its first read on (`prepare`), the stream begins at the place where
 * the page began to read, and whichever tab takes over goes on after the last event that it heard of.
 */

export interface LiveEvent {
  type: "record" | "notification" | "snapshot" | "job";
  data: Record<string, unknown>;
  /** The place in the server's journal after this event; none for what another tab tells. */
  id?: string;
}

type Hear = (event: LiveEvent) => void;

const TYPES: LiveEvent["type"][] = ["record", "notification", "snapshot", "job"];
const LOCK = "chengdan.live";
const RETRY_MS = 5_000;
const MAX_EARLY = 500;

let channel: BroadcastChannel | undefined;
let heard: Hear | undefined;
let early: LiveEvent[] = [];
let latest: string | undefined;

/** Begins to hear the other tabs; what they tell before `listen` is kept for it. Called before the page reads anything. */
export function prepare(): void {
  if (channel || !("BroadcastChannel" in globalThis)) return;
  channel = new BroadcastChannel(LOCK);
  channel.onmessage = (message: MessageEvent<LiveEvent>) => {
    const event = message.data;
    latest = event.id ?? latest;
    if (heard) heard(event);
    else if (early.length < MAX_EARLY) early.push(event);
  };
}

/** Calls `hear` for every live event after `place` until the given signal ends it. */
export function listen(hear: Hear, place: string, signal: AbortSignal): void {
  prepare();
  latest ??= place;
  heard = hear;
  for (const event of early.splice(0)) hear(event);
  signal.addEventListener("abort", () => {
    if (heard === hear) heard = undefined;
  });
  const lead = () =>
    stream((event) => {
      latest = event.id ?? latest;
      hear(event);
      channel?.postMessage(event);
    }, signal);
  if ("locks" in navigator) {
    navigator.locks.request(LOCK, { signal }, lead).catch(() => undefined);
  } else {
    void lead();
  }
}

/** Tells this tab and the others of something that the server says nothing about. */
export function announce(event: LiveEvent): void {
  heard?.(event);
  channel?.postMessage(event);
}

/** Forgets where the stream was: somebody else logs in. */
export function forgetPlace(): void {
  latest = undefined;
  early = [];
}

function stream(tell: Hear, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    let source: EventSource | null = null;
    let retry: ReturnType<typeof setTimeout> | undefined;
    const open = () => {
      source = new EventSource(`/api/live?after=${encodeURIComponent(latest ?? "")}`);
      for (const type of TYPES) {
        source.addEventListener(type, (event: MessageEvent<string>) => {
          tell({ type, id: event.lastEventId, data: JSON.parse(event.data) as Record<string, unknown> });
        });
      }
      source.onopen = () => tell({ type: "job", data: {} });
      source.onerror = () => {
        if (source?.readyState === EventSource.CLOSED) retry = setTimeout(open, RETRY_MS);
      };
    };
    open();
    signal.addEventListener("abort", () => {
      clearTimeout(retry);
      source?.close();
      resolve();
    });
  });
}
