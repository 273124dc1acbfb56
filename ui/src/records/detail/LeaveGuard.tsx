import { useBlocker } from "@tanstack/react-router";
import { Button, Modal } from "antd";

import { useTranslation } from "@/app/translation";

interface Props {
  dirty: boolean;
  busy: boolean;
  onSave: () => Promise<boolean>;
  onDrop: () => void;
}

/** Leaving with unsaved changes: save them, drop them, or stay. */
export function LeaveGuard({ dirty, busy, onSave, onDrop }: Props) {
  const { t } = useTranslation();
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => dirty && current.pathname !== next.pathname,
    enableBeforeUnload: dirty,
    withResolver: true,
  });
  if (blocker.status !== "blocked") return null;
  const save = async () => {
    if (await onSave()) blocker.proceed();
    else blocker.reset();
  };
  const drop = () => {
    onDrop();
    blocker.proceed();
  };
  return (
    <Modal
      open
      width={420}
      title={t("form.leaveTitle")}
      onCancel={blocker.reset}
      footer={[
        <Button key="drop" danger type="text" onClick={drop}>
          {t("form.leaveDrop")}
        </Button>,
        <Button key="stay" onClick={blocker.reset}>
          {t("form.leaveStay")}
        </Button>,
        <Button key="save" type="primary" loading={busy} onClick={() => void save()}>
          {t("form.leaveSave")}
        </Button>,
      ]}
    >
      {t("form.leaveText")}
    </Modal>
  );
}
