import { expect, test } from 'vitest';
import { embedCode } from './embedCode';

const LATEST = { asOf: undefined, heldBy: undefined };

test('the code contains the day and the viewpoint of the page', () => {
  const view = { asOf: '2021-12-02', heldBy: 'ukraine' };
  expect(embedCode('https://example.org/c', '/agreements/minsk-2/clauses/9', 'Minsk II, 9', view)).toBe(
    '<iframe src="https://example.org/c/embed/agreements/minsk-2/clauses/9?asOf=2021-12-02&amp;heldBy=ukraine" title="Minsk II, 9" width="480" height="190" loading="lazy" style="border: 0; max-width: 100%"></iframe>',
  );
});

test('the title is escaped, and without a day the card shows the latest day', () => {
  const code = embedCode('https://example.org', '/agreements/a/clauses/1', '"><script>&', LATEST);
  expect(code).toContain('src="https://example.org/embed/agreements/a/clauses/1"');
  expect(code).toContain('title="&quot;&gt;&lt;script&gt;&amp;"');
});
