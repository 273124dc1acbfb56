import { FILTERABLE, type Form, operatorsOf } from "./operators";
import { reach, reachChildren, type Scope } from "./scope";
import { type Token, tokenize } from "./tokens";
import { type Children, type Condition, EMPTY_GROUP, type Group, type Item, MAX_DEPTH } from "./tree";

/** The conditions that give this expression; null when it says more than the builder can show. */
export function readFilter(text: string, scope: Scope): Group | null {
  if (!text.trim()) return EMPTY_GROUP;
  const tokens = tokenize(text);
  if (!tokens) return null;
  try {
    const reader = new Reader(tokens, scope);
    const group = reader.group();
    return reader.done && depthOf(group) <= MAX_DEPTH ? group : null;
  } catch (error) {
    if (error instanceof Unshowable) return null;
    throw error;
  }
}

class Unshowable extends Error {}

interface Shape extends Form {
  type: string;
  operator: string;
  tokens: Token[];
}

/** Every form of every comparison, the longest first, so that a span isn't taken for its first half. */
const SHAPES: Shape[] = FILTERABLE.flatMap((type) =>
  operatorsOf(type).flatMap((operator) =>
    [operator, ...(operator.others ?? [])].map(({ template, codec }) => ({
      type,
      operator: operator.id,
      template,
      codec,
      tokens: tokenize(template) ?? [],
    })),
  ),
).sort((a, b) => b.tokens.length - a.tokens.length);

class Reader {
  private at = 0;

  constructor(
    private tokens: readonly Token[],
    private scope: Scope,
  ) {}

  get done(): boolean {
    return this.at >= this.tokens.length;
  }

  group(): Group {
    const item = this.either();
    return item.kind === "group" ? item : { kind: "group", join: "and", items: [item] };
  }

  private either(): Item {
    return this.joined("or", () => this.joined("and", () => this.unit()));
  }

  private joined(join: "and" | "or", part: () => Item): Item {
    const items = [part()];
    while (this.take(join)) items.push(part());
    const [only] = items;
    return items.length === 1 && only ? only : { kind: "group", join, items };
  }

  private unit(): Item {
    const condition = this.condition() ?? this.children();
    if (condition) return condition;
    if (!this.take("(")) throw new Unshowable();
    const item = this.either();
    this.demand(")");
    return item;
  }

  /** A comparison that ends where a comparison may end. */
  private condition(): Condition | null {
    for (const shape of SHAPES) {
      const found = this.match(shape);
      if (!found || !this.ends(found.next)) continue;
      this.at = found.next;
      return { kind: "condition", path: found.path, operator: shape.operator, value: found.value };
    }
    return null;
  }

  private match(shape: Shape): { path: string[]; value: unknown; next: number } | null {
    let at = this.at;
    let path: string[] | null = null;
    let value: unknown = null;
    for (const token of shape.tokens) {
      if (token.kind === "name" && token.word === "F") {
        const names = this.path(at, shape.template.includes("F."));
        const found = names.length > 0 ? reach(this.scope, names) : null;
        if (!found || found.field.stored_type !== shape.type) return null;
        if (path && path.join(".") !== found.path.join(".")) return null;
        path = found.path;
        at += names.length * 2 - 1;
      } else if (token.kind === "name" && token.word === "V") {
        const taken = shape.codec?.take(this.tokens, at);
        if (!taken) return null;
        value = taken.value;
        at = taken.next;
      } else if (this.tokens[at]?.kind === token.kind && this.tokens[at]?.word === token.word) {
        at += 1;
      } else return null;
    }
    return path ? { path, value, next: at } : null;
  }

  /** The names of a path that starts here; without its last one where that is a method. */
  private path(at: number, method: boolean): string[] {
    const names: string[] = [];
    for (let place = at; this.tokens[place]?.kind === "name"; place += 2) {
      names.push(this.tokens[place]?.word ?? "");
      if (this.tokens[place + 1]?.word !== ".") break;
    }
    const after = this.tokens[at + names.length * 2 - 1]?.word;
    return method && after === "(" ? names.slice(0, -1) : names;
  }

  /** `exists(list)`, `exists(list, x, …)`, `list.exists(x, …)`, each with or without `not`. */
  private children(): Children | null {
    const start = this.at;
    const some = !this.take("not");
    const named = this.tokens[this.at]?.word === "exists" && this.tokens[this.at + 1]?.word === "(";
    if (named) this.at += 2;
    const names = this.path(this.at, !named);
    const found = names.length > 0 ? reachChildren(this.scope, names) : null;
    if (!found) {
      this.at = start;
      return null;
    }
    this.at += names.length * 2 - 1;
    if (!named) {
      this.demand(".");
      this.demand("exists");
      this.demand("(");
    } else if (!this.take(",")) {
      this.demand(")");
      return { kind: "children", path: found.path, some, group: EMPTY_GROUP };
    }
    if (!named && this.take(")")) return { kind: "children", path: found.path, some, group: EMPTY_GROUP };
    const variable = this.tokens[this.at++]?.word ?? "";
    this.demand(",");
    const inner = new Reader(this.tokens, { catalog: this.scope.catalog, object: found.object, variable });
    inner.at = this.at;
    const group = inner.group();
    this.at = inner.at;
    this.demand(")");
    return { kind: "children", path: found.path, some, group };
  }

  private ends(at: number): boolean {
    const token = this.tokens[at];
    return !token || ["and", "or", ")"].includes(token.word);
  }

  private take(word: string): boolean {
    const token = this.tokens[this.at];
    if (!token || token.kind === "text" || token.word !== word) return false;
    this.at += 1;
    return true;
  }

  private demand(word: string): void {
    if (!this.take(word)) throw new Unshowable();
  }
}

function depthOf(item: Item): number {
  if (item.kind === "condition") return 0;
  if (item.kind === "children") return 1 + depthOf(item.group);
  return 1 + Math.max(0, ...item.items.map(depthOf));
}
