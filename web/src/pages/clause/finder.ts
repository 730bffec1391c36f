import type { SourceNameFragment, UpdateSourcesQuery } from '../../api/types.gen';
import type { EvidenceDraft } from './update';

/** What was entered in the finder of sources. */
export interface FinderInput {
  typed: string;
  /** Whether Enter was pressed: the first source that has the words is taken as soon as it is known. */
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
