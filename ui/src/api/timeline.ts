/** The shapes of what happened to a record and what was said about it. */

import type { Label, Ref, Values } from "./types";

export interface Change {
  field: string;
  label: Label | string;
  old: unknown;
  new: unknown;
  /** Of an amount: the currency that it was in before and after. */
  currency?: [string | null, string | null];
}

export interface TimelineItem {
  seq: number;
  at: string;
  actor: Ref | null;
  kind: string;
  cause: string;
  data: Values | null;
  changes: Change[];
  /** The rule that did it, or that is told of; of a timer, the rule that it sets off. */
  rule?: Label | null;
  /** The record it happened to: this one, or one made under it (then with its title). */
  object: string;
  record: string | null;
  title?: string | null;
  /** What was noted in a record made under this one. */
  text?: string | null;
  /** Of an event of a comment: the comment as it is now. */
  comment?: Comment | null;
}

export interface Comment {
  id: string;
  author: Ref;
  at: string;
  text: string;
  mentions: Ref[];
  edited_at: string | null;
  removed_at: string | null;
}

export interface Followers {
  items: Ref[];
  following: boolean;
}
