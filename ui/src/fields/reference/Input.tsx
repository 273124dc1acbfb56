import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useDeferredValue, useState } from "react";

import { keys, records } from "@/api/records";
import type { Ref } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { targetOf } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { Person } from "@/design/Avatar";

import type { InputProps } from "../kinds";
import { refsOf } from "./refs";

/** Picks a record (or several, or a person) by searching the object that the field points to. */
export function ReferenceInput({ id, field, value, onChange, invalid, autoFocus, eager, disabled }: InputProps) {
  const { t } = useTranslation();
  const say = useLabel();
  const several = field.stored_type === "references";
  const chosen = refsOf(value);
  const [typed, setTyped] = useState("");
  const [open, setOpen] = useState(Boolean(eager));
  const q = useDeferredValue(typed);
  const target = targetOf(field);
  const { data, isFetching } = useQuery({
    queryKey: keys.options(target, q),
    queryFn: ({ signal }) => records.options(target, q, signal),
    enabled: open,
    placeholderData: keepPreviousData,
  });
  const found = data?.items ?? [];
  const known = [...found, ...chosen.filter((ref) => !found.some((item) => item.id === ref.id))];
  const pick = (ids: string[]) => {
    const refs = ids.map((one): Ref => known.find((ref) => ref.id === one) ?? { id: one, label: null });
    onChange({ [field.name]: several ? refs : (refs[0] ?? null) });
  };
  return (
    <Select<string | string[]>
      id={id}
      aria-label={say(field.label)}
      mode={several ? "multiple" : undefined}
      value={several ? chosen.map((ref) => ref.id) : chosen[0]?.id}
      options={known.map((ref) => ({
        value: ref.id,
        name: ref.label ?? t("field.hidden"),
        label: ref.label ?? t("field.hidden"),
      }))}
      optionRender={(option) =>
        field.stored_type === "user" ? <Person name={String(option.data.name)} /> : String(option.data.name)
      }
      showSearch={{ filterOption: false, onSearch: setTyped }}
      loading={isFetching}
      placeholder={t("field.search")}
      notFoundContent={isFetching ? t("state.loading") : t("field.nothingFound")}
      allowClear={!field.required}
      status={invalid ? "error" : undefined}
      autoFocus={autoFocus}
      defaultOpen={eager}
      disabled={disabled}
      style={{ width: "100%" }}
      onOpenChange={setOpen}
      onChange={(next) => pick(Array.isArray(next) ? next : next ? [next] : [])}
    />
  );
}
