// Fails if `schema.graphql` breaks the contract of the last release and CHANGELOG.md does not announce the change.
//
// Usage: node tools/contract.js [--base COMMIT]
// The base is the latest tag `v*` that the current commit contains. `--base` compares with another commit.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';

const SCHEMA = 'schema.graphql';
const CHANGELOG = 'CHANGELOG.md';
const DATE = /\b\d{4}-\d{2}-\d{2}\b/;

function git(...words) {
  return execFileSync('git', words, { encoding: 'utf8', maxBuffer: 1 << 26 });
}

/** The latest release tag. Null if no version is released. */
function latestRelease() {
  const tags = git('tag', '--list', 'v*', '--merged', 'HEAD', '--sort=-version:refname');
  return tags.split('\n').find(Boolean) ?? null;
}

/** The body of a section: the lines between its heading and the next heading of the same level. */
function section(text, level, title) {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.replaceAll(/[[\]]/g, '').startsWith(`${level} ${title}`));
  if (start < 0) return '';
  const length = lines.slice(start + 1).findIndex((line) => line.startsWith(`${level} `));
  return lines.slice(start + 1, length < 0 ? undefined : start + 1 + length).join('\n');
}

/** The schema coordinates that "Unreleased" announces under "Breaking", in code quotes. */
function announcements(changelog) {
  const breaking = section(section(changelog, '##', 'Unreleased'), '###', 'Breaking');
  return new Set([...breaking.matchAll(/`([^`]+)`/g)].map((match) => match[1]));
}

/** A path of graphql-inspector as a schema coordinate: `Query.node.id` becomes `Query.node(id:)`. */
function coordinate(path) {
  const parts = path.split('.');
  const argument = parts[0].startsWith('@') ? 1 : 2;
  if (parts.length <= argument) return path;
  return `${parts.slice(0, argument).join('.')}(${parts[argument]}:)`;
}

/** The deprecated elements whose reason has no date. */
function undatedDeprecations(schema) {
  const undated = [];
  const check = (path, { deprecationReason: reason }) => {
    if (reason != null && !DATE.test(reason)) undated.push(path);
  };
  for (const type of Object.values(schema.getTypeMap())) {
    if (isEnumType(type)) {
      type.getValues().forEach((value) => check(`${type.name}.${value.name}`, value));
    } else if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)) {
      for (const field of Object.values(type.getFields())) {
        check(`${type.name}.${field.name}`, field);
        field.args?.forEach((argument) => check(`${type.name}.${field.name}(${argument.name}:)`, argument));
      }
    }
  }
  return undated;
}

const { values } = parseArgs({ options: { base: { type: 'string' } } });
const changelog = readFileSync(CHANGELOG, 'utf8');
const schema = buildSchema(readFileSync(SCHEMA, 'utf8'));
const faults = undatedDeprecations(schema).map(
  (path) => `${path} is deprecated without a date. Write the date into the reason, as YYYY-MM-DD.`,
);

const base = values.base ?? latestRelease();
if (base !== null) {
  const released = buildSchema(git('show', `${base}:${SCHEMA}`));
  const announced = announcements(changelog);
  for (const change of await diff(released, schema)) {
    if (change.criticality.level !== CriticalityLevel.Breaking) continue;
    const path = coordinate(change.path ?? '');
    if (!announced.has(path)) {
      faults.push(`${change.message}. Announce \`${path}\` in ${CHANGELOG}, "Unreleased", under "### Breaking".`);
    }
  }
} else if (/^## \[?v?\d/m.test(changelog)) {
  faults.push(`${CHANGELOG} has a released version, but this clone has no tag "v*". Run: git fetch --tags --unshallow`);
}

if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exitCode = 1;
} else if (base === null) {
  console.log('No version is released yet, so the contract was compared with nothing.');
} else {
  console.log(`The contract has no unannounced breaking change since ${base}.`);
}
