import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { codegen } from '@graphql-codegen/core';
import * as operationTypes from '@graphql-codegen/typescript-operations';
import { buildASTSchema, getLocation, GraphQLError, isAbstractType, isEnumType, isObjectType, Kind, parse, print, Source, validate, visit } from 'graphql';
import { formatDocument } from 'urql';

// Types every operation in `src/**/*.graphql` from the server's own schema. Beside each such file it
// writes `NAME.gen.ts` with the operations as parsed documents, and all types into
// `src/api/types.gen.ts`. An operation that the schema does not allow ends the build.
//
// Each file is a module of its own, so that a page carries its own operations alone. Fragments may be
// used across files.

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const SOURCES = path.join(ROOT, 'src');
const TYPES = path.join(SOURCES, 'api', 'types.gen.ts');
const SCHEMA_FACTS = path.join(SOURCES, 'api', 'schema.gen.ts');
const MARK = '// Written by build/operations.js: not to be edited.\n';

/** The playground's examples are shown, not sent. */
const EXAMPLES = path.join(SOURCES, 'graphiql');

/** The schema stands beside `web/`; where `web/` is built as a copy, `CLAUSEWATCH_SCHEMA` names it. */
export const SCHEMA = process.env.CLAUSEWATCH_SCHEMA
  ? path.resolve(process.env.CLAUSEWATCH_SCHEMA)
  : path.resolve(ROOT, '..', 'schema.graphql');

const CONFIG = {
  scalars: { ID: 'string', Date: 'string', DateTime: 'string' },
  nonOptionalTypename: false,
};

function operationFiles() {
  return readdirSync(SOURCES, { recursive: true })
    .map((name) => path.join(SOURCES, String(name)))
    .filter((file) => file.endsWith('.graphql') && !file.startsWith(EXAMPLES))
    .sort();
}

/** @param {string} file @param {string} text */
function writeIfChanged(file, text) {
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text);
}

/** @param {GraphQLError} error */
function described(error) {
  const source = error.nodes?.[0]?.loc?.source ?? error.source;
  const at = source && error.positions?.[0] !== undefined ? getLocation(source, error.positions[0]) : undefined;
  const place = source && at ? `${path.relative(ROOT, source.name)}:${at.line}:${at.column} ` : '';
  return `${place}${error.message}`;
}

/**
 * The names of the fragments that a definition spreads, and those that these spread.
 * @param {import('graphql').DefinitionNode} definition
 * @param {Map<string, import('graphql').FragmentDefinitionNode>} fragments
 * @param {Set<string>} names
 */
function spreads(definition, fragments, names = new Set()) {
  visit(definition, {
    FragmentSpread({ name: { value } }) {
      const fragment = fragments.get(value);
      if (!fragment || names.has(value)) return;
      names.add(value);
      spreads(fragment, fragments, names);
    },
  });
  return names;
}

/**
 * What the cache must know of the schema: which types have no `id`, so that they are part of what
 * holds them, and which types an interface or union can be. With it every enum, for the texts.
 * @param {import('graphql').GraphQLSchema} schema
 */
function schemaFacts(schema) {
  const types = Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith('__'));
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const embedded = types
    .filter((type) => isObjectType(type) && !roots.includes(type) && !type.getFields().id)
    .map((type) => type.name);
  const possible = types
    .filter(isAbstractType)
    .map((type) => [type.name, schema.getPossibleTypes(type).map((possible) => possible.name)]);
  const enums = types
    .filter(isEnumType)
    .map((type) => `export type ${type.name} = ${type.getValues().map((value) => `'${value.name}'`).join(' | ')};\n`);
  return (
    `export const EMBEDDED: readonly string[] = ${JSON.stringify(embedded)};\n` +
    enums.join('') +
    `export const POSSIBLE: Record<string, string[]> = ${JSON.stringify(Object.fromEntries(possible))};\n`
  );
}

/**
 * The text of a document as the cache has it sent, which adds `__typename`, and the id of that text.
 * @param {import('graphql').DocumentNode} document
 */
function sent(document) {
  const text = print(formatDocument(structuredClone(document)));
  return { text, id: `sha256:${createHash('sha256').update(text).digest('hex')}` };
}

/** @param {unknown} node */
function withoutLocations(node) {
  return JSON.stringify(node, (key, value) =>
    key === 'loc' || (Array.isArray(value) && value.length === 0) ? undefined : value,
  );
}

/** Checks all operations, writes what is to be imported, and gives their texts by id. */
export async function generate() {
  const schemaDocument = parse(readFileSync(SCHEMA, 'utf8'));
  const schema = buildASTSchema(schemaDocument);
  const documents = operationFiles().map((location) => {
    const body = readFileSync(location, 'utf8');
    return { location, document: parse(new Source(body, location)) };
  });
  const all = /** @type {import('graphql').DocumentNode} */ ({
    kind: Kind.DOCUMENT,
    definitions: documents.flatMap(({ document }) => document.definitions),
  });
  const errors = validate(schema, all);
  if (errors.length > 0) {
    throw new Error(`Operations that schema.graphql does not allow:\n${errors.map(described).join('\n')}`);
  }
  const types = await codegen({
    schema: schemaDocument,
    documents,
    config: CONFIG,
    plugins: [{ operations: {} }],
    pluginMap: { operations: operationTypes },
    filename: TYPES,
  });
  writeIfChanged(TYPES, MARK + types);
  writeIfChanged(SCHEMA_FACTS, MARK + schemaFacts(schema));

  const fragments = new Map(
    all.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION).map((fragment) => [fragment.name.value, fragment]),
  );
  /** @type {Record<string, string>} */
  const texts = {};
  for (const { location, document } of documents) {
    const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
    const target = location.replace(/\.graphql$/, '.gen.ts');
    const imports = path.relative(path.dirname(target), TYPES).replace(/\.ts$/, '').replaceAll(path.sep, '/');
    const lines = operations.map((operation) => {
      const name = operation.name?.value;
      const kind = operation.operation === 'query' ? 'Query' : operation.operation === 'mutation' ? 'Mutation' : 'Subscription';
      const definitions = [operation, ...[...spreads(operation, fragments)].map((name) => fragments.get(name))];
      const { text, id } = sent(/** @type {import('graphql').DocumentNode} */ ({ kind: Kind.DOCUMENT, definitions }));
      texts[id] = text;
      const parsed = withoutLocations({ kind: Kind.DOCUMENT, documentId: id, definitions });
      return `export const ${name}Document = ${parsed} as unknown as TypedDocumentNode<types.${name}${kind}, types.${name}${kind}Variables>;\n`;
    });
    const head = `import type { TypedDocumentNode } from 'urql';\nimport type * as types from '${imports.startsWith('.') ? imports : `./${imports}`}';\n\n`;
    if (operations.length > 0) writeIfChanged(target, MARK + head + lines.join(''));
  }
  return texts;
}

/** @returns {import('vite').Plugin} */
export function operations() {
  /** @type {Record<string, string>} */
  let texts = {};
  return {
    name: 'operations',
    async buildStart() {
      this.addWatchFile(SCHEMA);
      texts = await generate();
    },
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'documents.json', source: JSON.stringify(texts) });
    },
    async handleHotUpdate({ file, server }) {
      if (!file.endsWith('.graphql')) return;
      await generate().catch((error) => server.config.logger.error(String(error)));
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await generate().catch((/** @type {Error} */ error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
