import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useDeferredValue, useState } from "react";

import { type Colleague, manage } from "@/api/manage";
import { keys, records } from "@/api/records";
import type { Ref } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { Person } from "@/design/Avatar";

import styles from "./manage.module.css";

interface Props {
  label: string;
  value: Ref | null;
  onChange: (value: Ref | null) => void;
  placeholder?: string;
  autoFocus?: boolean;
  allowClear?: boolean;
}

/** Picks a person, with the team that tells namesakes apart. */
export function PickPerson({ label, value, onChange, placeholder, autoFocus, allowClear }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const q = useDeferredValue(typed);
  const { data, isFetching } = useQuery({
    queryKey: ["colleagues", q],
    queryFn: ({ signal }) => manage.colleagues(q, signal),
    placeholderData: keepPreviousData,
  });
  const found: Colleague[] = data ?? [];
  const known = value && !found.some((one) => one.id === value.id) ? [...found, { ...value, team: null }] : found;
  return (
    <Select<string>
      aria-label={label}
      className={styles.pick}
      value={value?.id}
      options={known.map((one) => ({ value: one.id, label: one.label ?? "", team: one.team }))}
      optionRender={(option) => (
        <span className={styles.option}>
          <Person name={String(option.label)} />
          {option.data.team ? <small>{option.data.team}</small> : null}
        </span>
      )}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      loading={isFetching}
      placeholder={placeholder ?? t("field.search")}
      notFoundContent={isFetching ? t("state.loading") : t("field.nothingFound")}
      autoFocus={autoFocus}
      allowClear={allowClear}
      popupMatchSelectWidth={240}
      onChange={(id) => onChange(known.find((one) => one.id === id) ?? null)}
    />
  );
}

/** Picks a record of an object by searching it; `but` is left out. */
export function PickRecord({
  label,
  object,
  but,
  value,
  onChange,
  placeholder,
  autoFocus,
}: Props & { object: string; but?: string }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const q = useDeferredValue(typed);
  const { data, isFetching } = useQuery({
    queryKey: keys.options(object, q),
    queryFn: ({ signal }) => records.options(object, q, signal),
    placeholderData: keepPreviousData,
  });
  const found = (data?.items ?? []).filter((one) => one.id !== but);
  const known = value && !found.some((one) => one.id === value.id) ? [...found, value] : found;
  return (
    <Select<string>
      aria-label={label}
      className={styles.pick}
      value={value?.id}
      options={known.map((one) => ({ value: one.id, label: one.label ?? one.id.slice(0, 8) }))}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      loading={isFetching}
      placeholder={placeholder ?? t("field.search")}
      notFoundContent={isFetching ? t("state.loading") : t("field.nothingFound")}
      autoFocus={autoFocus}
      onChange={(id) => onChange(known.find((one) => one.id === id) ?? null)}
    />
  );
}
