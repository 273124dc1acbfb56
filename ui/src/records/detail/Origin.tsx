import type { TimelineItem } from "@/api/timeline";
import { useTranslation } from "@/app/translation";
import { useLabel } from "@/catalog/label";

import styles from "./timeline.module.css";

/** Causes that go without saying: somebody did it in the page, or the company is the demo's from the start. */
const DIRECT = ["page", "http", "demo"];

/** Through what something happened, where that isn't the page: a rule by its label, an import, a timer. */
export function Origin({ item }: { item: Pick<TimelineItem, "cause" | "rule"> }) {
  const { t } = useTranslation();
  const say = useLabel();
  const [kind, ...rest] = item.cause.split("/");
  if (!kind || DIRECT.includes(kind)) return null;
  const name = say(item.rule) || rest.join("/");
  return <span className={styles.origin}>{t(`timeline.cause.${kind}`, { name, defaultValue: item.cause })}</span>;
}
