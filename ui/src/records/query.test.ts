import { describe, expect, it } from "vitest";

import type { Row } from "@/api/types";

import { readUpTo } from "./query";

const page = (...ids: string[]) => ({ items: ids.map((id): Row => ({ id, version: 1 })) });

/** A list of the pages that has read the first one; from page `broken` on it gets none. */
function listOf(pages: ReturnType<typeof page>[], broken = Infinity) {
  const asked: number[] = [];
  const read = (count: number, error: Error | null = null): Parameters<typeof readUpTo>[0] => ({
    data: { pages: pages.slice(0, count) },
    hasNextPage: count < pages.length,
    error,
    fetchNextPage: () => {
      asked.push(count);
      return Promise.resolve(count >= broken ? read(count, new Error("no answer")) : read(count + 1));
    },
  });
  return { list: read(1), asked };
}

const still = () => new AbortController().signal;

describe("readUpTo", () => {
  it("reads on until there are enough, or all", async () => {
    const { list, asked } = listOf([page("a", "b"), page("c", "d"), page("e")]);
    expect((await readUpTo(list, 3, still())).map((row) => row.id)).toEqual(["a", "b", "c"]);
    expect(asked).toEqual([1]);
    expect(await readUpTo(list, 9, still())).toHaveLength(5);
  });

  it("ends with what went wrong when a page doesn't come", async () => {
    const { list, asked } = listOf([page("a"), page("b"), page("c")], 2);
    await expect(readUpTo(list, 9, still())).rejects.toThrow("no answer");
    expect(asked).toEqual([1, 2]);
  });

  it("reads no further once nobody waits", async () => {
    const { list, asked } = listOf([page("a"), page("b"), page("c")]);
    const leaving = new AbortController();
    const reading = readUpTo(list, 9, leaving.signal);
    leaving.abort();
    await expect(reading).rejects.toThrow();
    expect(asked).toEqual([1]);
  });
});
