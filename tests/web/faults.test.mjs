// That the other tests would notice what must not happen; and that the page
// lets no script in.

import assert from 'node:assert/strict';
import { scene } from './support/scene.mjs';
import { card } from './support/views.mjs';
import { eventually } from './support/waiting.mjs';

const FAULTS = {
  'an error in the console': [() => console.error('oh'), /console error: oh/],
  'a warning in the console': [() => console.warn('hm'), /console warning: hm/],
  'an error that nobody caught': [() => setTimeout(() => { throw new Error('oops'); }), /uncaught: .*oops/],
  'a promise that nobody waited for': [() => { void Promise.reject(new Error('broken')); }, /broken/],
  'a dialog': [() => setTimeout(() => alert('boo')), /dialog: boo/],
  'a request to another origin': [() => { new Image().src = 'http://127.0.0.1:1/x.png'; }, /violates img-src|request to http:\/\/127\.0\.0\.1:1/],
  'an inline script': [() => {
    const script = document.createElement('script');
    script.append('globalThis.pwned = 1');
    document.body.append(script);
  }, /violates (script-src|require-trusted-types)/],
  'markup from a text': [() => {
    try {
      document.body.innerHTML = '<b>x</b>';
    } catch { /* that is what shall happen */ }
  }, /violates require-trusted-types-for/],
};

scene('each fault is seen', async (stage) => {
  const host = await stage.host();
  const page = await stage.page(host.url);
  await card(page, 'tool-0').waitFor();
  assert.deepEqual(stage.faults.list, []);
  for (const [what, [bring, pattern]] of Object.entries(FAULTS)) {
    await page.evaluate(bring);
    await eventually(() => stage.faults.list.some((fault) => pattern.test(fault)), () => `${what}\n${stage.faults.list.join('\n')}`);
  }
  assert.equal(await page.evaluate(() => globalThis.pwned), undefined);
  assert.throws(() => stage.check(), /the page has faults/);
  stage.faults.expect(/^/); // they were made on purpose
});
