import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useState } from "react";

import { manage } from "@/api/manage";
import { useTranslation } from "@/app/translation";

import styles from "./handover.module.css";

interface Props {
  id: string;
  /** Who is not offered. */
  but: string;
  value: string[];
  onChange: (ids: string[]) => void;
}

/** Picks one colleague or several. */
export function People({ id, but, value, onChange }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const { data } = useQuery({ queryKey: ["colleagues", typed], queryFn: ({ signal }) => manage.colleagues(typed, signal) });
  const [known, setKnown] = useState<Record<string, string>>({});
  const found = (data ?? []).filter((one) => one.id !== but);
  const options = [
    ...value.filter((one) => !found.some((person) => person.id === one)).map((one) => ({ value: one, label: known[one] ?? one })),
    ...found.map((one) => ({ value: one.id, label: [one.label, one.team].filter(Boolean).join(" · ") })),
  ];
  return (
    <Select<string[]>
      id={id}
      mode="multiple"
      className={styles.people}
      placeholder={t("handover.pick")}
      value={value}
      options={options}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      onChange={(ids) => {
        setKnown({ ...known, ...Object.fromEntries(options.map((one) => [one.value, one.label])) });
        onChange(ids);
      }}
    />
  );
}
