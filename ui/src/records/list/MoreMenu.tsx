import { useNavigate } from "@tanstack/react-router";
import { Dropdown } from "antd";
import { Archive, Download, FileUp } from "lucide-react";
import { lazy, Suspense, useState } from "react";

import type { ObjectDefinition } from "@/api/types";
import type { Look } from "@/api/views";
import type { ListSearch } from "@/app/search";
import { useTranslation } from "@/app/translation";
import { may } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { IconButton } from "@/design/IconButton";

const ExportPanel = lazy(() =>
  import("@/exporting/ExportPanel").then((module) => ({ default: module.ExportPanel })),
);

interface Props {
  object: ObjectDefinition;
  look: Look;
  search: ListSearch;
  onSearch: (changes: Partial<ListSearch>) => void;
}

/** What is done with a list as a whole: import, export, what is archived. */
export function MoreMenu({ object, look, search, onSearch }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const navigate = useNavigate();
  const [exporting, setExporting] = useState<"no" | "yes" | "was">("no");
  return (
    <>
      <Dropdown
        trigger={["click"]}
        placement="bottomRight"
        menu={{
          items: [
            may(object, "import") && {
              key: "import",
              icon: <FileUp size={15} />,
              label: t("places.import"),
              onClick: () => void navigate({ to: "/records/$object/import", params: { object: object.name } }),
            },
            may(object, "export") && {
              key: "export",
              icon: <Download size={15} />,
              label: t("exporting.title", { things: say(object.plural) }),
              onClick: () => setExporting("yes"),
            },
            {
              key: "archived",
              icon: <Archive size={15} />,
              label: search.archived ? t("list.hideArchived") : t("list.showArchived"),
              onClick: () => onSearch({ archived: search.archived ? undefined : true }),
            },
          ].filter((item) => item !== false),
        }}
      >
        <span>
          <IconButton label={t("shell.more")} icon={<span aria-hidden>{"⋯"}</span>} />
        </span>
      </Dropdown>
      {exporting === "no" ? null : (
        <Suspense fallback={null}>
          <ExportPanel
            object={object}
            list={{ filter: look.filter, q: search.q, sort: look.sort, archived: search.archived }}
            columns={[object.title, ...look.columns.filter((name) => name !== object.title)]}
            open={exporting === "yes"}
            onClose={() => setExporting("was")}
          />
        </Suspense>
      )}
    </>
  );
}
