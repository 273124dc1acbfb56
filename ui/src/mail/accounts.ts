import { queryOptions } from "@tanstack/react-query";

import { api } from "@/api/client";
import type { Label } from "@/api/types";

export type Security = "tls" | "starttls" | "none";

/** An account as its owner enters it; secrets only ever go in. */
export interface AccountInput {
  address: string;
  name: string;
  signature: string;
  username: string;
  auth: "password" | "oauth2";
  password?: string;
  token_url: string;
  client_id: string;
  client_secret?: string;
  refresh_token?: string;
  smtp_host: string;
  smtp_port: number;
  smtp_security: Security;
  imap_host: string;
  imap_port: number;
  imap_security: Security;
  plus_addresses: boolean;
  offers_strangers: boolean;
  takes_sent: boolean;
  team: string | null;
}

export interface Account extends AccountInput {
  id: string;
  mine: boolean;
  has_secret: boolean;
  has_webhook: boolean;
  checked_at: string | null;
  failure: (Label & { code: string; hint: Label }) | null;
}

export interface Tried {
  ok: boolean;
  code?: string;
  message?: string;
  hint?: string;
}

export const accountsQuery = queryOptions({
  queryKey: ["mail accounts"],
  queryFn: ({ signal }) => api.get<{ items: Account[]; tracking: boolean }>("/api/mail/accounts", {}, signal),
});

export const accounts = {
  add: (input: Partial<AccountInput>) => api.post<Account>("/api/mail/accounts", input),
  change: (id: string, input: Partial<AccountInput>) => api.patch<Account>(`/api/mail/accounts/${id}`, input),
  remove: (id: string) => api.delete(`/api/mail/accounts/${id}`),
  test: (id: string) => api.post<{ smtp: Tried | null; imap: Tried | null }>(`/api/mail/accounts/${id}/test`, {}),
  webhook: (id: string) => api.post<{ secret: string; url: string }>(`/api/mail/accounts/${id}/webhook`, {}),
};

interface Provider {
  smtp: [string, number, Security];
  imap: [string, number, Security];
  token_url?: string;
}

/** The servers of providers that many use, by the key of their name. */
export const PROVIDERS: Record<string, Provider> = {
  exmail: { smtp: ["smtp.exmail.qq.com", 465, "tls"], imap: ["imap.exmail.qq.com", 993, "tls"] },
  aliyun: { smtp: ["smtp.qiye.aliyun.com", 465, "tls"], imap: ["imap.qiye.aliyun.com", 993, "tls"] },
  netease: { smtp: ["smtp.qiye.163.com", 465, "tls"], imap: ["imap.qiye.163.com", 993, "tls"] },
  "163": { smtp: ["smtp.163.com", 465, "tls"], imap: ["imap.163.com", 993, "tls"] },
  qq: { smtp: ["smtp.qq.com", 465, "tls"], imap: ["imap.qq.com", 993, "tls"] },
  microsoft: {
   
    smtp: ["smtp.office365.com", 587, "starttls"],
    imap: ["outlook.office365.com", 993, "tls"],
    token_url: "https://login.microsoftonline.com/common/oauth2/v2.0/token",
  },
  google: {
   
    smtp: ["smtp.gmail.com", 465, "tls"],
    imap: ["imap.gmail.com", 993, "tls"],
    token_url: "https://oauth2.googleapis.com/token",
  },
};
