import { Mail } from "lucide-react";

import type { ObjectDefinition, Row } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { IconButton } from "@/design/IconButton";

import { useCompose, useWritable } from "./context";

/** Begins a mail from a record, where mails hang to records of its kind. */
export function WriteButton({ object, row }: { object: ObjectDefinition; row: Row }) {
  const { t } = useTranslation();
  const compose = useCompose();
  const writable = useWritable(object);
  if (!writable) return null;
  return (
    <IconButton
      label={t("mail.write")}
      icon={<Mail size={16} strokeWidth={1.8} />}
      onClick={() => compose({ object: object.name, record: row.id })}
    />
  );
}
