// A program under test: started, talked to line by line, and ended.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { eventually } from './waiting.mjs';

const running = new Set();

process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

export class Program {
  lines = [];
  errors = '';
  #child;
  #ended = null;

  constructor(path, ...args) {
    this.name = [path, ...args].join(' ');
    this.#child = spawn(path, args, { env: environment() });
    running.add(this.#child);
    this.#child.on('error', (error) => this.#end(error.message));
    this.#child.on('exit', (code, signal) => this.#end(signal ?? code));
    this.#child.stdin.on('error', () => {}); // it may end before it has read all
    this.#child.stderr.setEncoding('utf8').on('data', (text) => {
      this.errors += text;
    });
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.lines.push(line));
  }

  /** What it ended with; null while it runs. */
  get ended() {
    return this.#ended;
  }

  /** Waits for a line of its output, not before the line `from`. */
  async said(pattern, from = 0) {
    return eventually(() => {
      const line = this.lines.slice(from).find((each) => pattern.test(each));
      if (line === undefined && this.ended !== null) this.#fail('it ended');
      return line;
    }, () => this.#report());
  }

  /** Says a line and returns the next one that it prints. */
  async ask(line) {
    const from = this.lines.length;
    this.tell(line);
    return this.said(/^/, from);
  }

  tell(line) {
    this.#child.stdin.write(`${line}\n`);
  }

  signal(name) {
    this.#child.kill(name);
  }

  /** Ends its input, on which it shall end by itself, and well. */
  async stop() {
    if (this.ended !== null) return;
    this.signal('SIGCONT');
    this.#child.stdin.end();
    const code = await this.#wait();
    if (code !== 0) this.#fail(`it ended with ${code}`);
  }

  async kill() {
    if (this.ended !== null) return;
    this.signal('SIGKILL');
    await this.#wait();
  }

  async #wait() {
    await eventually(() => this.ended !== null, () => this.#report());
    return this.ended;
  }

  #end(how) {
    running.delete(this.#child);
    this.#ended = how;
  }

  #fail(what) {
    throw new Error(`${what}\n${this.#report()}`);
  }

  #report() {
    return `${this.name}\nsaid:\n${this.lines.slice(-40).join('\n')}\n${this.errors}`;
  }
}

/** The environment, without what would change what a program does. */
function environment() {
  return Object.fromEntries(Object.entries(process.env)
    .filter(([name]) => !/^(OTEL_|SWITCHGEAR_ADMIN_|NO_COLOR$)/.test(name)));
}
