import generatePicker from "antd/es/date-picker/generatePicker";
import type { Dayjs } from "dayjs";

import { calendar } from "./calendar";

/** antd's date picker on the viewer's clock: the day it marks, "今天" and "此刻" are theirs. Its values are of their wall. */
export const DatePicker = generatePicker<Dayjs>(calendar);
