import { lazy, type ReactNode, Suspense, useCallback, useState } from "react";

import { type Compose, ComposeContext } from "./context";

const Composer = lazy(() => import("./Composer").then((module) => ({ default: module.Composer })));

/** Lets any page begin a mail; the composer is loaded when the first one is. */
export function ComposeProvider({ children }: { children: ReactNode }) {
  const [writing, setWriting] = useState<Parameters<Compose>[0] | null>(null);
  const close = useCallback(() => setWriting(null), []);
  return (
    <ComposeContext value={setWriting}>
      {children}
      {writing ? (
        <Suspense>
          <Composer key={JSON.stringify(writing)} what={writing} onClose={close} />
        </Suspense>
      ) : null}
    </ComposeContext>
  );
}
