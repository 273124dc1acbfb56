/** Finding commands by what people type: a part of their name, letters in order, or the initials of its pinyin. */

/** The first character, in pinyin order, of each initial; `i`, `u` and `v` begin no syllable. */
const FIRSTS = "阿八嚓搭蛾发噶哈击喀垃妈拿哦啪期然撒他挖昔压匝";
const LETTERS = "abcdefghjklmnopqrstwxyz";
const BY_SOUND = new Intl.Collator("zh-Hans-CN-u-co-pinyin");
const known = new Map<string, string>();

/** The text with each Chinese character as the initial of its pinyin: 竞争对手 → jzds. */
export function initialsOf(text: string): string {
  return [...text.toLowerCase()].map((char) => (/[\u4e00-\u9fff]/.test(char) ? initialOf(char) : char)).join("");
}

function initialOf(char: string): string {
  let found = known.get(char);
  if (found === undefined) {
    let at = -1;
    for (const first of FIRSTS) {
      if (BY_SOUND.compare(first, char) > 0) break;
      at += 1;
    }
    found = LETTERS[at] ?? char;
    known.set(char, found);
  }
  return found;
}

/** How well a name fits what was typed: 1 it is the same, 0 not at all. */
export function fit(name: string, typed: string): number {
  const text = name.toLowerCase();
  const wanted = typed.trim().toLowerCase();
  if (wanted === "" || text === wanted) return 1;
  if (text.startsWith(wanted)) return 0.9;
  if (text.includes(wanted)) return 0.8;
  if (!/^[a-z0-9 ]+$/.test(wanted)) return isWithin(text, wanted) ? 0.4 : 0;
  const initials = initialsOf(text);
  const bare = wanted.replace(/ /g, "");
  if (initials === bare) return 0.75;
  if (initials.startsWith(bare)) return 0.7;
  if (initials.includes(bare)) return 0.6;
  return isWithin(text, bare) ? 0.3 : 0;
}

/** The best fit of several names of one thing. */
export function bestFit(names: readonly string[], typed: string): number {
  return Math.max(0, ...names.map((name) => fit(name, typed)));
}

/** Whether the letters of `wanted` stand in `text` in their order. */
function isWithin(text: string, wanted: string): boolean {
  let from = 0;
  for (const letter of wanted) {
    const at = text.indexOf(letter, from);
    if (at < 0) return false;
    from = at + 1;
  }
  return true;
}
