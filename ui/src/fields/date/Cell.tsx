import { Time } from "@/design/Time";

import type { CellProps } from "../kinds";

export function DateCell({ value }: CellProps) {
  return <Time value={String(value)} />;
}
