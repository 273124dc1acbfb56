import type { Ref } from "@/api/types";

export interface Span {
  text: string;
  mention: boolean;
}

/** A text in pieces: the `@name` of these people, and what stands between. The longest name counts. */
export function spans(text: string, names: readonly string[]): Span[] {
  const wanted = [...names].sort((a, b) => b.length - a.length);
  const found: Span[] = [];
  let plain = "";
  for (let at = 0; at < text.length; ) {
    const name = text[at] === "@" ? wanted.find((one) => text.startsWith(one, at + 1)) : undefined;
    if (name === undefined) {
      plain += text[at];
      at += 1;
      continue;
    }
    if (plain) found.push({ text: plain, mention: false });
    plain = "";
    found.push({ text: `@${name}`, mention: true });
    at += name.length + 1;
  }
  if (plain) found.push({ text: plain, mention: false });
  return found;
}

/** The ids of those people whose `@name` the text holds. */
export function mentionedIn(text: string, people: readonly Ref[]): string[] {
  const named = people.filter((person) => person.label != null);
  const said = spans(
    text,
    named.map((person) => person.label ?? ""),
  );
  const names = new Set(said.filter((part) => part.mention).map((part) => part.text.slice(1)));
  return [...new Set(named.filter((person) => names.has(person.label ?? "")).map((person) => person.id))];
}
