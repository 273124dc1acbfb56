import { Tooltip } from "antd";
import { useTranslation } from "react-i18next";

import { formatDay, formatExact, formatRelative } from "@/format/date";

/** An instant or a day as far from now, the exact one on hover. */
export function Time({ value }: { value: string }) {
  const { t } = useTranslation();
  const text = value.length <= 10 ? formatDay(value, t) : formatRelative(value, t);
  return (
    <Tooltip title={formatExact(value)} mouseEnterDelay={0.3}>
      <time dateTime={value} className="num">
        {text}
      </time>
    </Tooltip>
  );
}
