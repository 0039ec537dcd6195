// How smoothly a page moves: the times between its frames.

/** Counts frames, and cards in the document, until `stopCounting`. */
export async function countFrames(page) {
  await page.evaluate(() => {
    const seen = { times: [], cards: 0, on: true };
    globalThis.frameCount = seen;
    let last = performance.now();
    const next = () => {
      if (!seen.on) return;
      const now = performance.now();
      seen.times.push(now - last);
      seen.cards = Math.max(seen.cards, document.querySelectorAll('[data-testid="card"]').length);
      last = now;
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
}

export async function stopCounting(page) {
  const { times, cards } = await page.evaluate(() => {
    globalThis.frameCount.on = false;
    return globalThis.frameCount;
  });
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(share * times.length))];
  return {
    frames: times.length, cards,
    median: at(0.5), p95: at(0.95), longest: at(1),
    stalls: times.filter((time) => time > 100).length / times.length,
  };
}

export function describe({ frames, cards, median, p95, longest, stalls }) {
  return `${frames} frames: median ${median.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms, longest ${longest.toFixed(0)} ms, `
    + `${(100 * stalls).toFixed(1)} % above 100 ms; at most ${cards} cards in the document`;
}
