import type { TabsState } from '@graphiql/react';

type Example = Pick<TabsState['tabs'][number], 'query' | 'variables' | 'headers'>;

// Each file examples/*.graphql becomes a tab. Tabs are in the order of the file names, and their titles are the names of
// the operations. A .json file with the same name contains the variables. The server's tests run every example.
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
