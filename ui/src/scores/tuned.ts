import type { ScoreInFull, Tuned } from "@/api/scores";

/** The numbers of a score as they are published. */
export function tunedOf(full: ScoreInFull): Tuned {
  return {
    red: full.red,
    green: full.green,
    calibrate: full.calibrate,
    signals: Object.fromEntries(full.signals.map(({ metric, weight, bad, good }) => [metric, { weight, bad, good }])),
  };
}

/** How many numbers differ. */
export function differences(one: Tuned, other: Tuned): number {
  const bounds = (["red", "green", "calibrate"] as const).filter((name) => one[name] !== other[name]).length;
  return Object.entries(one.signals).reduce((sum, [metric, numbers]) => {
    const others = other.signals[metric];
    return sum + (["weight", "bad", "good"] as const).filter((name) => numbers[name] !== others?.[name]).length;
  }, bounds);
}

/** Ratios are edited in per cent. */
export function shown(value: number, unit: string): number {
  return unit === "ratio" ? Number((value * 100).toFixed(6)) : value;
}

export function stored(value: number, unit: string): number {
  return unit === "ratio" ? Number((value / 100).toFixed(8)) : value;
}
