import { expect, test } from 'vitest';
import { differing } from './differing';

test('the differing words of two texts', () => {
  expect(differing('All are freed, everyone for everyone.', 'All are freed, all for all.')).toEqual({
    start: 'All are freed, ',
    before: 'everyone for everyone.',
    after: 'all for all.',
    end: '',
  });
  expect(differing('a b c', 'a c')).toEqual({ start: 'a ', before: 'b ', after: '', end: 'c' });
  expect(differing('Video link', 'Video conference')).toEqual({ start: 'Video ', before: 'link', after: 'conference', end: '' });
});

test('texts without a common word differ entirely', () => {
  expect(differing('Medium', 'High')).toEqual({ start: '', before: 'Medium', after: 'High', end: '' });
  expect(differing('', 'High')).toEqual({ start: '', before: '', after: 'High', end: '' });
});
