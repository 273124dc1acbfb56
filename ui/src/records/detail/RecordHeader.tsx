import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Dropdown } from "antd";
import { Archive, ArchiveRestore, Link2, MoreHorizontal } from "lucide-react";

import { records } from "@/api/records";
import type { Field, ObjectDefinition, Row } from "@/api/types";
import { useCopy } from "@/app/copy";
import { useTranslation } from "@/app/translation";
import { figureOf, mayDo, pipelineOf, useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { messageOf } from "@/design/Failure";
import { usePhone } from "@/design/media";
import { Pill } from "@/design/Pill";
import { Cell } from "@/fields/Cell";
import { isEmptyValue } from "@/fields/kinds";
import { WriteButton } from "@/mail/WriteButton";

import { spoilRecords } from "../cache";
import { useManaging } from "../manage/useManaging";
import styles from "./detail.module.css";
import { FollowButton } from "./FollowButton";

const FIGURES = 5;
const FIGURES_ON_PHONE = 4;

/** The record's name, its few key figures, and what can be done with the whole of it. */
export function RecordHeader({ object, row, title }: { object: ObjectDefinition; row: Row; title: string }) {
  const { t } = useTranslation();
  const say = useLabel();
  const phone = usePhone();
  const figures = useKeyFigures(object, row).slice(0, phone ? FIGURES_ON_PHONE : FIGURES);
  const number = object.fields.find((field) => field.type === "auto_number");
  return (
    <header className={styles.header}>
      <div className={styles.headLine}>
        <div className={styles.names}>
          <h1 className={styles.title}>{title}</h1>
          {number && !isEmptyValue(row[number.name]) ? (
            <span className={styles.number}>{String(row[number.name])}</span>
          ) : null}
          {row.archived_at ? (
            <Pill color="gray" icon={<Archive size={12} aria-hidden />}>
              {t("detail.archived")}
            </Pill>
          ) : null}
        </div>
        <div className={styles.deeds}>
          {row.archived_at ? null : <WriteButton object={object} row={row} />}
          {row.archived_at ? null : <FollowButton object={object} row={row} />}
          <RecordMenu object={object} row={row} />
        </div>
      </div>
      <dl className={styles.figures}>
        {figures.map((field) => (
          <div key={field.name} className={styles.figure}>
            <dt>{say(field.label)}</dt>
            <dd>
              <Cell object={object} field={field} value={row[field.name]} row={row} dense />
            </dd>
          </div>
        ))}
      </dl>
    </header>
  );
}

/** The owner, the sum, and the first short facts that hold something. */
function useKeyFigures(object: ObjectDefinition, row: Row): Field[] {
  const staged = pipelineOf(useCatalog(), object)?.field;
  const owner = object.fields.find((field) => field.name === "owner");
  const figure = figureOf(object);
  const telling = ["reference", "date", "money", "percent", "select", "datetime"];
  const facts = object.fields.filter(
    (field) =>
      !field.system &&
      field !== figure &&
      field.name !== staged &&
      field.name !== object.title &&
      telling.includes(field.stored_type) &&
      !isEmptyValue(row[field.name]),
  );
  const weight = (field: Field) => telling.indexOf(field.stored_type);
  const ranked = [...facts].sort((a, b) => weight(a) - weight(b));
  const first = [figure, ranked.find((field) => field.stored_type === "reference"), owner].filter(
    (field) => field != null,
  );
  const spread = telling.flatMap((type) => ranked.filter((field) => field.stored_type === type).slice(0, 1));
  return [...new Set([...first, ...spread])].filter((field) => !isEmptyValue(row[field.name]));
}

function RecordMenu({ object, row }: { object: ObjectDefinition; row: Row }) {
  const { t } = useTranslation();
  const say = useLabel();
  const { message } = App.useApp();
  const client = useQueryClient();
  const attempt = async (work: () => Promise<unknown>, told: string, undo?: () => void) => {
    try {
      await work();
      await spoilRecords(client);
      void message.open({
        type: "success",
        duration: 6,
        content: (
          <span>
            {told}
            {undo ? (
              <Button type="link" size="small" onClick={undo}>
                {t("action.undo")}
              </Button>
            ) : null}
          </span>
        ),
      });
    } catch (error) {
      void message.error(messageOf(error));
    }
  };
  const restore = () =>
    attempt(() => records.restore(object.name, row.id), t("detail.restored", { thing: say(object.label) }));
  const archive = () =>
    attempt(
      () => records.archive(object.name, row.id),
      t("detail.archivedNow", { thing: say(object.label) }),
      () => void restore(),
    );
  const copy = useCopy();
  const archivable = mayDo(object, row, "archive");
  const managing = useManaging(object, row);
  if (row.archived_at && archivable) {
    return (
      <Button icon={<ArchiveRestore size={15} />} onClick={() => void restore()}>
        {t("action.restore")}
      </Button>
    );
  }
  return (
    <>
      <Dropdown
        trigger={["click"]}
        placement="bottomRight"
        menu={{
          items: [
            ...managing.items,
            {
              key: "copy",
              icon: <Link2 size={15} />,
              label: t("detail.copyLink"),
              onClick: () => void copy(window.location.href, t("detail.copied")),
            },
            ...(archivable
              ? [
                  { type: "divider" as const },
                  {
                    key: "archive",
                    icon: <Archive size={15} />,
                    label: t("action.archive"),
                    onClick: () => void archive(),
                  },
                ]
              : []),
          ],
        }}
      >
        <Button icon={<MoreHorizontal size={16} />} aria-label={t("detail.actions")} />
      </Dropdown>
      {managing.panels}
    </>
  );
}
