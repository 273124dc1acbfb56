import { Button, Dropdown } from "antd";
import { Plus, Search } from "lucide-react";
import { memo, type Ref } from "react";

import { useTranslation } from "@/app/translation";
import { may, useCatalog } from "@/catalog/catalog";
import { groupObjects } from "@/catalog/groups";
import { useLabel } from "@/catalog/label";
import { ObjectIcon } from "@/catalog/ObjectIcon";
import { IconButton } from "@/design/IconButton";
import { usePhone } from "@/design/media";
import { OutboxStatus } from "@/outbox/OutboxStatus";
import { useCreate } from "@/records/create/context";

import { Bell } from "./Bell";
import styles from "./Shell.module.css";
import { NewerPage } from "./NewerPage";
import { UserMenu } from "./UserMenu";

interface Props {
  titleRef: Ref<HTMLDivElement>;
  onSearch: () => void;
}

/** The page's title, and what is always at hand: search, create, notifications, oneself. */
export const TopBar = memo(function TopBar({ titleRef, onSearch }: Props) {
  const { t } = useTranslation();
  const phone = usePhone();
  return (
    <header className={styles.bar}>
      <div ref={titleRef} className={styles.title} />
      <div className={styles.tools}>
        <NewerPage />
        <OutboxStatus />
        {phone ? (
          <IconButton label={t("shell.search")} icon={<Search size={20} />} onClick={onSearch} />
        ) : (
          <QuickCreate />
        )}
        <Bell />
        <UserMenu />
      </div>
    </header>
  );
});

function QuickCreate() {
  const { t } = useTranslation();
  const say = useLabel();
  const create = useCreate();
  const work = groupObjects(useCatalog())[0]?.objects.filter((object) => may(object, "create")) ?? [];
  if (work.length === 0) return null;
  return (
    <Dropdown
      trigger={["click"]}
      placement="bottomRight"
      menu={{
        items: work.map((object) => ({
          key: object.name,
          icon: <ObjectIcon name={object.icon} size={15} />,
          label: say(object.label),
        })),
        onClick: ({ key }) => create({ object: key }),
      }}
    >
      <Button type="text" icon={<Plus size={17} />} aria-label={t("shell.create")} />
    </Dropdown>
  );
}
