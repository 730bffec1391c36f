import type { SearchKind } from '../api/schema.gen';
import type { FindRecordsQuery } from '../api/types.gen';
import { sourceFacts } from '../components/SourceLink';
import { dateText } from '../format/edtf';

/** A record that the finder lists. */
export type Found = NonNullable<FindRecordsQuery['search']>['nodes'][number]['item'];

/** The input of the finder. */
export interface FinderInput {
  typed: string;
  /** Whether Enter was pressed before the results arrived: the first result is then chosen. */
  choosesFirst: boolean;
}

export const EMPTY_FINDER: FinderInput = { typed: '', choosesFirst: false };

export interface FinderProps {
  /** The id of the text field. */
  id: string;
  label: string;
  placeholder: string;
  /** The kinds of records to find. */
  kinds: readonly SearchKind[];
  /** Records that are listed before anything is typed. */
  suggestions: readonly Found[];
  /** The ids of records that are already chosen. They are not listed. */
  chosen: readonly string[];
  finder: FinderInput;
  onFinder: (finder: FinderInput) => void;
  onChoose: (found: Found) => void;
  onClose: () => void;
}

/** The name of a record in lists and references. */
export function foundLabel(found: Found): string {
  switch (found.__typename) {
    case 'Agreement':
      return found.shortTitle;
    case 'Event':
    case 'Source':
      return found.title;
    case 'Party':
      return found.shortName;
    default:
      return found.reference;
  }
}

/** The facts that distinguish records of the same name. */
export function foundFacts(found: Found): string {
  switch (found.__typename) {
    case 'Agreement':
      return dateText(found.agreedOn);
    case 'Event':
      return dateText(found.date);
    case 'Source':
      return sourceFacts(found);
    case 'Party':
    case 'Proposal':
      return '';
    default:
      return found.heading;
  }
}
