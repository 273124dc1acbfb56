import type { ErrorComponentProps } from "@tanstack/react-router";

import { NotFoundPage } from "@/pages/NotFoundPage";
import { BoneLines } from "@/design/Bones";
import { Failure } from "@/design/Failure";

export function RoutePending() {
  return <BoneLines lines={8} />;
}

export function RouteFailure({ error, reset }: ErrorComponentProps) {
  return <Failure error={error} retry={reset} />;
}

export function RouteMissing() {
  return <NotFoundPage />;
}
