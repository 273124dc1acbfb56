import { useTranslation } from "@/app/translation";
import { formatDay, formatExact, formatRelative } from "@/format/date";

/** An instant or a day as far from now, the exact one on hover. */
export function Time({ value }: { value: string }) {
  const { t } = useTranslation();
  const text = value.length <= 10 ? formatDay(value, t) : formatRelative(value, t);
  return (
    <time dateTime={value} className="num" title={formatExact(value)}>
      {text}
    </time>
  );
}
