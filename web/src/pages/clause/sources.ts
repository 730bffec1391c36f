import type { SourceNameFragment, UpdateSourcesQuery } from '../../api/types.gen';

/** The sources that the clause's own records cite, each once. */
export function citedSources({ clause }: UpdateSourcesQuery): SourceNameFragment[] {
  const cited = [
    clause?.source,
    ...(clause?.assessments.nodes.flatMap(({ evidence }) => evidence) ?? []),
    ...(clause?.events.nodes.flatMap(({ sources }) => sources) ?? []),
    clause?.agreement.source,
  ];
  return [...new Map(cited.flatMap((source) => (source ? [[source.id, source] as const] : []))).values()];
}
