import { Segmented } from "antd";
import { AlignJustify, Menu, Rows2 } from "lucide-react";

import type { Density } from "@/api/views";
import { useTranslation } from "@/app/translation";

import { DENSITIES } from "./look";

const ICONS: Record<Density, typeof Menu> = { compact: AlignJustify, normal: Menu, comfortable: Rows2 };

interface Props {
  value: Density;
  onChange: (density: Density) => void;
  /** Only the signs, for where there is little room. */
  small?: boolean;
}

/** How dense rows stand. */
export function DensityPicker({ value, onChange, small }: Props) {
  const { t } = useTranslation();
  const names: Record<Density, string> = {
    compact: t("list.density.compact"),
    normal: t("list.density.normal"),
    comfortable: t("list.density.comfortable"),
  };
  return (
    <Segmented<Density>
      size={small ? "small" : "middle"}
      aria-label={t("list.densityTitle")}
      value={value}
      onChange={onChange}
      options={DENSITIES.map((density) => {
        const Icon = ICONS[density];
        return small
          ? { value: density, title: names[density], icon: <Icon size={14} aria-label={names[density]} /> }
          : { value: density, label: names[density], icon: <Icon size={14} aria-hidden /> };
      })}
    />
  );
}
