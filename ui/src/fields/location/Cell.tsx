import { MapPin } from "lucide-react";

import type { CellProps } from "../kinds";
import styles from "../fields.module.css";
import { placeOf } from "./place";

export function LocationCell({ value }: CellProps) {
  const place = placeOf(value);
  const text = place.address ?? [place.lat, place.lng].filter((part) => part !== null).join(", ");
  return (
    <span className={styles.iconText} title={text}>
      <MapPin size={13} aria-hidden />
      <span className="cut">{text}</span>
    </span>
  );
}
