// Where things are on a wall of groups, each a heading and a grid of cells of
// one size: all arithmetic, so that scrolling asks the browser for nothing.

export interface Cell {
  width: number;
  height: number;
  gap: number;
}

export interface Grid {
  columns: number;
  cell: Cell;
  /** Height of a group's heading and the space after a group. */
  heading: number;
  after: number;
}

export function gridFor(width: number, minimum: number, height: number, gap: number): Grid {
  const columns = Math.max(1, Math.floor((width + gap) / (minimum + gap)));
  const each = Math.floor((width - gap * (columns - 1)) / columns);
  return { columns, cell: { width: each, height, gap }, heading: 52, after: 20 };
}

export interface Slot {
  /** Offset of the group's heading from the top of the wall. */
  top: number;
  /** Height of the grid below the heading. */
  height: number;
  count: number;
}

/** Groups without members take no room. */
export function slots(counts: readonly number[], grid: Grid): { slots: Slot[]; height: number } {
  let top = 0;
  const result = counts.map((count): Slot => {
    const height = gridHeight(count, grid);
    const slot = { top, height, count };
    if (count > 0) top += grid.heading + height + grid.after;
    return slot;
  });
  return { slots: result, height: top };
}

function gridHeight(count: number, { columns, cell }: Grid): number {
  const rows = Math.ceil(count / columns);
  return rows === 0 ? 0 : rows * (cell.height + cell.gap) - cell.gap;
}

/** The cells of a group that are between `from` and `to` (offsets on the wall): [first, last). */
export function visible(slot: Slot, grid: Grid, from: number, to: number): [number, number] {
  const start = slot.top + grid.heading;
  const pitch = grid.cell.height + grid.cell.gap;
  if (slot.count === 0 || to <= start || from >= start + slot.height) return [0, 0];
  const first = Math.max(0, Math.floor((from - start) / pitch)) * grid.columns;
  const last = Math.ceil((to - start) / pitch) * grid.columns;
  return [Math.min(first, slot.count), Math.min(last, slot.count)];
}

/** A cell's place within its group's grid. */
export function place(index: number, grid: Grid): { x: number; y: number } {
  return {
    x: (index % grid.columns) * (grid.cell.width + grid.cell.gap),
    y: Math.floor(index / grid.columns) * (grid.cell.height + grid.cell.gap),
  };
}

export interface At {
  group: number;
  index: number;
}

export type Move = 'left' | 'right' | 'up' | 'down' | 'first' | 'last' | 'page_up' | 'page_down';

/** Where an arrow key leads from a cell; up and down keep the column across groups. */
export function step(at: At, move: Move, counts: readonly number[], columns: number, page: number): At {
  const used = counts.map((count, group) => ({ count, group })).filter(({ count }) => count > 0);
  const here = used.findIndex(({ group }) => group === at.group);
  if (here < 0) return used[0] ? { group: used[0].group, index: 0 } : at;
  const { count } = used[here]!;
  const end = used[used.length - 1]!;
  switch (move) {
    case 'first': return { group: used[0]!.group, index: 0 };
    case 'last': return { group: end.group, index: end.count - 1 };
    case 'left':
      if (at.index > 0) return { group: at.group, index: at.index - 1 };
      return here > 0 ? { group: used[here - 1]!.group, index: used[here - 1]!.count - 1 } : at;
    case 'right':
      if (at.index + 1 < count) return { group: at.group, index: at.index + 1 };
      return here + 1 < used.length ? { group: used[here + 1]!.group, index: 0 } : at;
    case 'up':
    case 'page_up': {
      const rows = move === 'up' ? 1 : page;
      const index = at.index - rows * columns;
      if (index >= 0) return { group: at.group, index };
      if (move === 'page_up' && at.index >= columns) return { group: at.group, index: at.index % columns };
      if (here === 0) return at;
      const above = used[here - 1]!;
      const row = Math.floor((above.count - 1) / columns);
      return { group: above.group, index: Math.min(row * columns + (at.index % columns), above.count - 1) };
    }
    case 'down':
    case 'page_down': {
      const rows = move === 'down' ? 1 : page;
      const lastRow = Math.floor((count - 1) / columns);
      const row = Math.floor(at.index / columns);
      if (row < lastRow) {
        const to = Math.min(lastRow, row + rows);
        return { group: at.group, index: Math.min(to * columns + (at.index % columns), count - 1) };
      }
      if (here + 1 >= used.length) return at;
      const below = used[here + 1]!;
      return { group: below.group, index: Math.min(at.index % columns, below.count - 1) };
    }
  }
}
