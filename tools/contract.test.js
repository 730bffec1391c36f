// Runs contract.js in temporary repositories.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

const SCRIPT = path.join(import.meta.dirname, 'contract.js');
const RELEASED = `
  directive @live(after: String) on FIELD
  enum Status { OPEN DONE }
  input Filter { status: Status }
  type Query { agreements(first: Int, filter: Filter): [String!] title: String status: Status }
`;
const UNRELEASED = '# Changelog\n\n## Unreleased\n\n### Added\n\n- A field.\n';

/** Releases RELEASED, changes schema and changelog, runs the script, and returns its exit code and output. */
function run(t, { schema = RELEASED, changelog = UNRELEASED, tags = ['v0.1.0'], args = [] }) {
  const folder = mkdtempSync(path.join(tmpdir(), 'contract-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const git = (...words) => execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', ...words], { cwd: folder });
  git('init', '--quiet');
  writeFileSync(path.join(folder, 'schema.graphql'), RELEASED);
  git('add', '.');
  git('commit', '--quiet', '--no-gpg-sign', '-m', 'Release');
  for (const tag of tags) git('tag', '--no-sign', tag);
  writeFileSync(path.join(folder, 'schema.graphql'), schema);
  writeFileSync(path.join(folder, 'CHANGELOG.md'), changelog);
  const { status, stdout, stderr } = spawnSync('node', [SCRIPT, ...args], { cwd: folder, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

const announcing = (text) => `# Changelog\n\n## [Unreleased]\n\n### Breaking\n\n- ${text}\n\n### Fixed\n\n- A fault.\n\n## 0.1.0\n`;
const BREAKING = {
  'Query.title': ['title: String', ''],
  'Query.agreements(first:)': ['first: Int, ', ''],
  'Status.DONE': ['OPEN DONE', 'OPEN'],
  'Filter.status': ['status: Status }\n  type', 'state: Status }\n  type'],
  '@live(after:)': ['(after: String)', ''],
};

for (const [coordinate, [before, after]] of Object.entries(BREAKING)) {
  const schema = RELEASED.replace(before, after);

  test(`removal of ${coordinate} fails if it is not announced`, (t) => {
    assert.notEqual(schema, RELEASED);
    const { status, output } = run(t, { schema });
    assert.equal(status, 1, output);
    assert.ok(output.includes(`Announce \`${coordinate}\` in CHANGELOG.md`), output);
  });

  test(`removal of ${coordinate} passes if it is announced`, (t) => {
    const { status, output } = run(t, { schema, changelog: announcing(`\`${coordinate}\` is removed.`) });
    assert.equal(status, 0, output);
  });
}

test('announcement of another version or of another section does not count', (t) => {
  const schema = RELEASED.replace('title: String', '');
  for (const changelog of [
    UNRELEASED.replace('A field', '`Query.title` is removed'),
    `${UNRELEASED}\n## 0.1.0\n\n### Breaking\n\n- \`Query.title\` is removed.\n`,
  ]) {
    assert.equal(run(t, { schema, changelog }).status, 1, changelog);
  }
});

test('compatible change passes without an announcement', (t) => {
  const { status, output } = run(t, { schema: RELEASED.replace('title: String', 'title: String note: String') });
  assert.equal(status, 0, output);
  assert.ok(output.includes('since v0.1.0'), output);
});

test('highest version is the base', (t) => {
  assert.ok(run(t, { tags: ['v0.9.0', 'v0.10.0', 'v0.2.0'] }).output.includes('since v0.10.0'));
});

test('deprecation fails without a date in its reason', (t) => {
  const deprecated = (reason) => RELEASED.replace('title: String', `title: String @deprecated(reason: "${reason}")`);
  const undated = run(t, { schema: deprecated('Use `name`.') });
  assert.equal(undated.status, 1, undated.output);
  assert.ok(undated.output.includes('Query.title is deprecated without a date'), undated.output);
  assert.equal(run(t, { schema: deprecated('Since 2026-12-01: use `name`.') }).status, 0);
});

test('repository without a release passes, and says that nothing was compared', (t) => {
  const { status, output } = run(t, { schema: 'type Query { other: Int }', tags: [] });
  assert.equal(status, 0, output);
  assert.ok(output.includes('No version is released yet'), output);
});

test('clone without tags fails if the changelog has a release', (t) => {
  const { status, output } = run(t, { changelog: announcing('None.'), tags: [] });
  assert.equal(status, 1, output);
  assert.ok(output.includes('no tag'), output);
});

test('option base compares with another commit', (t) => {
  const { status, output } = run(t, { schema: RELEASED.replace('title: String', ''), tags: [], args: ['--base', 'HEAD'] });
  assert.equal(status, 1, output);
});
