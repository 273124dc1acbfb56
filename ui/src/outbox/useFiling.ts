import { App } from "antd";

import type { ObjectDefinition, Row } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { titleOf } from "@/records/summary";

import { uploadOrKeep } from "./write";

/** Puts a file under a record, or says that it waits for the network. Raises ApiError when the server refuses. */
export function useFiling(object: ObjectDefinition, row: Row): (kind: string, file: File) => Promise<void> {
  const { t } = useTranslation();
  const { message } = App.useApp();
  return async (kind, file) => {
    const about = { object: object.name, record: row.id, title: titleOf(object, row) };
    const stored = await uploadOrKeep(about, kind, file);
    if (stored === null) void message.info(t("outbox.kept"));
  };
}
