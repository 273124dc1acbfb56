import { optionsOf, useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { Pill } from "@/design/Pill";

import type { CellProps } from "../kinds";
import styles from "../fields.module.css";

export function SelectCell({ object, field, value, dense }: CellProps) {
  const options = optionsOf(useCatalog(), object, field);
  const say = useLabel();
  const values = Array.isArray(value) ? value : [value];
  return (
    <span className={dense ? styles.lineOfPills : styles.pills}>
      {values.map((item) => {
        const option = options.find((candidate) => candidate.value === item);
        return (
          <Pill key={String(item)} color={option?.color}>
            {option ? say(option.label) : String(item)}
          </Pill>
        );
      })}
    </span>
  );
}
