import { onlineManager, QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { unreachable } from "@/api/client";

import { spoilRecords } from "./cache";

/** A client with a record on screen that can't be read; reading it again waits for the network. */
function looking(): { client: QueryClient; leave: () => void } {
  const client = new QueryClient({
    defaultOptions: { queries: { networkMode: "offlineFirst", retry: 2, retryDelay: 1, gcTime: 0 } },
  });
  const queryFn = () => Promise.reject(unreachable());
  const observer = new QueryObserver(client, { queryKey: ["records", "thing", "one", "1"], queryFn, initialData: {}, staleTime: 60_000 });
  return { client, leave: observer.subscribe(() => undefined) };
}

/** Whether it comes to an end by itself within a moment. */
function ends(work: Promise<void>): Promise<boolean> {
  return Promise.race([work.then(() => true), new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 200))]);
}

beforeEach(() => {
  vi.stubGlobal("navigator", { onLine: true });
  onlineManager.setOnline(true);
});

afterEach(() => {
  vi.unstubAllGlobals();
  onlineManager.setOnline(true);
});

test("a write without a network doesn't wait for what can't be read", async () => {
  vi.stubGlobal("navigator", { onLine: false });
  onlineManager.setOnline(false);
  const { client, leave } = looking();
  expect(await ends(spoilRecords(client))).toBe(true);
  expect(client.getQueryState(["records", "thing", "one", "1"])?.isInvalidated).toBe(true);
  leave();
});

test("a write stops waiting when the network goes while it is read", async () => {
  const { client, leave } = looking();
  const spoilt = spoilRecords(client);
  onlineManager.setOnline(false);
  expect(await ends(spoilt)).toBe(true);
  leave();
});

test("with a network a write waits for what is read again", async () => {
  const client = new QueryClient();
  let read = 0;
  const queryFn = () => Promise.resolve((read += 1));
  const leave = new QueryObserver(client, { queryKey: ["records", "x"], queryFn, staleTime: 60_000 }).subscribe(() => undefined);
  await vi.waitFor(() => expect(client.getQueryData(["records", "x"])).toBe(1));
  await spoilRecords(client);
  expect(client.getQueryData(["records", "x"])).toBe(2);
  leave();
});
