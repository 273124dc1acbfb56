import dayjs, { type Dayjs } from "dayjs";

import { today as dayHere } from "@/format/today";

/** A line as it was typed, the day that it names taken out. */
export interface Phrase {
  text: string;
  day: Dayjs | null;
}

const ZH_DAYS: Record<string, number> = { 今天: 0, 今日: 0, 明天: 1, 明日: 1, 后天: 2, 大后天: 3 };
const EN_DAYS: Record<string, number> = { today: 0, tomorrow: 1 };
const ZH_WEEKDAYS: Record<string, number> = { 一: 0, 二: 1, 三: 2, 四: 3, 五: 4, 六: 5, 日: 6, 天: 6 };
const EN_WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

type Reading = [RegExp, (match: RegExpMatchArray, today: Dayjs) => Dayjs | null];

const READINGS: Reading[] = [
  [/(\d{4})[-/年](\d{1,2})[-/月](\d{1,2})日?/, (m) => dayOf(Number(m[1]), Number(m[2]), Number(m[3]))],
  [/(?<![\d.])(\d{1,2})月(\d{1,2})[日号]/, (m, today) => coming(Number(m[1]), Number(m[2]), today)],
  [/(?<![\d.-])(\d{1,2})[-/](\d{1,2})(?![\d.-])/, (m, today) => coming(Number(m[1]), Number(m[2]), today)],
  [/大后天|今天|今日|明天|明日|后天/, (m, today) => today.add(ZH_DAYS[m[0]] ?? 0, "day")],
  [/(下)?(?:周|星期|礼拜)([一二三四五六日天])/, (m, today) => weekday(ZH_WEEKDAYS[m[2] ?? ""] ?? 0, Boolean(m[1]), today)],
  [/\b(today|tomorrow)\b/i, (m, today) => today.add(EN_DAYS[m[0].toLowerCase()] ?? 0, "day")],
  [
    /\b(next )?(mon|tue|wed|thu|fri|sat|sun)(?:day|sday|nesday|rsday|urday)?\b/i,
    (m, today) => weekday(EN_WEEKDAYS.indexOf((m[2] ?? "").toLowerCase()), Boolean(m[1]), today),
  ],
];

/** Reads a day out of a line: 今天, 周五, 下周一, 12-31, 12月31日, tomorrow, next mon. The rest is the text. */
export function readPhrase(line: string, now: Dayjs = dayjs()): Phrase {
  const today = dayHere(now);
  for (const [pattern, read] of READINGS) {
    const match = line.match(pattern);
    const day = match ? read(match, today) : null;
    if (match && day) {
      const text = `${line.slice(0, match.index)} ${line.slice((match.index ?? 0) + match[0].length)}`;
      return { text: tidy(text), day };
    }
  }
  return { text: tidy(line), day: null };
}

function tidy(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])/g, "")
    .replace(/^[\s,，、]+|[\s,，、]+$/g, "");
}

function dayOf(year: number, month: number, day: number): Dayjs | null {
  const found = dayjs(new Date(year, month - 1, day));
  return found.month() === month - 1 && found.date() === day ? found : null;
}

/** That day of this year, or of the next once it is past. */
function coming(month: number, day: number, today: Dayjs): Dayjs | null {
  const here = dayOf(today.year(), month, day);
  return here?.isBefore(today) ? dayOf(today.year() + 1, month, day) : here;
}

/** The next such weekday, from 0 for Monday; of next week when asked for. */
function weekday(index: number, next: boolean, today: Dayjs): Dayjs {
  const now = (today.day() + 6) % 7;
  if (next) return today.add(7 - now + index, "day");
  return today.add((index - now + 7) % 7, "day");
}
