import { useMemo } from 'react';
import { useQuery } from 'urql';
import type { SequenceQuery } from '../../api/types.gen';
import { Page } from '../../app/Page';
import type { PageProps } from '../../app/routes';
import { useView } from '../../app/view';
import { Citation } from '../../components/Citation';
import { Link } from '../../components/Link';
import { Empty, Loaded, Loading } from '../../components/Loaded';
import { longDay, today } from '../../format/days';
import { texts } from '../../texts';
import { NotFound } from '../NotFound';
import { useChoice } from './choice';
import { Deadlocks } from './Deadlocks';
import { graphOf } from './graph';
import { Assumed, Readings, useReadersKnown, useReadingsName } from './Readings';
import { SequenceDocument } from './Sequence.gen';
import { Steps } from './Steps';
import { Turns } from './Turns';

type Agreement = NonNullable<SequenceQuery['agreement']>;

/** In which order an agreement can be carried out, in whose readings, and what waits for itself. */
export default function SequencePage({ parameters: { slug = '' } }: PageProps) {
  const asOf = useView().asOf ?? today();
  const { readings, assumed } = useChoice();
  const variables = { slug, asOf, readings, assumeDone: assumed };
  const [result, ask] = useQuery({ query: SequenceDocument, variables });
  const isKnown = useReadersKnown(slug);
  const agreement = result.data?.agreement;
  if (agreement === null && !result.fetching && !result.error) return <NotFound />;
  return (
    <Page
      title={agreement || result.error ? texts.sequence.title(agreement?.shortTitle ?? slug) : undefined}
      lead={<Link to={`/agreements/${slug}`}>{agreement?.shortTitle ?? slug}</Link>}
      viewFrom={agreement?.agreedOn}
      isDayOnly
    >
      <p className="prose">{texts.sequence.intro}</p>
      {isKnown ? (
        <>
          <Readings slug={slug} />
          <Assumed />
          <Loaded result={result} retry={ask}>
            {({ agreement }) => agreement && <Found agreement={agreement} asOf={asOf} />}
          </Loaded>
        </>
      ) : (
        <Loading />
      )}
    </Page>
  );
}

function Found({ agreement, asOf }: { agreement: Agreement; asOf: string }) {
  const { sequence, slug, title } = agreement;
  const { readings, assumed } = useChoice();
  const viewpoint = useReadingsName(slug);
  const graph = useMemo(() => graphOf(sequence, readings, assumed), [sequence, readings, assumed]);
  if (graph.steps.length === 0) return <Empty>{texts.sequence.empty}</Empty>;
  return (
    <>
      <Deadlocks sequence={sequence} slug={slug} />
      <Steps
        graph={graph}
        slug={slug}
        caption={texts.sequence.pictureCaption(agreement.shortTitle)}
        source={`${texts.product} · ${viewpoint} · ${longDay(asOf)}`}
        file={[slug, 'sequence', asOf]}
      />
      <Turns sequence={sequence} />
      <Citation subject={texts.sequence.title(title)} viewpoint={viewpoint} />
    </>
  );
}
