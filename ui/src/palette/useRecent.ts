import { useEffect, useSyncExternalStore } from "react";

import { useSession } from "@/app/session";

import { noteRecent, type Recent, readRecent } from "./recent";

/** Notes that the viewer has a record open. */
export function useRemember(object: string, id: string, title: string | undefined): void {
  const { user } = useSession();
  useEffect(() => {
    if (!title) return;
    noteRecent(user.id, { object, id, title });
  }, [object, id, title, user.id]);
}

/** The viewer's recent records, the last one first. */
export function useRecent(): Recent[] {
  const { user } = useSession();
  return useSyncExternalStore(
    () => () => undefined,
    () => readRecent(user.id),
  );
}
