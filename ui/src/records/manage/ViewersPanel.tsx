import { useQuery } from "@tanstack/react-query";
import { EyeOff } from "lucide-react";

import { manage, manageKeys } from "@/api/manage";
import type { ObjectDefinition, Row } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { fieldOf } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { Avatar } from "@/design/Avatar";
import { BoneLines } from "@/design/Bones";
import { Empty } from "@/design/Empty";
import { Failure } from "@/design/Failure";
import { Panel } from "@/design/Panel";
import { Time } from "@/design/Time";

import { titleOf } from "../summary";
import styles from "./manage.module.css";

interface Props {
  object: ObjectDefinition;
  row: Row;
  open: boolean;
  onClose: () => void;
}

/** Who looked at a record with sensitive fields: by itself, in a list, in an export. */
export function ViewersPanel({ object, row, open, onClose }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const { data, error, refetch } = useQuery({
    queryKey: manageKeys.viewers(object.name, row.id),
    queryFn: ({ signal }) => manage.viewers(object.name, row.id, signal),
    enabled: open,
  });
  const fields = object.sensitive.map((name) => say(fieldOf(object, name)?.label)).filter(Boolean);
  return (
    <Panel open={open} title={t("viewers.title", { name: titleOf(object, row) })} onClose={onClose} width={480}>
      <div className={styles.stack}>
        <p className={styles.hint}>{t("viewers.hint", { fields: fields.join(t("filter.comma")) })}</p>
        {error ? <Failure error={error} retry={() => void refetch()} /> : null}
        {!data && !error ? <BoneLines lines={5} /> : null}
        {data?.items.length === 0 ? <Empty icon={<EyeOff size={20} />} title={t("viewers.none")} /> : null}
        {data && data.items.length > 0 ? (
          <ul className={styles.shares}>
            {data.items.map((look, index) => (
              <li key={`${look.at}${index}`} className={styles.share}>
                <Avatar name={look.by.label ?? "?"} size={26} />
                <div className={styles.who}>
                  <span className="cut">{look.by.label ?? look.by.id.slice(0, 8)}</span>
                  <small>{t(`viewers.how.${look.how}`, { count: look.among })}</small>
                </div>
                <Time value={look.at} />
              </li>
            ))}
          </ul>
        ) : null}
      </div>
    </Panel>
  );
}
