import { useQueryClient } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { useEffect, useMemo, useState } from "react";

import type { ObjectDefinition } from "@/api/types";
import { checkFilter, type ExpressionFault } from "@/api/views";
import { useTranslation } from "@/app/translation";
import { useCatalog } from "@/catalog/catalog";

import { Faults } from "./Faults";
import styles from "./filters.module.css";
import { GroupEditor } from "./GroupEditor";
import { readFilter } from "./read";
import type { Scope } from "./scope";
import { type Group, writeGroup } from "./tree";

const TYPING_MS = 350;

interface Props {
  object: ObjectDefinition;
  /** The expression in force. */
  filter: string;
  onApply: (filter: string) => void;
}

/** Conditions in groups, beside the text of the expression they make; either can be edited, and the server checks it. */
export function FilterPanel({ object, filter, onApply }: Props) {
  const { t } = useTranslation();
  const catalog = useCatalog();
  const client = useQueryClient();
  const scope = useMemo<Scope>(() => ({ catalog, object }), [catalog, object]);
  const [text, setText] = useState(filter);
  const [group, setGroup] = useState<Group | null>(() => readFilter(filter, scope));
  const [checked, setChecked] = useState<{ text: string; faults: ExpressionFault[] }>({ text: filter, faults: [] });

  const check = async (written: string): Promise<ExpressionFault[]> => {
    const { errors } = await client.fetchQuery({
      queryKey: ["check", object.name, written],
      queryFn: () => checkFilter(object.name, written),
      staleTime: Infinity,
    });
    setChecked({ text: written, faults: errors });
    return errors;
  };
  const written = text.trim();
  useEffect(() => {
    if (!written) return;
    const timer = setTimeout(() => void check(written).catch(() => undefined), TYPING_MS);
    return () => clearTimeout(timer);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only another text starts the clock
  }, [written]);
  const apply = async () => {
    const faults = written ? await check(written).catch(() => []) : [];
    if (faults.length === 0) onApply(written);
  };
  const write = (next: string) => {
    setText(next);
    setGroup(readFilter(next, scope));
  };
  const faults = checked.text === written ? checked.faults : [];
  return (
    <form
      className={styles.panel}
      onSubmit={(event) => {
        event.preventDefault();
        void apply();
      }}
    >
      {group ? (
        <GroupEditor
          scope={scope}
          group={group}
          depth={1}
          onChange={(next) => {
            setGroup(next);
            setText(writeGroup(next, scope));
          }}
        />
      ) : (
        <p className={styles.note}>{t("filter.textOnly")}</p>
      )}
      <label className={styles.text}>
        <span>{t("filter.expression")}</span>
        <Input.TextArea
          className="mono"
          value={text}
          spellCheck={false}
          placeholder={t("filter.placeholder")}
          autoSize={{ minRows: 1, maxRows: 6 }}
          status={faults.length > 0 ? "error" : undefined}
          onChange={(event) => write(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) void apply();
          }}
        />
      </label>
      <Faults text={written} faults={faults} onMend={write} />
      <div className={styles.actions}>
        <Button onClick={() => onApply("")}>{t("filter.clear")}</Button>
        <Button type="primary" htmlType="submit">
          {t("filter.apply")}
        </Button>
      </div>
    </form>
  );
}
