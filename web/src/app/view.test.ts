import { expect, test } from 'vitest';
import { latestOf, viewOf, withView } from './view';

test('the view is read from the address', () => {
  expect(viewOf('asOf=2021-12-02&heldBy=ukraine')).toEqual({ asOf: '2021-12-02', heldBy: 'ukraine' });
  expect(viewOf('asOf=yesterday&heldBy=')).toEqual({ asOf: undefined, heldBy: undefined });
});

test('a link keeps the view, and its own parameters', () => {
  const view = { asOf: '2021-12-02', heldBy: undefined };
  expect(withView('/', view)).toBe('/?asOf=2021-12-02');
  expect(withView('/search?q=border', view)).toBe('/search?q=border&asOf=2021-12-02');
  expect(withView('/?asOf=2015-02-12', view)).toBe('/?asOf=2015-02-12');
  expect(withView('/proposals/us-reply-2022#UR-4', view)).toBe('/proposals/us-reply-2022?asOf=2021-12-02#UR-4');
  expect(withView('/', { asOf: undefined, heldBy: undefined })).toBe('/');
});

test('a link to the latest day keeps the viewpoint', () => {
  const view = viewOf('asOf=2021-12-02&heldBy=ukraine');
  expect(withView('/agreements/minsk-2/clauses/9', latestOf(view))).toBe('/agreements/minsk-2/clauses/9?heldBy=ukraine');
});
