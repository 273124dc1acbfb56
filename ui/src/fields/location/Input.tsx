import { App, Button, Input, Space } from "antd";
import { LocateFixed } from "lucide-react";

import { useTranslation } from "@/app/translation";

import type { InputProps } from "../kinds";
import { placeOf } from "./place";

/** An address, and the device's position when the person asks for it. */
export function LocationInput({ id, field, value, onChange, invalid, autoFocus, disabled }: InputProps) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const place = placeOf(value);
  const locate = () =>
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => onChange({ [field.name]: { ...place, lat: coords.latitude, lng: coords.longitude } }),
      () => void message.warning(t("field.noPosition")),
    );
  return (
    <Space.Compact block>
      <Input
        id={id}
        value={place.address ?? ""}
        placeholder={t("field.address")}
        status={invalid ? "error" : undefined}
        autoFocus={autoFocus}
        disabled={disabled}
        onChange={(event) => onChange({ [field.name]: { ...place, address: event.target.value || null } })}
      />
      <Button icon={<LocateFixed size={15} />} aria-label={t("field.locate")} disabled={disabled} onClick={locate} />
    </Space.Compact>
  );
}
