import { lazy, type ReactNode, Suspense, useCallback, useState } from "react";

import { CreateContext, type CreateRequest } from "./context";

const CreatePanel = lazy(() => import("./CreatePanel").then((module) => ({ default: module.CreatePanel })));

/** Holds the create forms; one may be opened over another (a contact while creating an opportunity). */
export function CreateProvider({ children }: { children: ReactNode }) {
  const [requests, setRequests] = useState<(CreateRequest & { key: number })[]>([]);
  const open = useCallback(
    (request: CreateRequest) => setRequests((all) => [...all, { ...request, key: (all.at(-1)?.key ?? 0) + 1 }]),
    [],
  );
  const close = (key: number) => setRequests((all) => all.filter((request) => request.key !== key));
  return (
    <CreateContext value={open}>
      {children}
      <Suspense>
        {requests.map(({ key, ...request }) => (
          <CreatePanel key={key} request={request} onClosed={() => close(key)} />
        ))}
      </Suspense>
    </CreateContext>
  );
}
