import { Button, Popover, Select } from "antd";
import dayjs from "dayjs";
import { SlidersHorizontal, X } from "lucide-react";

import { useTranslation } from "@/app/translation";
import { useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { DatePicker } from "@/design/DatePicker";
import { IconButton } from "@/design/IconButton";
import { usePhone } from "@/design/media";
import { Pill } from "@/design/Pill";
import { today } from "@/format/today";
import { RecordName } from "@/records/RecordName";
import { PickPerson } from "@/records/manage/Pick";

import styles from "./audit.module.css";
import type { TrailSearch } from "./search";
import { CAUSES, DEFAULT_DAYS, KINDS, SPANS } from "./trail";

interface Props {
  search: TrailSearch;
  onChange: (changes: Partial<TrailSearch>) => void;
  onClear: () => void;
}

/** When, who, where, what, through what. On a phone behind one button. */
export function Filters(props: Props) {
  const { t } = useTranslation();
  const phone = usePhone();
  const { search, onClear } = props;
  const set = Object.keys(search).filter((name) => name !== "actorName").length;
  if (!phone) {
    return (
      <div className={styles.filters} role="search" aria-label={t("audit.filter")}>
        <Fields {...props} />
        {set > 0 ? (
          <Button type="text" onClick={onClear}>
            {t("audit.clear")}
          </Button>
        ) : null}
      </div>
    );
  }
  return (
    <Popover
      trigger="click"
      placement="bottomLeft"
      arrow={false}
      content={
        <div className={styles.sheet}>
          <Fields {...props} />
          <Button onClick={onClear}>{t("audit.clear")}</Button>
        </div>
      }
    >
      <Button icon={<SlidersHorizontal size={15} />}>
        {t("audit.filter")}
        {set > 0 ? ` · ${set}` : ""}
      </Button>
    </Popover>
  );
}

function Fields({ search, onChange }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const { objects } = useCatalog();
  const named = Boolean(search.since || search.until);
  const day = (text: string | undefined) => (text ? dayjs(text) : null);
  return (
    <>
      <Select<number | "named">
        aria-label={t("audit.when")}
        value={named ? "named" : (search.days ?? DEFAULT_DAYS)}
        popupMatchSelectWidth={false}
        options={[
          ...SPANS.map((days) => ({ value: days, label: t(`audit.span.${days}`) })),
          { value: "named" as const, label: t("audit.span.named") },
        ]}
        onChange={(next) =>
          onChange(
            next === "named"
              ? { since: today().format("YYYY-MM-DD"), until: today().format("YYYY-MM-DD"), days: undefined }
              : { days: next === DEFAULT_DAYS ? undefined : next, since: undefined, until: undefined },
          )
        }
      />
      {named ? (
        <DatePicker.RangePicker
          aria-label={t("audit.when")}
          className={styles.range}
          value={[day(search.since), day(search.until)]}
          allowEmpty={[true, true]}
          onChange={(next) =>
            onChange({ since: next?.[0]?.format("YYYY-MM-DD"), until: next?.[1]?.format("YYYY-MM-DD") })
          }
        />
      ) : null}
      <PickPerson
        label={t("audit.actor")}
        placeholder={t("audit.actor")}
        value={search.actor ? { id: search.actor, label: search.actorName ?? search.actor.slice(0, 8) } : null}
        allowClear
        onChange={(person) => onChange({ actor: person?.id, actorName: person?.label ?? undefined })}
      />
      <Select
        aria-label={t("audit.object")}
        placeholder={t("audit.object")}
        value={search.object}
        allowClear
        showSearch={{ optionFilterProp: "label" }}
        popupMatchSelectWidth={false}
        options={Object.values(objects).map((object) => ({ value: object.name, label: say(object.label) }))}
        onChange={(object: string | undefined) => onChange({ object, record: undefined })}
      />
      <Select
        aria-label={t("audit.what")}
        placeholder={t("audit.what")}
        value={search.kind}
        allowClear
        showSearch={{ optionFilterProp: "label" }}
        popupMatchSelectWidth={false}
        options={KINDS.map((kind) => ({ value: kind, label: t(`audit.kind.${kind.replace(".", "_")}`) }))}
        onChange={(kind: string | undefined) => onChange({ kind })}
      />
      <Select
        aria-label={t("audit.cause")}
        placeholder={t("audit.cause")}
        value={search.cause}
        allowClear
        popupMatchSelectWidth={false}
        options={CAUSES.map((cause) => ({ value: cause, label: t(`audit.causes.${cause}`) }))}
        onChange={(cause: string | undefined) => onChange({ cause })}
      />
      {search.record && search.object ? (
        <span className={styles.chip}>
          <Pill color="blue">
            <RecordName object={search.object} id={search.record} />
          </Pill>
          <IconButton
            size="small"
            label={t("action.remove")}
            icon={<X size={14} />}
            onClick={() => onChange({ record: undefined })}
          />
        </span>
      ) : null}
    </>
  );
}
