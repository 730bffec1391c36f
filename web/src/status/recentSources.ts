import type { SourceNameFragment } from '../api/types.gen';
import { storeDraft, storedDraft } from '../form/storage';
import type { StatusAssessment } from './subject';

/** The sources that this account has most recently cited in this browser, latest first. A sign-out deletes them. */
const NAME = 'recent-sources-1';
const MAX_SOURCES = 5;

export const recentSources = () => storedDraft<readonly SourceNameFragment[]>(NAME) ?? [];

/** Remembers the sources of an assessment that was just recorded. */
export function rememberSources({ citations }: Pick<StatusAssessment, 'citations'>) {
  if (citations.length === 0) return;
  storeDraft(NAME, distinctSources([...citations.map(({ source }) => source), ...recentSources()]).slice(0, MAX_SOURCES));
}

export const distinctSources = (sources: readonly SourceNameFragment[]): SourceNameFragment[] => [
  ...new Map(sources.map((source) => [source.id, source])).values(),
];
