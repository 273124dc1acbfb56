import { Button, Tooltip } from "antd";
import type { ReactNode, Ref } from "react";

interface Props {
  label: string;
  icon: ReactNode;
  onClick?: () => void;
  hint?: ReactNode;
  danger?: boolean;
  disabled?: boolean;
  active?: boolean;
  size?: "small" | "middle";
  ref?: Ref<HTMLButtonElement>;
}

/** A button that is only an icon; its label is read out and shown on hover. */
export function IconButton({
  label,
  icon,
  onClick,
  hint,
  danger,
  disabled,
  active,
  size = "middle",
  ref,
  ...rest
}: Props) {
  return (
    <Tooltip title={hint ?? label} mouseEnterDelay={0.4}>
      <Button
        {...rest}
        ref={ref}
        type="text"
        size={size}
        aria-label={label}
        aria-pressed={active}
        icon={icon}
        onClick={onClick}
        danger={danger}
        disabled={disabled}
      />
    </Tooltip>
  );
}
