import { expect, test } from 'vitest';
import { exportAddress } from './Downloads';

test('an export has the filter and the view as parameters', () => {
  const filter = { status: ['BREACHED', 'VOID'], overdue: true, asOf: '2016-01-01', heldBy: undefined, text: '' };
  expect(exportAddress('clauses', 'xlsx', { ...filter, agreement: ['minsk-2'] })).toBe(
    '/export/clauses.xlsx?status=BREACHED&status=VOID&overdue=true&asOf=2016-01-01&agreement=minsk-2',
  );
  expect(exportAddress('parties', 'json', {})).toBe('/export/parties.json');
  expect(exportAddress('parties', 'csv', {})).toBe('/export/parties.csv?bom=1');
});
