import { HUES, type Hue } from "@/app/theme/tokens";

/** So many characters has a name with a double surname; what is longer is a title. */
const NAME = 4;

/** What stands in an avatar: the last two characters of a Chinese name (the first two of a longer title), else the first letters of two words. */
export function initialsOf(name: string): string {
  const text = name.trim();
  if (!text) return "?";
  const chinese = text.match(/[\u3400-\u9fff]/g);
  if (chinese) return (chinese.length > NAME ? chinese.slice(0, 2) : chinese.slice(-2)).join("");
  const words = text.split(/[\s._-]+/).filter(Boolean);
  return words
    .slice(0, 2)
    .map((word) => word[0])
    .join("")
    .toUpperCase();
}

/** A hue that stays the same for the same name. */
export function hueFor(name: string): Hue {
  let hash = 0;
  for (const character of name) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return HUES[1 + (hash % (HUES.length - 1))] ?? "gray";
}
