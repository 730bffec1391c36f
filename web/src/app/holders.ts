import { useQuery } from '../api/query';
import { texts } from '../texts';
import { ViewpointsDocument } from './holders.gen';
import { useView } from './view';

/** The parties that can hold a view. */
export const useHolders = ({ pause = false } = {}) => useQuery({ query: ViewpointsDocument, pause });

/** The party with this slug or id. */
export function partyOf<Party extends { id: string; slug: string }>(parties: readonly Party[], name: string | undefined) {
  return parties.find(({ id, slug }) => slug === name || id === name);
}

/** The viewpoint in words, such as `Neutral record` or `View of Ukraine`. */
export function useViewpointName(): string {
  const { heldBy } = useView();
  const [{ data }] = useHolders();
  if (!heldBy) return texts.view.neutral;
  return texts.view.partyView(partyOf(data?.parties?.nodes ?? [], heldBy)?.shortName ?? heldBy);
}
