import { useMemo, useState } from "react";

interface Acts {
  toggle: (id: string) => void;
  setAll: (ids: string[]) => void;
  clear: () => void;
}

export interface Selection extends Acts {
  ids: ReadonlySet<string>;
}

/** The records that are ticked; forgotten when `scope` (object, view, filter) changes. */
export function useSelection(scope: string): Selection {
  const [state, setState] = useState<{ scope: string; ids: ReadonlySet<string> }>({ scope, ids: new Set() });
  if (state.scope !== scope) setState({ scope, ids: new Set() });
  const acts = useMemo<Acts>(
    () => ({
      toggle: (id) =>
        setState((now) => {
          const ids = new Set(now.ids);
          if (!ids.delete(id)) ids.add(id);
          return { ...now, ids };
        }),
      setAll: (ids) => setState((now) => ({ ...now, ids: new Set(ids) })),
      clear: () => setState((now) => (now.ids.size === 0 ? now : { ...now, ids: new Set() })),
    }),
    [],
  );
  return useMemo(() => ({ ids: state.ids, ...acts }), [state.ids, acts]);
}
