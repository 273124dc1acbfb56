import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Checkbox } from "antd";
import { useState } from "react";

import { records } from "@/api/records";
import type { ObjectDefinition, Row } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { messageOf } from "@/design/Failure";
import { spoilRecords } from "@/records/cache";
import { titleOf } from "@/records/summary";

import { HOME } from "./answer";

interface Props {
  object: ObjectDefinition;
  field: string;
  row: Row;
}

/** Sets a record's boolean field at once; it can be undone. */
export function TickBox({ object, field, row }: Props) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [ticked, setTicked] = useState(row[field] === true);
  const key = `tick-${row.id}`;
  const write = async (version: number, value: boolean) => {
    setTicked(value);
    try {
      const after = await records.update(object.name, row.id, version, { [field]: value });
      if (value) {
        void message.open({
          key,
          type: "success",
          content: (
            <>
              {t("home.ticked")}
              <Button type="link" size="small" onClick={() => void write(after.version, false)}>
                {t("action.undo")}
              </Button>
            </>
          ),
          duration: 6,
        });
      } else message.destroy(key);
    } catch (error) {
      setTicked(!value);
      void message.error(messageOf(error));
    }
    await Promise.all([client.invalidateQueries({ queryKey: HOME }), spoilRecords(client)]);
  };
  return (
    <Checkbox
      checked={ticked}
      aria-label={t("home.tickThing", { thing: titleOf(object, row) })}
      onChange={(event) => void write(row.version, event.target.checked)}
    />
  );
}
