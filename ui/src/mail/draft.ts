import { ApiError, isStale } from "@/api/client";
import { records } from "@/api/records";
import type { MailDefinition, Values } from "@/api/types";
import { sameValue } from "@/fields/wire";
import { judge } from "@/outbox/entry";
import { forget, keep as keepHere, kept as keptHere } from "@/records/keeping";

import { type Mail, mails } from "./mails";

const SAVE_MS = 1_200;
const RETRY_MS = 8_000;
const TRIES = 4;

/** What is written in the composer, by the role of each field. */
export interface Words {
  to: string;
  cc: string;
  subject: string;
  body: string;
  kind: string | null;
  tracked: boolean;
  files: NonNullable<Mail["files"]>;
}

/** How a draft stands: what is written, whether the server has it, and why it last had not taken it. */
export interface Standing {
  words: Words;
  isKept: boolean;
  failure: unknown;
}

export function wordsOf(mail: Mail): Words {
  return {
    to: mail.to ?? "",
    cc: mail.cc ?? "",
    subject: mail.subject ?? "",
    body: mail.body ?? "",
    kind: mail.kind,
    tracked: mail.tracked,
    files: mail.files ?? [],
  };
}

/**
 * Keeps a draft with the server: a moment after the last change, again when that failed, and at once when asked.
 *
 * What the server has not taken lies in this browser at `place`, and is taken up again when the draft is next opened.
 */
export class Draft {
  /** Something written before, and not taken by the server, was found in this browser. */
  readonly recovered: boolean;
  private version: number;
  /** What the server has. */
  private saved: Words;
  private standing: Standing;
  private attended = false;
  private over = false;
  private queue: Promise<unknown> = Promise.resolve();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly watchers = new Set<() => void>();

  constructor(
    readonly mail: Mail,
    private readonly definition: Pick<MailDefinition, "object" | "fields">,
    private readonly place: string,
  ) {
    this.version = mail.version;
    this.saved = wordsOf(mail);
    const words = { ...this.saved, ...known(keptHere(place)?.changes ?? {}) };
    this.recovered = this.differing(words).length > 0;
    this.standing = { words, isKept: !this.recovered, failure: null };
  }

  /** Calls `watcher` whenever the standing changes, until what is returned is called. */
  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  readonly now = (): Standing => this.standing;

  /** Keeps the draft from now on, until what is returned is called; what then is left to keep is still tried once. */
  attend(): () => void {
    const back = () => this.keepSoon(0);
    this.attended = true;
    window.addEventListener("online", back);
    this.keepSoon(SAVE_MS);
    return () => {
      window.removeEventListener("online", back);
      clearTimeout(this.timer);
      this.attended = false;
      this.keep().catch(() => undefined);
    };
  }

  /** Changes what is written; a function is told what is written now. */
  change(news: Partial<Words> | ((now: Words) => Partial<Words>)): void {
    const { words } = this.standing;
    this.stand({ words: { ...words, ...(typeof news === "function" ? news(words) : news) } });
    this.keepSoon(SAVE_MS);
  }

  /** Writes with the server what it has not taken. Raises ApiError when that fails. */
  keep(): Promise<void> {
    return this.inTurn(() => this.save());
  }

  /** Keeps the draft and hands it over to be sent. Raises ApiError. */
  send(account: string | undefined): Promise<void> {
    return this.inTurn(async () => {
      await this.save();
      try {
        await mails.send(this.mail.id, this.version, account);
      } catch (error) {
        await this.catchUp(error);
        await this.save();
        await mails.send(this.mail.id, this.version, account);
      }
      this.end();
    });
  }

  /** Throws the draft away. Raises ApiError. */
  discard(): Promise<void> {
    return this.inTurn(async () => {
      await records.archive(this.definition.object, this.mail.id);
      this.end();
    });
  }

  /** Nothing more is kept: the draft is sent or gone. */
  private end(): void {
    this.over = true;
    clearTimeout(this.timer);
    forget(this.place);
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.queue.then(work);
    this.queue = done.catch(() => undefined);
    return done;
  }

  private keepSoon(after: number): void {
    clearTimeout(this.timer);
    if (!this.attended || this.over || this.standing.isKept) return;
    this.timer = setTimeout(() => void this.keep().catch(() => undefined), after);
  }

  private async save(): Promise<void> {
    if (this.over) return;
    clearTimeout(this.timer);
    try {
      await this.write(this.standing.words);
      this.stand({ failure: null });
    } catch (failure) {
      this.stand({ failure });
      if (failure instanceof ApiError && judge(failure, 0) === "later") this.keepSoon(RETRY_MS);
      throw failure;
    }
  }

  /** Writes what differs from what the server has, on top of whatever became of the draft elsewhere. */
  private async write(words: Words): Promise<void> {
    for (let tries = 1; this.differing(words).length > 0; tries += 1) {
      const { object } = this.definition;
      try {
        const row = await records.update(object, this.mail.id, this.version, this.valuesOf(words));
        this.version = row.version;
        this.saved = words;
      } catch (error) {
        if (tries === TRIES) throw error;
        await this.catchUp(error);
      }
    }
  }

  /** Where the draft was changed elsewhere, takes note of how it is now; raises any other `error`, and when it was sent. */
  private async catchUp(error: unknown): Promise<void> {
    if (!isStale(error)) throw error;
    const now = await mails.get(this.mail.id);
    if (now.status !== "draft") throw error;
    this.version = now.version;
    this.saved = wordsOf(now);
  }

  private stand(news: Partial<Standing>): void {
    const next = { ...this.standing, ...news };
    const names = this.differing(next.words);
    this.standing = { ...next, isKept: names.length === 0 };
    if (!this.over) {
      keepHere(this.place, { version: this.version, base: pick(this.saved, names), changes: pick(next.words, names) });
    }
    for (const watcher of this.watchers) watcher();
  }

  /** The roles whose words the server does not have. */
  private differing(words: Words): (keyof Words)[] {
    return ROLES.filter((role) => !sameValue(words[role], this.saved[role]));
  }

  /** What differs, as values of the mail object's fields. */
  private valuesOf(words: Words): Values {
    const valueOf = (role: keyof Words) => (role === "files" ? words.files.map((file) => file.id) : words[role]);
    return Object.fromEntries(this.differing(words).map((role) => [this.definition.fields[role] ?? role, valueOf(role)]));
  }
}

const ROLES: readonly (keyof Words)[] = ["to", "cc", "subject", "body", "kind", "tracked", "files"];

function pick(words: Words, roles: readonly (keyof Words)[]): Values {
  return Object.fromEntries(roles.map((role) => [role, words[role]]));
}

/** Those of the values that are words of a mail. */
function known(values: Values): Partial<Words> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => ROLES.some((role) => role === name)));
}
