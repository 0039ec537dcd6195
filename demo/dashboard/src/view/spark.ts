import type { Trail } from '../model/trail';
import { s, setAttr } from './dom';

const WIDTH = 240;
const HEIGHT = 36;

/** The last minute of calls: successes, failures on top, rejections on top of these. */
export class Spark {
  readonly root: SVGSVGElement;
  readonly #good = s('path', { class: 'spark-good' });
  readonly #bad = s('path', { class: 'spark-bad' });
  readonly #rejected = s('path', { class: 'spark-rejected' });

  constructor() {
    this.root = s('svg', {
      class: 'spark', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': 'true',
    }, s('path', { class: 'spark-base', d: `M0 ${HEIGHT - 0.5}H${WIDTH}` }), this.#good, this.#bad, this.#rejected);
  }

  draw(trail: Trail): void {
    const { good, bad, rejected } = trail.paths(WIDTH, HEIGHT - 2);
    setAttr(this.#good, 'd', good);
    setAttr(this.#bad, 'd', bad);
    setAttr(this.#rejected, 'd', rejected);
  }
}
