import { useTranslation } from "@/app/translation";
import { formatDuration } from "@/format/date";
import { toNumber } from "@/format/number";

import type { CellProps } from "../kinds";

export function DurationCell({ value }: CellProps) {
  const { t } = useTranslation();
  const seconds = toNumber(value);
  return <span className="num">{seconds === null ? String(value) : formatDuration(seconds, t)}</span>;
}
