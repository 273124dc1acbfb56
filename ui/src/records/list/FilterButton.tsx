import { Badge, Button, Drawer, Popover } from "antd";
import { ListFilter } from "lucide-react";
import { lazy, memo, type ReactNode, Suspense, useState } from "react";

import type { ObjectDefinition } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { Bone } from "@/design/Bones";
import { usePhone } from "@/design/media";

const FilterPanel = lazy(() => import("@/filters/FilterPanel").then((module) => ({ default: module.FilterPanel })));

interface Props {
  object: ObjectDefinition;
  filter: string;
  /** Whether it is another than the view's own. */
  refined: boolean;
  onApply: (filter: string) => void;
}

/** Opens the filter: beside its button, on a phone from below. */
export const FilterButton = memo(function FilterButton({ object, filter, refined, onApply }: Props) {
  const { t } = useTranslation();
  const phone = usePhone();
  const [open, setOpen] = useState(false);
  const button = (
    <Badge dot={refined} color="var(--accent)" offset={[-4, 4]}>
      <Button
        icon={<ListFilter size={15} />}
        aria-expanded={open}
        aria-label={t("filter.title")}
        onClick={phone ? () => setOpen(true) : undefined}
      >
        {phone ? null : t("filter.title")}
      </Button>
    </Badge>
  );
  const panel: ReactNode = (
    <Suspense fallback={<Bone height={80} />}>
      <FilterPanel
        key={filter}
        object={object}
        filter={filter}
        onApply={(next) => {
          onApply(next);
          setOpen(false);
        }}
      />
    </Suspense>
  );
  if (phone) {
    return (
      <>
        {button}
        <Drawer open={open} title={t("filter.title")} placement="bottom" size="88%" onClose={() => setOpen(false)}>
          {panel}
        </Drawer>
      </>
    );
  }
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      trigger="click"
      placement="bottomLeft"
      arrow={false}
      content={panel}
      destroyOnHidden
    >
      {button}
    </Popover>
  );
});
