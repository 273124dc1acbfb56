import { useCallback, useState } from "react";

import type { Values } from "@/api/types";
import { sameValue } from "@/fields/wire";

export interface Draft {
  /** The record's values with the changes on top. */
  values: Values;
  changes: Values;
  dirty: boolean;
  set: (changes: Values) => void;
  reset: () => void;
  /** Forgets the changes of these fields. */
  drop: (names: readonly string[]) => void;
  /** Forgets what was sent; what was typed since then stays. */
  sent: (values: Values) => void;
  /** Takes back what was sent in vain; what was typed since then stays. */
  unsent: (values: Values) => void;
}

/** Changes that aren't saved yet, from `start` on; setting a value back to what it was takes the change away. */
export function useDraft(base: Values, start: Values = {}): Draft {
  const [changes, setChanges] = useState<Values>(start);
  const set = useCallback(
    (next: Values) =>
      setChanges((now) => {
        const merged = { ...now, ...next };
        return Object.fromEntries(Object.entries(merged).filter(([name, value]) => !sameValue(value, base[name])));
      }),
    [base],
  );
  const reset = useCallback(() => setChanges({}), []);
  const drop = useCallback(
    (names: readonly string[]) =>
      setChanges((now) => Object.fromEntries(Object.entries(now).filter(([name]) => !names.includes(name)))),
    [],
  );
  const sent = useCallback((values: Values) => setChanges((now) => unsent(now, values)), []);
  const putBack = useCallback((values: Values) => setChanges((now) => ({ ...values, ...now })), []);
  const dirty = Object.keys(changes).length > 0;
  return { values: { ...base, ...changes }, changes, dirty, set, reset, drop, sent, unsent: putBack };
}

/** The changes that are not what was sent. */
export function unsent(changes: Values, sent: Values): Values {
  return Object.fromEntries(
    Object.entries(changes).filter(([name, value]) => !(name in sent) || !sameValue(value, sent[name])),
  );
}
