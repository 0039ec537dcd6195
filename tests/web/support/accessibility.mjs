// axe-core's rules, run in the page as it is.

import axe from 'axe-core';

/** Throws if the page breaks a rule of WCAG 2.2 (A, AA) or of good practice. */
export async function assertAccessible(page, what) {
  if (!await page.evaluate(() => 'axe' in globalThis)) await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, {
    resultTypes: ['violations'],
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  }));
  if (violations.length === 0) return;
  throw new Error(`${what}:\n` + violations.map(({ id, help, nodes }) => `${id}: ${help}\n`
    + nodes.slice(0, 5).map(({ html, failureSummary }) => `  ${html}\n  ${failureSummary.replaceAll('\n', '\n  ')}`).join('\n')).join('\n'));
}
