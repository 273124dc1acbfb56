import dayjsCalendar from "@rc-component/picker/generate/dayjs";
import type { Dayjs } from "dayjs";

import { wallNow } from "@/format/today";

/** How date pickers reckon: with dayjs, and with the viewer's today and now instead of the browser's. */
export const calendar: typeof dayjsCalendar & { getNow: () => Dayjs } = { ...dayjsCalendar, getNow: () => wallNow() };
