import { describe, expect, test } from 'vitest';
import { keys } from './keys';
import { backoff } from './live';
import { signInAddress, redirectTarget } from './redirect';

test('the wait grows with each failure, up to a minute and a fifth', () => {
  expect([1, 2, 3, 4].map((failures) => backoff(failures, 0))).toEqual([2000, 4000, 8000, 16000]);
  expect(backoff(30, 1)).toBe(72_000);
});

test('what has no id is part of what holds it, and a change is known by its place', () => {
  expect(keys.PageInfo?.({ __typename: 'PageInfo' })).toBeNull();
  expect(keys.ClauseConnection?.({ __typename: 'ClauseConnection' })).toBeNull();
  expect(keys.Change?.({ __typename: 'Change', position: 7 })).toBe('7');
  expect(keys.Clause).toBeUndefined();
});

describe('the way to the sign-in', () => {
  test('leads back to where one was', () => {
    const here = '/agreements/minsk-2/clauses/9?asOf=2021-12-02&update=yes#history';
    expect(redirectTarget(new URL(signInAddress(here), 'https://x.test').search)).toBe(here);
    expect(signInAddress('/')).toBe('/sign-in');
    expect(signInAddress('/sign-in?to=%2Ftokens')).toBe('/sign-in');
  });

  test('leads to no other host, and not round in circles', () => {
    const hosts = ['https://evil.test/', '//evil.test', '/\\evil.test', '/\t/evil.test', '/.//evil.test', '/a/..//evil.test'];
    for (const to of [...hosts, 'javascript:alert(1)', 'x', '']) {
      expect(redirectTarget(`?${new URLSearchParams({ to })}`)).toBe('/');
    }
    expect(redirectTarget('?to=/sign-in?to=/sign-in')).toBe('/');
    expect(redirectTarget('')).toBe('/');
  });
});
