// Brings the packages that the tests need, where they are not in place yet:
//   packages.mjs DIRECTORY...

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const TRIES = 3;

function packagesOf(path) {
  const { '': own, ...packages } = JSON.parse(readFileSync(path, 'utf8')).packages;
  return packages;
}

/** Whether what npm noted down when it installed is what the lock wants; packages for other systems aside. */
function upToDate(directory) {
  let wanted, there;
  try {
    wanted = packagesOf(join(directory, 'package-lock.json'));
    there = packagesOf(join(directory, 'node_modules/.package-lock.json'));
  } catch {
    return false;
  }
  return Object.entries(wanted).every(([name, { integrity, optional }]) =>
    there[name] ? there[name].integrity === integrity : optional)
    && Object.keys(there).every((name) => name in wanted);
}

function install(directory) {
  for (let tried = 1; ; tried++) {
    const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--prefer-offline'], { cwd: directory, stdio: 'inherit' });
    if (status === 0) return;
    if (tried === TRIES) throw new Error(`npm ci failed ${TRIES} times in ${directory}. Is there a network?`);
  }
}

for (const directory of process.argv.slice(2)) {
  if (upToDate(directory)) console.log(`${directory}: all packages are in place`);
  else install(directory);
}
