import { useState } from 'react';
import { useQuery } from '../../api/query';
import { Empty, Loaded } from '../../components/Loaded';
import { TimelineCsv } from '../../components/TimelineCsv';
import { TimelineList } from '../../components/TimelineList';
import { texts } from '../../texts';
import { AgreementTimelineDocument } from './Agreement.gen';

const INITIAL_ROWS = 15;
const MAX_ROWS = 200;

/** The timeline of the agreement up to a day, latest first. */
export function Timeline({ slug, asOf }: { slug: string; asOf: string }) {
  const [last, setLast] = useState(INITIAL_ROWS);
  const [result, refetch] = useQuery({ query: AgreementTimelineDocument, variables: { slug, to: asOf, last } });
  return (
    <section aria-labelledby="timeline">
      <h2 id="timeline">{texts.agreement.timeline}</h2>
      <Loaded result={result} retry={refetch}>
        {({ agreement }) =>
          agreement?.timeline.nodes.length ? (
            <>
              <TimelineList entries={agreement.timeline.nodes.toReversed()} />
              <p className="actions">
                <span className="muted">
                  {texts.states.showing(agreement.timeline.nodes.length, agreement.timeline.totalCount)}
                </span>
                {agreement.timeline.nodes.length < agreement.timeline.totalCount && last < MAX_ROWS && (
                  <button type="button" onClick={() => setLast(Math.min(MAX_ROWS, last * 3))}>
                    {texts.agreement.earlier}
                  </button>
                )}
                <TimelineCsv filter={{ agreement: [slug], to: asOf }} file={[slug, 'timeline', asOf]} />
              </p>
            </>
          ) : (
            <Empty>{texts.agreement.timelineEmpty}</Empty>
          )
        }
      </Loaded>
    </section>
  );
}
