import type { Color } from "@/api/scores";
import { useTranslation } from "@/app/translation";
import { Pill } from "@/design/Pill";

interface Props {
  color: Color | null;
  value?: number | null;
}

/** A colour in a word, and the points where they are given. */
export function ColorPill({ color, value }: Props) {
  const { t } = useTranslation();
  const word = t(`scores.color.${color ?? "none"}`);
  return <Pill color={color ?? "gray"}>{value === null || value === undefined ? word : `${word} ${value}`}</Pill>;
}
