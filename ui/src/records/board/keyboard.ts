import { KeyboardCode, type KeyboardCoordinateGetter } from "@dnd-kit/core";

/** The arrow keys carry a lifted card from column to column. */
export const toNextColumn: KeyboardCoordinateGetter = (event, { context }) => {
  const step = { [KeyboardCode.Left as string]: -1, [KeyboardCode.Right as string]: 1 }[event.code];
  const from = context.collisionRect;
  if (!step || !from) return undefined;
  event.preventDefault();
  const columns = context.droppableContainers
    .getEnabled()
    .flatMap((container) => container.rect.current ?? [])
    .sort((a, b) => a.left - b.left);
  const middle = from.left + from.width / 2;
  const at = columns.findIndex((rect) => middle >= rect.left && middle <= rect.left + rect.width);
  const target = columns[Math.max(0, Math.min(columns.length - 1, at + step))];
  return target ? { x: target.left + 8, y: target.top + 48 } : undefined;
};
