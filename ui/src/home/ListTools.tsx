import { App, Dropdown } from "antd";
import { Download, Printer } from "lucide-react";
import { lazy, Suspense, useState } from "react";

import { address } from "@/api/client";
import type { PanelDefinition } from "@/api/home";
import type { ObjectDefinition } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { may } from "@/catalog/catalog";
import { messageOf } from "@/design/Failure";
import { IconButton } from "@/design/IconButton";

import { type HomeAnswer, wholePanel, type Whose } from "./answer";
import { drill } from "./drill";

const PrintSheet = lazy(() => import("./PrintSheet").then((module) => ({ default: module.PrintSheet })));

interface Props {
  panel: PanelDefinition;
  object: ObjectDefinition;
  whose: Whose;
}

/** The whole list on paper or as a file, for the morning meeting. */
export function ListTools({ panel, object, whose }: Props) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [sheet, setSheet] = useState<HomeAnswer | null>(null);
  const print = () =>
    wholePanel(panel.name, whose).then(setSheet, (error: unknown) => void message.error(messageOf(error)));
  const download = (format: "csv" | "xlsx") =>
    window.location.assign(
      address(`/api/records/${object.name}/export`, {
        format,
        ...drill(panel, whose),
        view: panel.view,
        sort: panel.sort,
        fields: [...new Set([object.title, ...(panel.columns ?? [])])].join(","),
      }),
    );
  return (
    <>
      {may(object, "export") ? (
        <Dropdown
          trigger={["click"]}
          placement="bottomRight"
          menu={{
            items: [
              { key: "xlsx", label: t("list.exportXlsx"), onClick: () => download("xlsx") },
              { key: "csv", label: t("list.exportCsv"), onClick: () => download("csv") },
            ],
          }}
        >
          <span>
            <IconButton size="small" label={t("home.export")} icon={<Download size={15} />} />
          </span>
        </Dropdown>
      ) : null}
      <IconButton size="small" label={t("home.print")} icon={<Printer size={15} />} onClick={() => void print()} />
      {sheet ? (
        <Suspense>
          <PrintSheet panel={panel} object={object} answer={sheet} onDone={() => setSheet(null)} />
        </Suspense>
      ) : null}
    </>
  );
}
