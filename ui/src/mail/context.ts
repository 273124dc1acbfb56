import { createContext, useContext } from "react";

import type { MailDefinition, ObjectDefinition } from "@/api/types";
import { may, useCatalog } from "@/catalog/catalog";

import type { Beginning } from "./mails";

/** Begins a mail and opens the composer; or opens a draft that is there. */
export type Compose = (what: Beginning | { draft: string }) => void;

export const ComposeContext = createContext<Compose>(() => undefined);

export function useCompose(): Compose {
  return useContext(ComposeContext);
}

/** The mail object as the viewer sees it; null for those who see no mails. */
export function useMail(): (MailDefinition & { definition: ObjectDefinition }) | null {
  const { mail, objects } = useCatalog();
  const definition = mail ? objects[mail.object] : undefined;
  return mail && definition ? { ...mail, definition } : null;
}

/** Whether mails are written from records of this object. */
export function useWritable(object: ObjectDefinition): boolean {
  const mail = useMail();
  return Boolean(mail && may(mail.definition, "create") && object.children.some((child) => child.object === mail.object));
}
