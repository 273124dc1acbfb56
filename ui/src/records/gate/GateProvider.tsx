import { lazy, type ReactNode, Suspense, useCallback, useState } from "react";

import { GateContext, type GateRequest } from "./context";

const GateForm = lazy(() => import("./GateForm").then((module) => ({ default: module.GateForm })));

export function GateProvider({ children }: { children: ReactNode }) {
  const [request, setRequest] = useState<GateRequest | null>(null);
  const open = useCallback((next: GateRequest) => setRequest(next), []);
  return (
    <GateContext value={open}>
      {children}
      <Suspense>
        {request ? (
          <GateForm key={`${request.row.id}-${request.to}`} request={request} onClosed={() => setRequest(null)} />
        ) : null}
      </Suspense>
    </GateContext>
  );
}
