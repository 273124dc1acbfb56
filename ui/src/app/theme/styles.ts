import { createCache } from "@ant-design/cssinjs";

/**
 * antd's styles, kept once they are worked out. By itself antd forgets those that nothing on the page has any more, and works
 * them out again on the way back from a record to its list.
 */
export const styleCache = createCache();

const forgetful = styleCache.opUpdate.bind(styleCache);

styleCache.opUpdate = (key, update) =>
  forgetful(key, (before) => {
    const after = update(before as never) as [number, unknown] | null;
    return (after ?? [0, before?.[1]]) as never;
  });
