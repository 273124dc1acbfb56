/** A search box between what is typed into it and the value that its typing leads to, which comes back a moment later. */
export interface Typing {
  text: string;
  /** The value as it came last. */
  known: string;
  /** What was handed on and has not come back yet, the oldest first. */
  sent: readonly string[];
}

export function startTyping(value: string): Typing {
  return { text: value, known: value, sent: [] };
}

/** The value came: what was typed here comes back without touching what is typed by now, another one takes its place. */
export function arrived(now: Typing, value: string): Typing {
  const at = now.sent.indexOf(value);
  return at < 0 ? startTyping(value) : { ...now, known: value, sent: now.sent.slice(at + 1) };
}

/** What to hand on now that typing rests; null where it is on its way or there already. */
export function toSend({ text, known, sent }: Typing): string | null {
  const wanted = text.trim();
  return wanted === (sent.at(-1) ?? known).trim() ? null : wanted;
}
