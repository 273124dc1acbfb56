import styles from "./own.module.css";

interface Props {
  label: string;
  minute: number;
  onChange: (minute: number) => void;
}

/** A time of day, as minutes from midnight. */
export function Clock({ label, minute, onChange }: Props) {
  const text = [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, "0")).join(":");
  return (
    <input
      type="time"
      className={styles.clock}
      aria-label={label}
      value={text}
      onChange={(event) => {
        const [hours, minutes] = event.target.value.split(":").map(Number);
        if (hours !== undefined && minutes !== undefined) onChange(hours * 60 + minutes);
      }}
    />
  );
}
