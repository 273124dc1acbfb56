import { useId } from "react";

import type { Color } from "@/api/scores";

interface Props {
  points: { day: string; value: number | null; color: Color | null }[];
  /** What it shows, for those who don't see it. */
  label: string;
  red: number;
  green: number;
}

const WIDTH = 168;
const HEIGHT = 40;
const PAD = 4;

/** A score over time, 0 at the bottom and 100 at the top, the bounds of its colours as quiet lines. */
export function Sparkline({ points, label, red, green }: Props) {
  const id = useId();
  const known = points.filter((point) => point.value !== null);
  const last = known.at(-1);
  const first = known[0];
  if (!last || !first || known.length < 2) return null;
  const from = Date.parse(first.day);
  const span = Math.max(1, Date.parse(last.day) - from);
  const x = (day: string) => PAD + ((Date.parse(day) - from) / span) * (WIDTH - 2 * PAD);
  const y = (value: number) => HEIGHT - PAD - (value / 100) * (HEIGHT - 2 * PAD);
  const line = known.map((point) => `${x(point.day).toFixed(1)},${y(point.value ?? 0).toFixed(1)}`).join(" ");
  return (
    <svg width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-labelledby={id}>
      <title id={id}>{label}</title>
      {[red, green].map((bound) => (
        <line
          key={bound}
          x1={PAD}
          x2={WIDTH - PAD}
          y1={y(bound)}
          y2={y(bound)}
          stroke="var(--line-strong)"
          strokeDasharray="2 3"
        />
      ))}
      <polyline points={line} fill="none" stroke="var(--ink-3)" strokeWidth={1.5} strokeLinejoin="round" />
      <circle
        cx={x(last.day)}
        cy={y(last.value ?? 0)}
        r={3}
        fill={`var(--${last.color ?? "gray"}-dot)`}
        stroke="var(--surface)"
      />
    </svg>
  );
}
