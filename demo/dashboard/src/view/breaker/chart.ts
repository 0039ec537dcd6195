import uPlot from 'uplot';
import { clock } from '../../model/format';
import { colour } from '../theme';

export interface Line {
  label: string;
  /** Custom property with its colour. */
  colour: string;
  bars: boolean;
}

export interface ChartOptions {
  height: number;
  lines: readonly Line[];
  format: (value: number) => string;
  /** Draws behind the numbers. */
  behind: (plot: uPlot) => void;
  cursor: (index: number | null) => void;
  sync: string;
  /** Room above the highest value, as a factor. */
  headroom: number;
  /** Below the last chart. */
  times: boolean;
}

/** The last time below the chart is half beyond its edge. */
const RIGHT = 26;

/** One pane of the timeline. */
export function makeChart(options: ChartOptions, width: number): uPlot {
  const { height, lines, format } = options;
  const ink = colour('--ink-soft');
  const grid = colour('--line');
  const font = `11px ${getComputedStyle(document.body).fontFamily}`;
  const axis = { stroke: ink, font, grid: { stroke: grid, width: 1 }, ticks: { show: false } };
  return new uPlot({
    width,
    height,
    padding: [10, RIGHT, options.times ? 0 : 6, 0],
    legend: { show: false },
    cursor: {
      sync: { key: options.sync }, drag: { x: false, y: false }, points: { show: false }, y: false,
    },
    scales: { x: { time: true }, y: { range: (_plot, _min, max) => [0, Math.max(max * options.headroom, 1)] } },
    axes: [
      { ...axis, size: options.times ? 26 : 4, space: 70, values: (_plot, times) => times.map((t) => options.times ? clock(t * 1000) : '') },
      { ...axis, size: 58, space: 28, values: (_plot, values) => values.map((value) => format(value)) },
    ],
    series: [{}, ...lines.map((line): uPlot.Series => {
      const stroke = colour(line.colour);
      return line.bars
        ? { label: line.label, fill: stroke, width: 0, points: { show: false }, paths: uPlot.paths.bars!({ size: [0.85, 14], align: 0 }) }
        : { label: line.label, stroke, width: 2, points: { show: true, size: 4, fill: stroke, width: 0 }, spanGaps: false };
    })],
    hooks: {
      drawClear: [options.behind],
      setCursor: [(plot) => options.cursor(plot.cursor.idx ?? null)],
    },
  });
}
