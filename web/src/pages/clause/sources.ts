import type { SourceNameFragment, UpdateSourcesQuery } from '../../api/types.gen';

/** The distinct sources that the clause's records cite. */
export function citedSources({ clause }: UpdateSourcesQuery): SourceNameFragment[] {
  const cited = [
    clause?.source,
    ...(clause?.assessments.nodes.flatMap(({ evidence }) => evidence) ?? []),
    ...(clause?.events.nodes.flatMap(({ sources }) => sources) ?? []),
    clause?.agreement.source,
  ];
  return [...new Map(cited.flatMap((source) => (source ? [[source.id, source] as const] : []))).values()];
}
