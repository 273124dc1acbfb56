import type { Problem, Reason } from "./types";

type Query = Record<string, string | number | boolean | null | undefined>;

interface Call {
  query?: Query;
  body?: unknown;
  signal?: AbortSignal;
  idempotencyKey?: string;
}

/** A refusal by the server (RFC 9457), or `NETWORK` when it could not be reached. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(readonly problem: Problem) {
    super(problem.detail || problem.title);
    this.name = "ApiError";
    this.code = problem.code;
    this.status = problem.status;
  }

  get reasons(): Reason[] {
    return this.problem.errors ?? [];
  }

  /** The first message for each field that the server named. */
  byField(): Record<string, string> {
    const found: Record<string, string> = {};
    for (const reason of this.reasons) {
      if (reason.path && !(reason.path in found)) found[reason.path] = reason.message;
    }
    return found;
  }
}

export function isGateBlocked(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 409 && error.code.startsWith("GATE-");
}

export function isStale(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 409 && error.code.startsWith("STALE-");
}

/** The server could not be reached: nobody knows whether the request was carried out. */
export function unreachable(): ApiError {
  return new ApiError({ type: "about:blank", title: "", status: 0, code: "NETWORK", detail: "" });
}

/** Speaks JSON with the server: session cookie, CSRF header, the viewer's language, typed refusals. */
class Client {
  private csrf = "";
  private language = "zh-CN";
  private expired: () => void = () => undefined;

  trust(csrf: string): void {
    this.csrf = csrf;
  }

  speak(language: string): void {
    this.language = language;
  }

  /** What to do when the session has ended. */
  onExpired(handle: () => void): void {
    this.expired = handle;
  }

  get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
    return this.send<T>("GET", path, { query, signal });
  }

  post<T>(path: string, body?: unknown, idempotencyKey?: string): Promise<T> {
    return this.send<T>("POST", path, { body, idempotencyKey });
  }

  /** Sends a form, and tells how much of it has gone, 0–1: only XMLHttpRequest knows. */
  upload<T>(path: string, form: FormData, told: (share: number) => void, signal?: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      const refuse = (problem: Problem) => {
        if (problem.status === 401) this.expired();
        reject(new ApiError(problem));
      };
      request.open("POST", path);
      request.setRequestHeader("Accept", "application/json");
      request.setRequestHeader("Accept-Language", this.language);
      request.setRequestHeader("X-CSRF-Token", this.csrf);
      request.upload.onprogress = (event) => {
        if (event.lengthComputable && event.total > 0) told(event.loaded / event.total);
      };
      request.onload = () => {
        const answer = parsed(request.responseText);
        if (request.status < 400) resolve(answer as T);
        else refuse({ ...bareProblem(request.status, request.statusText), ...(answer as Partial<Problem> | null) });
      };
      request.onerror = () => reject(unreachable());
      request.onabort = () => reject(new DOMException("", "AbortError"));
      signal?.addEventListener("abort", () => request.abort());
      request.send(form);
    });
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.send<T>("PATCH", path, { body });
  }

  delete<T>(path: string): Promise<T> {
    return this.send<T>("DELETE", path, {});
  }

  /** A request with all that may go with it. */
  request<T>(method: string, path: string, call: Call): Promise<T> {
    return this.send<T>(method, path, call);
  }

  private async send<T>(method: string, path: string, call: Call): Promise<T> {
    const headers: Record<string, string> = { Accept: "application/json", "Accept-Language": this.language };
    const form = call.body instanceof FormData;
    if (method !== "GET") headers["X-CSRF-Token"] = this.csrf;
    if (call.body !== undefined && !form) headers["Content-Type"] = "application/json";
    if (call.idempotencyKey) headers["Idempotency-Key"] = call.idempotencyKey;
    let response: Response;
    try {
      response = await fetch(address(path, call.query), {
        method,
        headers,
        credentials: "same-origin",
        signal: call.signal,
        body: form ? (call.body as FormData) : call.body === undefined ? undefined : JSON.stringify(call.body),
      });
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") throw error;
      throw unreachable();
    }
    if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T;
    if (response.status === 401 && !path.startsWith("/api/auth/")) this.expired();
    throw new ApiError(await readProblem(response));
  }
}

function bareProblem(status: number, title: string): Problem {
  return { type: "about:blank", title, status, code: `HTTP-${status}`, detail: "" };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function readProblem(response: Response): Promise<Problem> {
  const told = parsed(await response.text()) as Partial<Problem> | null;
  return { ...bareProblem(response.status, response.statusText), ...told };
}

/** A path with its query; empty values are left out. */
export function address(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

export const api = new Client();
