// The two programs with a page: the demo, and one that tests drive.

import { fileURLToPath } from 'node:url';
import { Program } from './program.mjs';

const built = (path) => fileURLToPath(new URL(`../../../build/release/${path}`, import.meta.url));
const DEMO = process.env.SWITCHGEAR_DEMO ?? built('demo/switchgear_demo');
const HOST = process.env.SWITCHGEAR_ADMIN_HOST ?? built('tests/admin/admin_host');

export const TOKEN = 'correct-horse-battery-staple';

/** tests/admin/admin_host.cpp says what it understands. */
export class Host extends Program {
  static async start({ breakers = 4, listen = '0', token = TOKEN, more = [] } = {}) {
    const result = new Host(HOST, '--listen', String(listen), '--breakers', String(breakers),
      ...(token === null ? [] : ['--token', token]), ...more);
    result.url = await result.said(/^http:/);
    return result;
  }

  get port() {
    return new URL(this.url).port;
  }

  async order(line) {
    const answer = await this.ask(line);
    if (answer !== 'ok') throw new Error(`${line}: ${answer}`);
  }

  calls(count, tool) {
    return this.order(`calls ${count} ${tool}`);
  }

  failures(count, tool) {
    return this.order(`failures ${count} ${tool}`);
  }

  traffic(percent) {
    return this.order(`traffic ${percent}`);
  }
}

export class Demo extends Program {
  static async start() {
    const result = new Demo(DEMO, '--plain', '--admin', '0');
    result.url = (await result.said(/^Dashboard: /)).replace('Dashboard: ', '');
    await result.said(/try help/); // the phases are over
    return result;
  }

  /** All that it answers to a line. */
  async answer(line) {
    const from = this.lines.length;
    this.tell(line);
    this.tell('no such thing');
    await this.said(/^\? /, from);
    return this.lines.slice(from).filter((each) => !each.startsWith('? '));
  }
}
