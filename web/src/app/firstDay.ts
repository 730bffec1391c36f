import { useQuery } from '../api/query';
import { FirstAgreementDocument } from './firstDay.gen';

/** The day on which the earliest agreement was agreed. Undefined while loading, and if there is no agreement. */
export function useFirstDay(): string | undefined {
  const [{ data }] = useQuery({ query: FirstAgreementDocument });
  return data?.agreements?.nodes[0]?.agreedOn;
}
