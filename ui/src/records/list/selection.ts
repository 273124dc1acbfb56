import { useMemo, useState } from "react";

export interface Selection {
  ids: ReadonlySet<string>;
  toggle: (id: string) => void;
  setAll: (ids: string[]) => void;
  clear: () => void;
}

/** The records that are ticked; forgotten when `scope` (object, view, filter) changes. */
export function useSelection(scope: string): Selection {
  const [state, setState] = useState<{ scope: string; ids: ReadonlySet<string> }>({ scope, ids: new Set() });
  if (state.scope !== scope) setState({ scope, ids: new Set() });
  return useMemo(
    () => ({
      ids: state.ids,
      toggle: (id) =>
        setState((now) => {
          const ids = new Set(now.ids);
          if (!ids.delete(id)) ids.add(id);
          return { ...now, ids };
        }),
      setAll: (ids) => setState((now) => ({ ...now, ids: new Set(ids) })),
      clear: () => setState((now) => (now.ids.size === 0 ? now : { ...now, ids: new Set() })),
    }),
    [state.ids],
  );
}
