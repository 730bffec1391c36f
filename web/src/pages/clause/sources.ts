import type { SourceNameFragment, UpdateSourcesQuery } from '../../api/types.gen';

/** Every source that the form can offer, each once: what the clause's own records cite before the rest. */
export function sourcesOf({ clause, events }: UpdateSourcesQuery): SourceNameFragment[] {
  const own = [
    clause?.source,
    ...(clause?.assessments.nodes.flatMap(({ evidence }) => evidence) ?? []),
    ...(clause?.events.nodes.flatMap(({ sources }) => sources) ?? []),
    clause?.agreement.source,
  ];
  const others = events?.nodes.flatMap(({ sources }) => sources) ?? [];
  const byId = new Map([...own, ...others].flatMap((it) => (it ? [[it.id, it] as const] : [])));
  return [...byId.values()];
}

/** Those that have all the words, whatever their case and accents. */
export function matching(sources: readonly SourceNameFragment[], typed: string): SourceNameFragment[] {
  const words = plain(typed).split(/\s+/).filter(Boolean);
  return sources.filter(({ title, publisher, publishedOn }) => {
    const text = plain([title, publisher, publishedOn].join(' '));
    return words.every((word) => text.includes(word));
  });
}

const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
