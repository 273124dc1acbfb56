import type { Field, Values } from "@/api/types";

/**
 * Whether a form shows a field, by its `visible_when`.
 *
 * The server owns the expression language. The page answers only the plain comparisons that decide over fields in
 * practice (`stage == "lost"`, `not (kind in ["a", "b"]) and done`), and shows the field for anything beyond.
 */
export function isVisible(field: Field, values: Values): boolean {
  return answer(field.visible_when, values, true);
}

/** Whether a field is closed to changes now, by its `locked_when`; open where the page can't tell. */
export function isLocked(field: Field, values: Values): boolean {
  return answer(field.locked_when, values, false);
}

function answer(condition: string | null | undefined, values: Values, unsure: boolean): boolean {
  if (!condition) return unsure;
  try {
    return truth(new Reader(condition, values).whole());
  } catch (error) {
    if (error instanceof Unreadable) return unsure;
    throw error;
  }
}

class Unreadable extends Error {}

const TOKEN = /\s*(?:("(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?)|([\p{L}_][\p{L}\p{N}_]*)|(==|!=|[()[\],]))/uy;

class Reader {
  private tokens: string[] = [];
  private at = 0;

  constructor(
    text: string,
    private values: Values,
  ) {
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < text.trimEnd().length) {
      const match = TOKEN.exec(text);
      if (!match) throw new Unreadable(text);
      this.tokens.push(match[0].trim());
    }
  }

  whole(): unknown {
    const value = this.either();
    if (this.at < this.tokens.length) throw new Unreadable();
    return value;
  }

  private either(): unknown {
    let value = this.both();
    while (this.take("or")) value = [value, this.both()].some(truth);
    return value;
  }

  private both(): unknown {
    let value = this.negated();
    while (this.take("and")) value = [value, this.negated()].every(truth);
    return value;
  }

  private negated(): unknown {
    return this.take("not") ? !truth(this.negated()) : this.compared();
  }

  private compared(): unknown {
    const left = this.atom();
    if (this.take("==")) return left === this.atom();
    if (this.take("!=")) return left !== this.atom();
    if (this.take("in")) return this.list().includes(left);
    if (this.take("not")) {
      this.demand("in");
      return !this.list().includes(left);
    }
    return left;
  }

  private list(): unknown[] {
    const found: unknown[] = [];
    this.demand("[");
    while (!this.take("]")) {
      found.push(this.atom());
      this.take(",");
    }
    return found;
  }

  private atom(): unknown {
    const token = this.tokens[this.at++] ?? "";
    if (token === "(") {
      const value = this.either();
      this.demand(")");
      return value;
    }
    if (token.startsWith('"')) return JSON.parse(token);
    if (/^-?\d/.test(token)) return Number(token);
    const words: Values = { true: true, false: false, null: null };
    if (token in words) return words[token];
    if (!/^[\p{L}_]/u.test(token) || this.tokens[this.at] === "(") throw new Unreadable();
    return this.values[token] ?? null;
  }

  private take(token: string): boolean {
    if (this.tokens[this.at] !== token) return false;
    this.at += 1;
    return true;
  }

  private demand(token: string): void {
    if (!this.take(token)) throw new Unreadable();
  }
}

function truth(value: unknown): boolean {
  return value === true;
}
