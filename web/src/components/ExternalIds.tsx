import type { ExternalIdLinkFragment } from '../api/types.gen';
import { texts } from '../texts';
import { Fact } from './Fact';
import { OutsideLink } from './Link';

/** The identifiers of a record in other collections, as a `Fact`. Renders nothing if there are none. */
export function ExternalIds({ externalIds }: { externalIds: readonly ExternalIdLinkFragment[] }) {
  if (externalIds.length === 0) return null;
  return (
    <Fact name={texts.states.externalIds}>
      <ExternalIdList externalIds={externalIds} />
    </Fact>
  );
}

/** Identifiers in one line. An identifier with a URL links to the other collection. */
export function ExternalIdList({ externalIds }: { externalIds: readonly ExternalIdLinkFragment[] }) {
  return externalIds.map(({ id, scheme, value, url }, index) => {
    const name = `${scheme} ${value}`;
    return (
      <span key={id}>
        {index > 0 && ', '}
        {url ? <OutsideLink to={url}>{name}</OutsideLink> : name}
      </span>
    );
  });
}
