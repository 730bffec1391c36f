import { useMemo } from 'react';
import { useQuery } from '../../api/query';
import type { SequenceQuery } from '../../api/types.gen';
import { Page } from '../../app/Page';
import type { PageProps } from '../../app/routes';
import { useView } from '../../app/view';
import { Citation } from '../../components/Citation';
import { Link } from '../../components/Link';
import { Empty, Loaded } from '../../components/Loaded';
import { longDay, today } from '../../format/days';
import { texts } from '../../texts';
import { NotFound } from '../NotFound';
import { useChoice } from './choice';
import { Deadlocks } from './Deadlocks';
import { graphOf } from './graph';
import { Assumed, nameOf, Readings, useReaders } from './Readings';
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
  const [readers, askReaders] = useReaders(slug);
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
      {/* What is below the readings has its place once they are known. */}
      <Loaded result={readers} retry={askReaders}>
        {({ agreement: known }) => (
          <>
            <Readings readers={known?.sequence.readings ?? []} />
            <Assumed />
            <Loaded result={result} retry={ask}>
              {({ agreement }) =>
                agreement && (
                  <Found
                    agreement={agreement}
                    asOf={asOf}
                    viewpoint={nameOf(readings, known?.sequence.readings ?? [])}
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
}

function Found({ agreement, asOf, viewpoint }: FoundProps) {
  const { sequence, slug, title } = agreement;
  const { readings, assumed } = useChoice();
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
