// Answers GraphQL requests as the reference implementation does, from a snapshot of the server's data.
//
// It reads one JSON message per line and writes one line for each. The first message contains the snapshot. Each
// further message is a request. In its response, `outside` is true if the request needed data that the snapshot lacks.
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import {
  buildSchema,
  coerceInputValue,
  execute,
  getNamedType,
  GraphQLError,
  isInterfaceType,
  isObjectType,
  parse,
  TypeNameMetaFieldDef,
  validate,
} from 'graphql'

const DEFAULT_PAGE = 50
const LARGEST_PAGE = 200
const PAGING = ['first', 'after', 'last', 'before']

const schema = buildSchema(readFileSync(process.argv[2], 'utf8'))
limitScalar('Date', isDay)
limitScalar('DateTime', isInstant)
limitScalar('EdtfDate', () => true)
typeTypeNames()

/** The values of each record, keyed by its id. The empty id is the root. Each item maps field and arguments to a value. */
const records = new Map()
/** The type of each record. */
let types = {}
/** Well-formed ids that no record has. */
let missing = new Set()
/** The type of the list that a cursor belongs to. */
const cursorTypes = new Map()
/** Whether the current request needs data that the snapshot lacks. */
let isOutside = false

/**
 * Gives `__typename` a type where graphql-js checks whether fields can be merged. By the specification, the types of all
 * fields with the same response name must agree, but graphql-js looks only at declared fields. A lookup by name uses the
 * prototype of the fields object; a loop over the fields does not.
 */
function typeTypeNames() {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isObjectType(type) || isInterfaceType(type)) {
      Object.setPrototypeOf(type.getFields(), { __proto__: null, __typename: TypeNameMetaFieldDef })
    }
  }
}

/** Restricts a scalar to the strings that `isValid` accepts. */
function limitScalar(name, isValid) {
  const scalar = schema.getType(name)
  scalar.parseValue = (value) => {
    if (typeof value !== 'string' || !isValid(value)) throw new GraphQLError(`invalid ${name}`)
    return value
  }
  scalar.parseLiteral = (node) => scalar.parseValue(node.kind === 'StringValue' ? node.value : null)
}

function isDay(text) {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || text.startsWith('0000')) return false
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

function isInstant(text) {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/.test(text) && isDay(text.slice(0, 10))
}

/** The value without nulls in objects and with sorted keys, so that equal arguments have equal JSON. */
function canonical(value) {
  if (Array.isArray(value)) return value.map(canonical)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).filter(([, item]) => item !== null && item !== undefined)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, canonical(item)]))
}

function keyOf(field, coerced) {
  const rest = Object.entries(coerced).filter(([name]) => !PAGING.includes(name))
  return `${field} ${JSON.stringify(canonical(Object.fromEntries(rest)))}`
}

/** The arguments with their defaults, as a resolver receives them. */
function coerce(field, given) {
  const coerced = {}
  for (const { name, type, defaultValue } of field.args) {
    const value = given[name] === undefined ? defaultValue : coerceInputValue(given[name], type)
    if (value !== undefined) coerced[name] = value
  }
  return coerced
}

function load(snapshot) {
  types = snapshot.types
  missing = new Set(snapshot.missing)
  for (const { owner, field, arguments: given, value, fails } of snapshot.entries) {
    const type = owner === '' ? schema.getQueryType() : schema.getType(types[owner])
    const definition = type.getFields()[field]
    const key = keyOf(field, coerce(definition, given))
    const named = getNamedType(definition.type).name
    if (named.endsWith('Connection')) for (const edge of value ?? []) cursorTypes.set(edge.cursor, named)
    if (!records.has(owner)) records.set(owner, new Map())
    records.get(owner).set(key, fails ? new GraphQLError('this field fails') : value)
  }
}

function outside(what) {
  isOutside = true
  return new GraphQLError(`not in the snapshot: ${what}`)
}

function pageSize(name, size) {
  if (size < 0 || size > LARGEST_PAGE) throw new GraphQLError(`${name} is out of range`)
  return size
}

/** A page of a list of all edges; `type` is the name of the connection type. */
function page(edges, type, { first, after, last, before }) {
  if (first != null && last != null) throw new GraphQLError('first and last cannot be combined')
  const isFromEnd = last != null
  const size = isFromEnd ? pageSize('last', last) : first == null ? DEFAULT_PAGE : pageSize('first', first)
  const position = (cursor) => {
    const index = edges.findIndex((edge) => edge.cursor === cursor)
    if (index >= 0) return index
    // A cursor from another list of the same type may be valid here, but the snapshot does not contain its position.
    throw cursorTypes.get(cursor) === type ? outside('a cursor position') : new GraphQLError('the cursor is not from this list')
  }
  const start = after == null ? 0 : position(after) + 1
  const end = before == null ? edges.length : position(before)
  const between = edges.slice(start, Math.max(start, end))
  const hasMore = between.length > size
  const shown = isFromEnd ? between.slice(Math.max(0, between.length - size)) : between.slice(0, size)
  return {
    edges: shown,
    nodes: shown.map((edge) => edge.node),
    totalCount: edges.length,
    pageInfo: {
      hasNextPage: isFromEnd ? before != null : hasMore,
      hasPreviousPage: isFromEnd ? hasMore : after != null,
      startCursor: shown.at(0)?.cursor ?? null,
      endCursor: shown.at(-1)?.cursor ?? null,
    },
  }
}

function record(id) {
  if (types[id] !== undefined) return { __typename: types[id], id }
  if (missing.has(id)) return null
  throw new GraphQLError('not an id')
}

/** The result of `resolve`, or the error that it throws. In a list, such an error fails one item. */
function attempt(resolve) {
  try {
    return resolve()
  } catch (error) {
    return error
  }
}

function fieldResolver(source, given, _context, info) {
  const { fieldName } = info
  const owner = source === undefined ? '' : source.id
  if (owner === undefined) {
    if (!(fieldName in source)) throw outside(fieldName)
    return source[fieldName]
  }
  if (owner === '' && fieldName === 'node') return record(given.id)
  if (owner === '' && fieldName === 'nodes') return given.ids.map((id) => attempt(() => record(id)))
  const key = keyOf(fieldName, given)
  const value = records.get(owner)?.get(key)
  if (value === undefined) throw outside(`${owner} ${key}`)
  if (value instanceof Error) throw value
  const type = getNamedType(info.returnType).name
  return type.endsWith('Connection') ? page(value, type, given) : value
}

function refused(errors) {
  return { errors: errors.map(({ message }) => ({ message })) }
}

function answer({ query, variables, operationName }) {
  let document
  try {
    document = parse(query)
  } catch (error) {
    return refused([error])
  }
  const faults = validate(schema, document)
  if (faults.length > 0) return refused(faults)
  isOutside = false
  const result = execute({
    schema,
    document,
    variableValues: variables,
    operationName,
    fieldResolver,
    typeResolver: (value) => value.__typename,
  })
  const errors = (result.errors ?? []).map(({ message, path }) => ({ message, path }))
  return { ...('data' in result ? { data: result.data } : {}), errors, outside: isOutside }
}

const lines = createInterface({ input: process.stdin, crlfDelay: Infinity })
for await (const line of lines) {
  const message = JSON.parse(line)
  if (message.snapshot) load(message.snapshot)
  const result = message.snapshot ? { ready: true } : answer(message)
  process.stdout.write(`${JSON.stringify(result)}\n`)
}
