/** One live stream per browser: the tab that holds the lock listens and passes events on to the others. */

export interface LiveEvent {
  type: "record" | "notification" | "snapshot" | "job";
  data: Record<string, unknown>;
}

const TYPES: LiveEvent["type"][] = ["record", "notification", "snapshot", "job"];
const LOCK = "chengdan.live";
const RETRY_MS = 5_000;

/** Calls `hear` for every live event until the given signal ends it. */
export function listen(hear: (event: LiveEvent) => void, signal: AbortSignal): void {
  const channel = new BroadcastChannel(LOCK);
  channel.onmessage = (message: MessageEvent<LiveEvent>) => hear(message.data);
  signal.addEventListener("abort", () => channel.close());
  const lead = () =>
    stream((event) => {
      hear(event);
      channel.postMessage(event);
    }, signal);
  if ("locks" in navigator) {
    navigator.locks.request(LOCK, { signal }, lead).catch(() => undefined);
  } else {
    void lead();
  }
}

function stream(tell: (event: LiveEvent) => void, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    let source: EventSource | null = null;
    let retry: ReturnType<typeof setTimeout> | undefined;
    const open = () => {
      source = new EventSource("/api/live");
      for (const type of TYPES) {
        source.addEventListener(type, (event: MessageEvent<string>) => {
          tell({ type, data: JSON.parse(event.data) as Record<string, unknown> });
        });
      }
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
