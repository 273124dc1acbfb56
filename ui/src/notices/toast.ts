import type { Notice } from "@/api/types";

import type { NoticeSettings } from "./notices";

/** Whether a notification pops up over the page now; `minute` is the minute of the viewer's own day. */
export function popsUp(notice: Pick<Notice, "kind" | "urgent">, settings: NoticeSettings | undefined, minute: number): boolean {
  if (settings?.quiet && isWithin(settings.quiet, minute)) return false;
  const chosen = settings?.items.find((setting) => setting.kind === notice.kind);
  if (!chosen) return notice.urgent;
  return chosen.toast && (notice.urgent || !chosen.urgent);
}

/** Whether a minute of the day lies in a span that may go past midnight. */
export function isWithin({ from, to }: { from: number; to: number }, minute: number): boolean {
  return from <= to ? from <= minute && minute < to : minute >= from || minute < to;
}

/** The minute of the day in a time zone. */
export function minuteOf(at: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const [hours, minutes] = parts.format(at).split(":").map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}
