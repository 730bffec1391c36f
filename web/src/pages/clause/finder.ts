import type { SourceNameFragment, UpdateSourcesQuery } from '../../api/types.gen';
import type { EvidenceDraft } from './update';

/** The input of the source finder. */
export interface FinderInput {
  typed: string;
  /** Whether Enter was pressed before the results arrived: the first result is then chosen. */
  choosesFirst: boolean;
}

export interface FinderProps {
  sources: UpdateSourcesQuery | undefined;
  chosen: readonly EvidenceDraft[];
  finder: FinderInput;
  onFinder: (finder: FinderInput) => void;
  onChoose: (source: SourceNameFragment) => void;
  onClose: () => void;
}
