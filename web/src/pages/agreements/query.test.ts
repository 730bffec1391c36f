import { describe, expect, it } from 'vitest';
import { filterOf, isFiltered, orderOf } from './query';

const VIEW = { asOf: '2015-03-01', heldBy: undefined };
const read = (address: string) => filterOf(new URLSearchParams(address), VIEW, true);

describe('the list of agreements in the address', () => {
  it('becomes a filter that respects the day', () => {
    expect(read('')).toEqual({ asOf: '2015-03-01', heldBy: undefined, agreedTo: '2015-03-01' });
    expect(read('text=minsk&kind=PROTOCOL&party=ukraine&state=ended')).toMatchObject({
      text: 'minsk',
      kind: ['PROTOCOL'],
      party: ['ukraine'],
      ended: true,
    });
    expect(read('state=inForce')).toMatchObject({ ended: false });
  });

  it('ignores unknown values', () => {
    expect(read('kind=NONE&state=toString')).toEqual(read(''));
    expect(orderOf(new URLSearchParams('order=nothing'))).toEqual({ field: 'AGREED_ON', direction: 'DESC' });
  });

  it('lists archived agreements for editors only', () => {
    const parameters = new URLSearchParams('archived=1');
    expect(filterOf(parameters, VIEW, true).archived).toBe(true);
    expect(filterOf(parameters, VIEW, false).archived).toBeUndefined();
    expect(isFiltered(parameters)).toBe(true);
  });
});
