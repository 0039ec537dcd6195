// What must not happen while a page is open, whatever the test is about.

export class Faults {
  #seen = [];
  #expected = [];

  /** Watches all pages of a browser context; they may talk to `origin` only. */
  async watch(context, origin) {
    context.on('console', (message) => {
      if (['error', 'warning', 'assert'].includes(message.type())) {
        this.#seen.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
      }
    });
    context.on('weberror', (error) => this.#seen.push(`uncaught: ${error.error().stack}`));
    context.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(`${origin}/`) && !/^(data|blob):/.test(url)) this.#seen.push(`request to ${url}`);
    });
    context.on('page', (page) => page.on('dialog', (dialog) => {
      this.#seen.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    }));
    await context.addInitScript(() => {
      globalThis.addEventListener('securitypolicyviolation', (event) =>
        console.error(`violates ${event.effectiveDirective}: ${event.blockedURI} ${event.sample}`));
      // A console is for people; the page's own rejections shall not go unseen either.
      globalThis.addEventListener('unhandledrejection', (event) => console.error(`unhandled: ${event.reason}`));
    });
  }

  /** What this test brings about, e.g. refused requests, which browsers log by themselves. */
  expect(pattern) {
    this.#expected.push(pattern);
  }

  get list() {
    return this.#seen.filter((fault) => !this.#expected.some((pattern) => pattern.test(fault)));
  }
}
