// A test with pages and programs: what it opened is closed in the end, and
// every page is checked for faults.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openContext, closeBrowser } from './browser.mjs';
import { Faults } from './faults.mjs';
import { Demo, Host } from './programs.mjs';

after(closeBrowser);

export function scene(name, body) {
  test(name, async () => {
    const stage = new Stage();
    try {
      await body(stage);
      stage.check();
    } catch (error) {
      await stage.photograph(name);
      throw stage.explain(error);
    } finally {
      await stage.clear();
    }
  });
}

class Stage {
  faults = new Faults();
  #pages = [];
  #contexts = [];
  #programs = [];

  async host(options) {
    return this.#keep(await Host.start(options));
  }

  async demo() {
    return this.#keep(await Demo.start());
  }

  /** A new visitor; `options` are of the browser's context, e.g. its viewport. */
  async page(url, options = {}) {
    const context = await openContext(options);
    this.#contexts.push(context);
    await this.faults.watch(context, new URL(url).origin);
    const page = await context.newPage();
    this.#pages.push(page);
    await page.goto(url);
    return page;
  }

  check() {
    const faults = this.faults.list;
    if (faults.length > 0) throw new Error(`the page has faults:\n${faults.join('\n')}`);
  }

  explain(error) {
    const faults = this.faults.list;
    if (faults.length > 0 && !error.message.includes(faults[0])) {
      error.message += `\nThe page also has faults:\n${faults.join('\n')}`;
    }
    return error;
  }

  /** How it looked when something was wrong; into the directory that the environment names. */
  async photograph(name) {
    const directory = process.env.SWITCHGEAR_WEB_PICTURES;
    if (!directory) return;
    await mkdir(directory, { recursive: true });
    for (const [i, page] of this.#pages.entries()) {
      const path = join(directory, `${name.replace(/\W+/g, '_')}-${i}.png`);
      await page.screenshot({ path, timeout: 5000 }).then(() => console.log(`picture: ${path}`), () => {});
    }
  }

  async clear() {
    for (const context of this.#contexts) await context.close();
    for (const program of this.#programs) await program.stop();
  }

  #keep(program) {
    this.#programs.push(program);
    return program;
  }
}
