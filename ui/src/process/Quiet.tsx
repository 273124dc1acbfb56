import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import dayjs from "dayjs";
import { Moon } from "lucide-react";

import { api } from "@/api/client";
import type { Page } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { formatDate } from "@/format/date";

import { DEFAULT_DAYS, type Sample } from "./answer";
import styles from "./process.module.css";
import type { ProcessSearch } from "./search";

interface Props {
  object: string;
  sample: Sample;
  onChange: (changes: Partial<ProcessSearch>) => void;
}

/** That nothing moved in the period, and the way to the time when something did: histories that were brought in are old. */
export function Quiet({ object, sample, onChange }: Props) {
  const { t } = useTranslation();
  const query = { sort: "-stage_since", limit: 1, fields: "stage_since", filter: sample.filter };
  const { data } = useQuery({
    queryKey: ["process", object, "latest", query],
    queryFn: ({ signal }) => api.get<Page<{ stage_since: string | null }>>(`/api/records/${object}`, query, signal),
  });
  const latest = data?.items[0]?.stage_since;
  if (!latest) return null;
  const day = dayjs(latest);
  const there = {
    days: undefined,
    since: day.subtract(DEFAULT_DAYS, "day").format("YYYY-MM-DD"),
    until: day.format("YYYY-MM-DD"),
  };
  return (
    <p className={styles.calm}>
      <Moon size={15} aria-hidden /> {t("process.quiet", { on: formatDate(latest) })}
      <Button size="small" onClick={() => onChange(there)}>
        {t("process.lookThere")}
      </Button>
    </p>
  );
}
