import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useDeferredValue, useState } from "react";

import { keys, records } from "@/api/records";
import type { Ref } from "@/api/types";
import { useTranslation } from "@/app/translation";

interface Props {
  id: string;
  object: string;
  value: Ref[];
  placeholder: string;
  onChange: (value: Ref[]) => void;
}

/** Picks several records of an object by searching it. */
export function PickMany({ id, object, value, placeholder, onChange }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const q = useDeferredValue(typed);
  const { data, isFetching } = useQuery({
    queryKey: keys.options(object, q),
    queryFn: ({ signal }) => records.options(object, q, signal),
    placeholderData: keepPreviousData,
  });
  const found = data?.items ?? [];
  const known = [...found, ...value.filter((one) => !found.some(({ id: other }) => other === one.id))];
  return (
    <Select<string[]>
      id={id}
      mode="multiple"
      value={value.map((one) => one.id)}
      options={known.map((one) => ({ value: one.id, label: one.label ?? one.id.slice(0, 8) }))}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      loading={isFetching}
      placeholder={placeholder}
      notFoundContent={isFetching ? t("state.loading") : t("field.nothingFound")}
      onChange={(ids) => onChange(known.filter((one) => ids.includes(one.id)))}
    />
  );
}
