import { describe, expect, test } from 'vitest';
import { keys } from './keys';
import { backoff } from './live';
import { signInAddress, redirectTarget } from './redirect';

test('the delay doubles with each failure, up to 72 seconds', () => {
  expect([1, 2, 3, 4].map((failures) => backoff(failures, 0))).toEqual([2000, 4000, 8000, 16000]);
  expect(backoff(30, 1)).toBe(72_000);
});

test('types without an id are embedded, and the key of a change is its position', () => {
  expect(keys.PageInfo?.({ __typename: 'PageInfo' })).toBeNull();
  expect(keys.ClauseConnection?.({ __typename: 'ClauseConnection' })).toBeNull();
  expect(keys.Change?.({ __typename: 'Change', position: 7 })).toBe('7');
  expect(keys.Clause).toBeUndefined();
});

describe('the redirect after the sign-in', () => {
  test('returns to the former page', () => {
    const here = '/agreements/minsk-2/clauses/9?asOf=2021-12-02&update=yes#history';
    expect(redirectTarget(new URL(signInAddress(here), 'https://x.test').search)).toBe(here);
    expect(signInAddress('/')).toBe('/sign-in');
    expect(signInAddress('/sign-in?to=%2Ftokens')).toBe('/sign-in');
  });

  test('never leads to another host or back to the sign-in page', () => {
    const hosts = ['https://evil.test/', '//evil.test', '/\\evil.test', '/\t/evil.test', '/.//evil.test', '/a/..//evil.test'];
    for (const to of [...hosts, 'javascript:alert(1)', 'x', '']) {
      expect(redirectTarget(`?${new URLSearchParams({ to })}`)).toBe('/');
    }
    expect(redirectTarget('?to=/sign-in?to=/sign-in')).toBe('/');
    expect(redirectTarget('')).toBe('/');
  });
});
