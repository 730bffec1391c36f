import { useMemo } from 'react';
import { useLast, useQuery } from '../../api/query';
import type { SequenceQuery } from '../../api/types.gen';
import { usePresentSlug } from '../../app/address';
import { Page } from '../../app/Page';
import type { PageProps } from '../../app/routes';
import { useView } from '../../app/view';
import { Citation } from '../../components/Citation';
import { Link } from '../../components/Link';
import { Empty, Loaded } from '../../components/Loaded';
import { longDay, today } from '../../format/days';
import { listed } from '../../format/words';
import { texts } from '../../texts';
import { NotFound } from '../NotFound';
import { useChoice } from './choice';
import { Deadlocks } from './Deadlocks';
import { type Effect, effectOf, graphOf, referenceOf } from './graph';
import { Assumed, nameOf, Readings, useReaders } from './Readings';
import { SequenceAsItIsDocument, SequenceDocument } from './Sequence.gen';
import { Steps } from './Steps';
import { Turns } from './Turns';

type Agreement = NonNullable<SequenceQuery['agreement']>;

/** In which order an agreement can be carried out, in whose readings, and what waits for itself. */
export default function SequencePage({ parameters: { slug = '' } }: PageProps) {
  const asOf = useView().asOf ?? today();
  const { readings, assumed } = useChoice();
  const variables = { slug, asOf, readings, assumeDone: assumed };
  const [result, ask] = useQuery({ query: SequenceDocument, variables });
  const [readers, askReaders] = useReaders(slug);
  const agreement = result.data?.agreement;
  usePresentSlug(slug, agreement?.slug);
  const named = useLast(agreement);
  if (agreement === null && !result.fetching && !result.error) return <NotFound />;
  return (
    <Page
      title={named || result.error ? texts.sequence.title(named?.shortTitle ?? slug) : undefined}
      lead={<Link to={`/agreements/${slug}`}>{named?.shortTitle ?? slug}</Link>}
      viewFrom={named?.agreedOn}
      isDayOnly
    >
      <p className="prose">{texts.sequence.intro}</p>
      {/* What is below the readings has its place once they are known. */}
      <Loaded result={readers} retry={askReaders}>
        {({ agreement: known }) => (
          <>
            <Readings readers={known?.sequence.readings ?? []} />
            <Assumed sequence={agreement?.sequence} />
            <Loaded result={result} retry={ask}>
              {({ agreement }) =>
                agreement && (
                  <Found
                    agreement={agreement}
                    asOf={asOf}
                    viewpoint={nameOf(readings, known?.sequence.readings ?? [])}
                    isSettled={!result.fetching}
                  />
                )
              }
            </Loaded>
          </>
        )}
      </Loaded>
    </Page>
  );
}

interface FoundProps {
  agreement: Agreement;
  asOf: string;
  /** Whose readings count, in words. */
  viewpoint: string;
  /** Whether what was found is for what is chosen now. */
  isSettled: boolean;
}

function Found({ agreement, asOf, viewpoint, isSettled }: FoundProps) {
  const { sequence, slug, title } = agreement;
  const { readings, assumed } = useChoice();
  const isAssumed = assumed.length > 0;
  const nothing = { slug, asOf, readings, assumeDone: [] };
  const [asItIs] = useQuery({ query: SequenceAsItIsDocument, variables: nothing, pause: !isAssumed });
  const before = asItIs.data?.agreement?.sequence;
  const graph = useMemo(() => graphOf(sequence, readings, assumed), [sequence, readings, assumed]);
  if (graph.steps.length === 0) return <Empty>{texts.sequence.empty}</Empty>;
  const steps = isAssumed ? listed(assumed.map((it) => referenceOf(it, sequence))) : undefined;
  const effect = before && isSettled && !asItIs.fetching ? effectInWords(effectOf(sequence, before)) : [];
  const seen = steps ? texts.sequence.withAssumed(viewpoint, steps) : viewpoint;
  return (
    <>
      <Deadlocks sequence={sequence} slug={slug} assumed={steps} />
      <Steps
        graph={graph}
        slug={slug}
        caption={texts.sequence.pictureCaption(agreement.shortTitle)}
        assumption={steps && [texts.sequence.assumedDone(steps), ...effect].join(' ')}
        source={`${texts.product} · ${seen} · ${longDay(asOf)}`}
        file={[slug, 'sequence', asOf, ...(isAssumed ? ['taken-as-done', ...assumed] : [])]}
      />
      <Turns sequence={sequence} />
      <Citation subject={texts.sequence.title(title)} viewpoint={seen} />
    </>
  );
}

const effectInWords = ({ deadlocks, freed }: Effect) => [
  ...(deadlocks === undefined ? [] : [texts.sequence.deadlocksLeft(deadlocks)]),
  texts.sequence.unblocked(freed),
];
