import { useMemo } from 'react';
import { useLastDefined, useQuery } from '../../api/query';
import type { SequenceQuery } from '../../api/types.gen';
import { usePresentSlug } from '../../app/address';
import { Page } from '../../app/Page';
import type { PageProps } from '../../app/routes';
import { useView } from '../../app/view';
import { Citation } from '../../components/Citation';
import { pictureSource } from '../../components/citedPath';
import { Link } from '../../components/Link';
import { Empty, Loaded } from '../../components/Loaded';
import { today } from '../../format/days';
import { joinNames } from '../../format/names';
import { texts } from '../../texts';
import { NotFound } from '../NotFound';
import { Deadlocks, Ended } from './Deadlocks';
import { type Effect, effectOf, graphOf, referenceOf } from './graph';
import { useSequenceOptions } from './options';
import { Assumed, nameOf, Readings, useReaders } from './Readings';
import { SequenceBaselineDocument, SequenceDocument } from './Sequence.gen';
import { EndedSteps, StepLists } from './StepLists';
import { Steps } from './Steps';

type Agreement = NonNullable<SequenceQuery['agreement']>;

/** The order in which an agreement can be carried out according to the selected readings, and its deadlocks. */
export default function SequencePage({ parameters: { slug = '' } }: PageProps) {
  const asOf = useView().asOf ?? today();
  const { readings, assumed } = useSequenceOptions();
  const variables = { slug, asOf, readings, assumeDone: assumed };
  const [result, refetch] = useQuery({ query: SequenceDocument, variables });
  const [readers, refetchReaders] = useReaders(slug);
  const agreement = result.data?.agreement;
  usePresentSlug(slug, agreement?.slug);
  const lastAgreement = useLastDefined(agreement);
  if (agreement === null && !result.fetching && !result.error) return <NotFound />;
  return (
    <Page
      title={lastAgreement || result.error ? texts.sequence.title(lastAgreement?.shortTitle ?? slug) : undefined}
      lead={<Link to={`/agreements/${slug}`}>{lastAgreement?.shortTitle ?? slug}</Link>}
      viewFrom={lastAgreement?.agreedOn}
      marksOf={{ agreement: slug }}
      isDayOnly
    >
      <p className="prose">{texts.sequence.intro}</p>
      {/* The readings are loaded before the sequence, so that the content below them does not move. */}
      <Loaded result={readers} retry={refetchReaders}>
        {({ agreement: withReadings }) => (
          <>
            <Readings readers={withReadings?.sequence.readings ?? []} />
            <Assumed sequence={agreement?.sequence} />
            <Loaded result={result} retry={refetch}>
              {({ agreement }) =>
                agreement && (
                  <Result
                    agreement={agreement}
                    asOf={asOf}
                    viewpoint={nameOf(readings, withReadings?.sequence.readings ?? [])}
                    isCurrent={!result.fetching}
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

interface ResultProps {
  agreement: Agreement;
  asOf: string;
  /** The selected readings, in words. */
  viewpoint: string;
  /** Whether the data is for the current selection, not an earlier one. */
  isCurrent: boolean;
}

function Result({ agreement, asOf, viewpoint, isCurrent: isSettled }: ResultProps) {
  const { sequence, slug, title } = agreement;
  const view = useView();
  const { readings, assumed } = useSequenceOptions();
  const isAssumed = assumed.length > 0;
  const baselineVariables = { slug, asOf, readings, assumeDone: [] };
  const [baselineResult] = useQuery({ query: SequenceBaselineDocument, variables: baselineVariables, pause: !isAssumed });
  const baseline = baselineResult.data?.agreement?.sequence;
  const graph = useMemo(() => graphOf(sequence, readings, assumed), [sequence, readings, assumed]);
  // The sequence can contain steps of other agreements. If those have not ended, these steps can still be ready, blocked or deadlocked.
  const isOver = graph.steps.every(({ state }) => state === 'ENDED' || state === 'DONE');
  const endedOn = isOver && agreement.endings.find((ending) => !ending.heldBy && ending.endedOn <= asOf)?.endedOn;
  if (graph.steps.length === 0) return <Empty>{texts.sequence.empty}</Empty>;
  const steps = isAssumed ? joinNames(assumed.map((name) => referenceOf(name, sequence))) : undefined;
  const effect = baseline && isSettled && !baselineResult.fetching ? effectInWords(effectOf(sequence, baseline)) : [];
  const context = steps ? texts.sequence.withAssumed(viewpoint, steps) : viewpoint;
  return (
    <>
      {endedOn ? (
        <Ended slug={slug} shortTitle={agreement.shortTitle} endedOn={endedOn} />
      ) : (
        <>
          <Deadlocks sequence={sequence} slug={slug} assumed={steps} />
          <Steps
            graph={graph}
            slug={slug}
            caption={texts.sequence.pictureCaption(agreement.shortTitle)}
            assumption={steps && [texts.sequence.assumedDone(steps), ...effect].join(' ')}
            source={pictureSource(view, context)}
            file={[slug, 'sequence', asOf, ...(isAssumed ? ['taken-as-done', ...assumed] : [])]}
          />
          <StepLists sequence={sequence} />
        </>
      )}
      <EndedSteps sequence={sequence} />
      <Citation subject={texts.sequence.title(title)} viewpoint={context} />
    </>
  );
}

const effectInWords = ({ deadlocks, unblocked }: Effect) => [
  ...(deadlocks === undefined ? [] : [texts.sequence.deadlocksLeft(deadlocks)]),
  texts.sequence.unblocked(unblocked),
];
