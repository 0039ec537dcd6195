// The page that the library has in it is what its sources make:
//   page_is_built.mjs SOURCE_DIRECTORY SCRATCH_DIRECTORY
// Ends with 77 where Node.js is too old to build it.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';

const SKIPPED = 77;
const PAGE = 'actors/admin/page';
const DASHBOARD = 'demo/dashboard';
const [, , source, scratch] = process.argv;

/** `engines` as in "^20.19.0 || >=22.12.0". */
function fits(version, engines) {
  const numbers = (text) => text.match(/\d+/g).map(Number);
  const [own] = [numbers(version)];
  return engines.split('||').some((range) => {
    const least = numbers(range);
    const from = least.findIndex((number, i) => number !== own[i]);
    const enough = from < 0 || own[from] > least[from];
    return enough && (!range.trim().startsWith('^') || own[0] === least[0]);
  });
}

function files(directory) {
  return Object.fromEntries(readdirSync(directory).sort().map((name) => [name, readFileSync(join(directory, name))]));
}

function run(...command) {
  console.log(`$ ${command.join(' ')}`);
  const { status } = spawnSync(command[0], command.slice(1), { cwd: join(scratch, DASHBOARD), stdio: 'inherit' });
  assert.equal(status, 0, `${command.join(' ')} failed`);
}

const { engines } = JSON.parse(readFileSync(join(source, DASHBOARD, 'package.json'), 'utf8'));
if (!fits(process.versions.node, engines.node)) {
  console.log(`skipped: the page is built with Node.js ${engines.node}, and this is ${process.versions.node}`);
  process.exit(SKIPPED);
}

// The page's place is relative to its sources.
rmSync(scratch, { recursive: true, force: true });
mkdirSync(join(scratch, PAGE), { recursive: true });
cpSync(join(source, DASHBOARD), join(scratch, DASHBOARD), {
  recursive: true, filter: (path) => basename(path) !== 'node_modules',
});
run('npm', 'ci', '--no-audit', '--no-fund', '--prefer-offline');
run('npm', 'run', 'check');
run('npm', 'test');
run('npm', 'run', 'build');

const [built, kept] = [files(join(scratch, PAGE)), files(join(source, PAGE))];
const different = [...new Set([...Object.keys(built), ...Object.keys(kept)])]
  .filter((name) => !built[name] || !kept[name]?.equals(built[name]));
assert.deepEqual(different, [], `${PAGE} is not what ${DASHBOARD} makes; "npm run build" there mends it`);
console.log(`${PAGE} is what ${DASHBOARD} makes: ${Object.keys(built).join(', ')}`);
rmSync(scratch, { recursive: true });
