import { useQuery } from '../api/query';
import { FirstAgreementDocument } from './firstDay.gen';

/** The day of the first agreement. Undefined while loading, and if there is none. */
export function useFirstDay(): string | undefined {
  const [{ data }] = useQuery({ query: FirstAgreementDocument });
  return data?.agreements?.nodes[0]?.agreedOn;
}
