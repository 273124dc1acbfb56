import styles from "./Tick.module.css";

interface Props {
  label: string;
  checked: boolean;
  /** Some of what it stands for is ticked. */
  partly?: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
}

/** A checkbox without words, light enough to stand in each row of a long list. */
export function Tick({ label, checked, partly = false, disabled, onChange }: Props) {
  return (
    <input
      type="checkbox"
      className={styles.tick}
      aria-label={label}
      checked={checked}
      disabled={disabled}
      ref={(input) => {
        if (input) input.indeterminate = partly;
      }}
      onChange={(event) => onChange(event.target.checked)}
    />
  );
}
