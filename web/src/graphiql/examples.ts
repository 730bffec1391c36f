import type { TabsState } from '@graphiql/react';

type Example = Pick<TabsState['tabs'][number], 'query' | 'variables' | 'headers'>;

// Each examples/*.graphql is one tab, in the order of the file names and titled by its operation;
// a .json of the same name holds its variables. The server's tests run every one of them.
const queries = import.meta.glob<string>('./examples/*.graphql', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const variables = import.meta.glob<string>('./examples/*.json', {
  query: '?raw',
  import: 'default',
  eager: true,
});

export const examples: Example[] = Object.entries(queries)
  .sort(([a], [b]) => a.localeCompare(b))
  .map(([path, query]) => ({
    query,
    variables: variables[path.replace(/\.graphql$/, '.json')] ?? null,
    headers: null,
  }));
