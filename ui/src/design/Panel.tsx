import { Drawer } from "antd";
import type { ReactNode } from "react";

import { usePhone } from "./media";

interface Props {
  open: boolean;
  title: ReactNode;
  onClose: () => void;
  footer?: ReactNode;
  width?: number;
  children: ReactNode;
  onClosed?: () => void;
  /** The id of what takes the focus once the panel is open. */
  focus?: string;
}

/** A panel from the right; on a phone it takes the whole width. */
export function Panel({ open, title, onClose, footer, width = 560, children, onClosed, focus }: Props) {
  const phone = usePhone();
  return (
    <Drawer
      open={open}
      title={title}
      onClose={onClose}
      size={phone ? "100%" : width}
      footer={footer}
      destroyOnHidden
      afterOpenChange={(now) => {
        if (!now) onClosed?.();
        else if (focus) document.getElementById(focus)?.focus();
      }}
      styles={{ footer: { padding: "12px 20px", paddingBottom: "calc(12px + env(safe-area-inset-bottom))" } }}
    >
      {children}
    </Drawer>
  );
}
