import { describe, expect, test } from 'vitest';
import { withoutSecrets } from './secrets';

const TOKEN = `cwt_${'Ab1'.repeat(16)}`;
const HEADERS = JSON.stringify({ Authorization: `Bearer ${TOKEN}` });

describe('what the playground stores', () => {
  test('headers are not stored under any key', () => {
    for (const key of ['graphiql:headers', 'graphiql:shouldPersistHeaders']) expect(withoutSecrets(key, HEADERS)).toBeNull();
    for (const [key, list] of [['graphiql:queries', 'queries'], ['graphiql:favorites', 'favorites'], ['graphiql:tabState', 'tabs']] as const) {
      const item = { query: '{ viewer { name } }', variables: '{"headers":1}', operationName: 'A' };
      const redacted = withoutSecrets(key, JSON.stringify({ [list]: [{ ...item, headers: 'X-Key: secret' }] }));
      expect(JSON.parse(redacted ?? '')).toEqual({ [list]: [{ ...item, headers: null }] });
    }
  });

  test('a token in a query or in variables is redacted', () => {
    const redacted = withoutSecrets('graphiql:query', `# ${TOKEN}\n{ viewer { name } }`);
    expect(redacted).toBe('# cwt_…\n{ viewer { name } }');
    expect(withoutSecrets('graphiql:queries', JSON.stringify({ queries: [{ variables: TOKEN }] }))).not.toContain(TOKEN);
  });

  test('an invalid list is not stored', () => {
    expect(withoutSecrets('graphiql:queries', `{"queries": [${TOKEN}`)).toBeNull();
  });
});
