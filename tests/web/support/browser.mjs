// One Chromium for all tests of a file.

import { chromium } from 'playwright-core';
import { PATIENCE } from './waiting.mjs';

const ARGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

let browser = null;

async function start() {
  browser ??= chromium.launch({
    executablePath: process.env.SWITCHGEAR_CHROMIUM ?? '/usr/bin/chromium',
    args: ARGS, headless: true, timeout: PATIENCE,
  });
  return browser;
}

export async function openContext(options) {
  const context = await (await start()).newContext({
    viewport: { width: 1280, height: 800 }, locale: 'en-GB', timezoneId: 'UTC', ...options,
  });
  context.setDefaultTimeout(PATIENCE);
  return context;
}

export async function closeBrowser() {
  await (await browser)?.close();
  browser = null;
}
