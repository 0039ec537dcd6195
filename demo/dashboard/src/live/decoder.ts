import type { Summary } from '../api';
import type { Frame } from '../model/frame';
import { FrameMaker } from '../model/frame';

// Reading a poll of thousands of breakers takes longer than a frame of the
// screen. Large ones are read by a worker, which is this same script again.

const LARGE = 200_000;

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): {
    createScriptURL(url: string): unknown;
  };
}

export class Decoder {
  #maker = new FrameMaker();
  #worker: Worker | null = null;
  #broken = false;
  #waiting: { done: (frame: Frame) => void; failed: (why: Error) => void } | null = null;

  /** One at a time: polls are. */
  async decode(bytes: ArrayBuffer): Promise<Frame> {
    if (bytes.byteLength < LARGE || this.#broken) return this.#here(bytes);
    this.#worker ??= this.#start();
    const worker = this.#worker;
    if (!worker) return this.#here(bytes);
    this.#maker.forget();
    return new Promise<Frame>((done, failed) => {
      this.#waiting = { done, failed };
      worker.postMessage(bytes, [bytes]);
    });
  }

  /** The next frame names all breakers again. */
  forget(): void {
    this.#maker.forget();
    this.#worker?.postMessage('forget');
  }

  #here(bytes: ArrayBuffer): Frame {
    // Should the next poll be large again, its worker must not rely on an old one.
    this.#worker?.postMessage('forget');
    return this.#maker.make(parse(bytes));
  }

  #start(): Worker | null {
    try {
      const worker = new Worker(trusted(import.meta.url) as string, { type: 'module' });
      worker.onmessage = ({ data }: MessageEvent<Frame | { error: string }>) => {
        const waiting = this.#waiting;
        this.#waiting = null;
        if ('error' in data) waiting?.failed(new Error(data.error));
        else waiting?.done(data);
      };
      worker.onerror = (event) => {
        event.preventDefault();
        this.#broken = true;
        this.#worker = null;
        worker.terminate();
        this.#waiting?.failed(new Error('the worker failed'));
        this.#waiting = null;
      };
      return worker;
    } catch {
      this.#broken = true;
      return null;
    }
  }
}

// The page allows scripts by Trusted Types only; the one URL is the page's own script.
function trusted(url: string): unknown {
  const types = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;
  return types?.createPolicy('switchgear-worker', { createScriptURL: (own) => own }).createScriptURL(url) ?? url;
}

function parse(bytes: ArrayBuffer): Summary[] {
  return JSON.parse(new TextDecoder().decode(bytes)) as Summary[];
}

/** What the script does where it runs as a worker. */
export function serveAsWorker(): void {
  const maker = new FrameMaker();
  const port = globalThis as unknown as {
    onmessage: ((event: MessageEvent<ArrayBuffer | string>) => void) | null;
    postMessage(message: unknown, transfer?: Transferable[]): void;
  };
  port.onmessage = ({ data }) => {
    if (typeof data === 'string') {
      maker.forget();
      return;
    }
    try {
      const frame = maker.make(parse(data));
      port.postMessage(frame, [frame.numbers.buffer]);
    } catch (error) {
      maker.forget();
      port.postMessage({ error: String(error) });
    }
  };
}
