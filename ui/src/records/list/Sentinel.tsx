import { Button } from "antd";
import { useEffect, useRef } from "react";

import { useStable } from "@/app/stable";
import { useTranslation } from "@/app/translation";
import { messageOf } from "@/design/Failure";

import type { Rows } from "../query";
import styles from "./list.module.css";

/** The end of what is loaded: coming into view it asks for more; it can be pressed as well. */
export function Sentinel({ result }: { result: Rows }) {
  const { t } = useTranslation();
  const place = useRef<HTMLDivElement>(null);
  const fetchMore = useStable(result.fetchMore);
  useEffect(() => {
    if (!place.current || !result.ready) return;
    const watch = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) fetchMore();
      },
      { rootMargin: "480px" },
    );
    watch.observe(place.current);
    return () => watch.disconnect();
  }, [result.rows.length, result.ready, fetchMore]);
  if (result.loading) return null;
  return (
    <div ref={place} className={styles.sentinel} role={result.error ? "alert" : undefined}>
      {result.error ? <span>{messageOf(result.error)}</span> : null}
      {result.more ? (
        <Button type="text" size="small" loading={result.fetchingMore} onClick={result.fetchMore}>
          {t("list.more")}
        </Button>
      ) : result.rows.length > 12 ? (
        <span>{t("list.end")}</span>
      ) : null}
    </div>
  );
}
