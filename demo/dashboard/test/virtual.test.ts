import { describe, expect, it } from 'vitest';
import { gridFor, place, slots, step, visible } from '../src/model/virtual';

describe('the grid', () => {
  it('has as many columns as fit, and at least one', () => {
    expect(gridFor(1000, 300, 100, 10).columns).toBe(3);
    expect(gridFor(940, 300, 100, 10).columns).toBe(3);
    expect(gridFor(919, 300, 100, 10).columns).toBe(2);
    expect(gridFor(200, 300, 100, 10)).toMatchObject({ columns: 1, cell: { width: 200 } });
  });

  const grid = { columns: 3, cell: { width: 300, height: 100, gap: 10 }, heading: 50, after: 20 };

  it('puts groups below one another and leaves out empty ones', () => {
    const { slots: all, height } = slots([4, 0, 1], grid);
    expect(all.map(({ top, height }) => [top, height])).toEqual([[0, 210], [280, 0], [280, 100]]);
    expect(height).toBe(280 + 50 + 100 + 20);
  });

  it('shows the rows that are touched by the view, whole rows only', () => {
    const slot = { top: 0, height: 1090, count: 29 };
    expect(visible(slot, grid, 0, 50)).toEqual([0, 0]);
    expect(visible(slot, grid, 0, 51)).toEqual([0, 3]);
    expect(visible(slot, grid, 50 + 110, 50 + 220)).toEqual([3, 6]);
    expect(visible(slot, grid, 50 + 109, 50 + 221)).toEqual([0, 9]);
    expect(visible(slot, grid, 1100, 9000)).toEqual([27, 29]);
    expect(visible(slot, grid, 5000, 9000)).toEqual([0, 0]);
  });

  it('covers every cell once, wherever the view is', () => {
    const { slots: all } = slots([5000], grid);
    for (let from = 0; from < 180_000; from += 977) {
      const [first, last] = visible(all[0]!, grid, from, from + 800);
      for (const index of [first, last - 1]) {
        const y = 50 + place(index, grid).y;
        expect(y + 110 > from && y < from + 800).toBe(true);
      }
      expect(last - first).toBeLessThanOrEqual(30);
    }
  });
});

describe('arrow keys', () => {
  const go = (group: number, index: number, move: Parameters<typeof step>[1], counts = [2, 0, 7]) =>
    step({ group, index }, move, counts, 3, 2);

  it('go along rows and over to the next group', () => {
    expect(go(0, 1, 'right')).toEqual({ group: 2, index: 0 });
    expect(go(2, 0, 'left')).toEqual({ group: 0, index: 1 });
    expect(go(2, 6, 'right')).toEqual({ group: 2, index: 6 });
    expect(go(0, 0, 'left')).toEqual({ group: 0, index: 0 });
  });
  it('keep the column up and down where they can', () => {
    expect(go(2, 1, 'down')).toEqual({ group: 2, index: 4 });
    expect(go(2, 4, 'down')).toEqual({ group: 2, index: 6 });
    expect(go(2, 2, 'up')).toEqual({ group: 0, index: 1 });
    expect(go(0, 1, 'down')).toEqual({ group: 2, index: 1 });
    expect(go(2, 6, 'down')).toEqual({ group: 2, index: 6 });
  });
  it('jump to the ends and by pages', () => {
    expect(go(2, 3, 'first')).toEqual({ group: 0, index: 0 });
    expect(go(0, 0, 'last')).toEqual({ group: 2, index: 6 });
    expect(go(2, 6, 'page_up')).toEqual({ group: 2, index: 0 });
    expect(go(2, 0, 'page_down')).toEqual({ group: 2, index: 6 });
  });
});
