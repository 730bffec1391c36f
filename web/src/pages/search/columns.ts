import type { SearchHitFragment, SearchRowFragment } from '../../api/types.gen';
import { codedColumns } from '../../components/exportColumns';
import { identityColumns } from '../../components/identityColumns';
import type { Column } from '../../components/Table';
import { pathTo } from '../../components/TrackableLink';
import { texts } from '../../texts';

type Row = SearchRowFragment;

export function titleOf(item: SearchHitFragment): { prefix: string; name: string } {
  switch (item.__typename) {
    case 'Agreement':
      return { prefix: '', name: item.shortTitle };
    case 'Clause':
      return { prefix: `${item.reference} `, name: item.heading };
    case 'Caveat':
      return { prefix: `${item.number} `, name: item.heading };
    case 'Party':
      return { prefix: '', name: item.shortName };
    default:
      return { prefix: '', name: item.title };
  }
}

export function targetOf(item: SearchHitFragment): string {
  switch (item.__typename) {
    case 'Agreement':
      return `/agreements/${item.slug}`;
    case 'Event':
      return `/events/${item.id}`;
    case 'Party':
      return `/parties/${item.slug}`;
    case 'Source':
      return `/sources/${item.id}`;
    default:
      return pathTo(item);
  }
}

/** The slug of the agreement that the record is or belongs to. */
function agreementOf({ item }: Row): string {
  if (item.__typename === 'Agreement') return item.slug;
  return item.__typename === 'Clause' ? item.agreement.slug : '';
}

/** The slug of the proposal that the record is or belongs to. */
function proposalOf({ item }: Row): string {
  if (item.__typename === 'Proposal') return item.slug;
  return item.__typename === 'Caveat' ? item.proposal.slug : '';
}

/** The day of an agreement, proposal, event or source. */
function dateOf({ item }: Row): string | null {
  switch (item.__typename) {
    case 'Agreement':
      return item.agreedOn;
    case 'Proposal':
      return item.madeOn;
    case 'Event':
      return item.date;
    case 'Source':
      return item.publishedOn;
    default:
      return null;
  }
}

/** The columns of the CSV file. Results do not depend on a day or a viewpoint. */
export const RESULT_COLUMNS: readonly Column<Row>[] = [
  ...codedColumns(
    texts.search.kind,
    ({ item }: Row) => item.__typename.toUpperCase(),
    ({ item }) => texts.search.itemKinds[item.__typename],
  ),
  { title: texts.search.record, csv: ({ item }) => titleOf(item).prefix + titleOf(item).name },
  { title: texts.search.date, csv: dateOf },
  { title: texts.search.agreement, csv: agreementOf },
  { title: texts.search.proposal, csv: proposalOf },
  { title: texts.search.excerpt, csv: ({ excerpt }) => excerpt.text },
  { title: texts.search.sourceAddress, csv: ({ item }) => (item.__typename === 'Source' ? item.url : '') },
  { title: texts.export.archivedAddresses, csv: ({ item }) => (item.__typename === 'Source' ? item.archivedUrl : '') },
  ...identityColumns<Row>(({ item }) => [{ id: item.id, to: targetOf(item) }]),
];
