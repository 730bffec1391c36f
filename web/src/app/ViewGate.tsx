import { type ReactNode, useEffect, useRef } from 'react';
import { Link as RouterLink, useLocation } from 'wouter';
import { useQuery } from '../api/query';
import { Loading } from '../components/Loaded';
import { isDay } from '../format/days';
import { texts } from '../texts';
import { partyOf, useHolders } from './holders';
import { PartyBySlugDocument } from './holders.gen';
import { Page } from './Page';
import { useParameters } from './view';

/** Parameters that contain a day, in addition to `asOf`, by page. */
const DAYS: Readonly<Record<string, readonly string[]>> = { '/compare': ['from', 'to'], '/timeline': ['from', 'to'] };

/**
 * Shows an error instead of the page if the address has an invalid date or an unknown party, with a link to the same page
 * without that parameter. Otherwise each part of the page would fail, or show a day that was not requested.
 */
export function ViewGate({ children }: { children: ReactNode }) {
  const [path] = useLocation();
  const [parameters, set] = useParameters();
  const heldBy = parameters.get('heldBy');
  const [{ data, fetching }] = useHolders({ pause: !heldBy });
  const invalidDays = ['asOf', ...(DAYS[path] ?? [])].filter((name) => {
    const day = parameters.get(name);
    return day && !isDay(day);
  });
  const { nodes: parties = [], pageInfo } = data?.parties ?? {};
  const isNotListed = Boolean(heldBy && data && !partyOf(parties, heldBy));
  // The address may have an old slug of a party.
  const [{ data: answer, fetching: isLoadingParty }] = useQuery({
    query: PartyBySlugDocument,
    variables: { slug: heldBy ?? '' },
    pause: !isNotListed,
  });
  const present = isNotListed ? answer?.party?.slug : undefined;
  useEffect(() => {
    if (present !== undefined && present !== heldBy) set({ heldBy: present }, { replace: true });
  }, [present, heldBy, set]);
  // Once the page was shown, it stays visible while the party of a new `heldBy` is loading.
  const isShown = useRef(false);
  const isWaiting = Boolean(heldBy) && ((!data && fetching) || (isNotListed && isLoadingParty)) && !isShown.current;
  const isUnknown = isNotListed && answer?.party === null && !pageInfo?.hasNextPage;
  const isPageShown = !isWaiting && !isUnknown && invalidDays.length === 0;
  useEffect(() => {
    if (isPageShown) isShown.current = true;
  }, [isPageShown]);
  const invalidNames = isUnknown ? [...invalidDays, 'heldBy'] : invalidDays;
  if (invalidNames.length > 0) {
    const withoutParty = invalidDays.length > 0 ? texts.view.withoutBoth : texts.view.withoutParty;
    const linkText = isUnknown ? withoutParty : texts.view.withoutDay;
    const remaining = new URLSearchParams([...parameters].filter(([name]) => !invalidNames.includes(name)));
    return (
      <Page title={texts.view.invalidTitle}>
        {invalidNames.map((name) => {
          const value = parameters.get(name) ?? '';
          return <p key={name}>{name === 'heldBy' ? texts.view.unknownParty(value) : texts.view.invalidDay(value)}</p>;
        })}
        <p>
          <RouterLink href={remaining.size > 0 ? `${path}?${remaining}` : path}>
            {linkText}
          </RouterLink>
        </p>
      </Page>
    );
  }
  if (isWaiting) return <Loading />;
  return children;
}
