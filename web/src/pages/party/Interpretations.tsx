import { useState } from 'react';
import { useQuery } from '../../api/query';
import type { PartyInterpretationFragment } from '../../api/types.gen';
import { DayText } from '../../components/DayText';
import { identityColumns } from '../../components/identityColumns';
import { Empty, Loaded } from '../../components/Loaded';
import { type Column, Table } from '../../components/Table';
import { pathTo, TrackableLink } from '../../components/TrackableLink';
import { texts } from '../../texts';
import { PartyInterpretationsDocument } from './Party.gen';

const INITIAL_ROWS = 10;
const MAX_ROWS = 200;

interface Props {
  party: { slug: string };
  asOf: string;
}

/** The party's interpretations of clauses, caveats and their terms, latest first. */
export function Interpretations({ party: { slug }, asOf }: Props) {
  const [last, setLast] = useState(INITIAL_ROWS);
  const [result, refetch] = useQuery({ query: PartyInterpretationsDocument, variables: { slug, asOf, last } });
  return (
    <section aria-labelledby="interpretations">
      <h2 id="interpretations">{texts.party.interpretations}</h2>
      <Loaded result={result} retry={refetch}>
        {({ interpretations }) =>
          interpretations?.nodes.length ? (
            <>
              <Table
                caption={texts.party.interpretations}
                columns={COLUMNS}
                rows={interpretations.nodes.toReversed()}
                rowKey={({ id }) => id}
                file={[slug, 'interpretations', asOf]}
                total={interpretations.totalCount}
              />
              {interpretations.nodes.length < interpretations.totalCount && last < MAX_ROWS && (
                <p className="actions">
                  <button type="button" onClick={() => setLast(MAX_ROWS)}>
                    {texts.states.more}
                  </button>
                </p>
              )}
            </>
          ) : (
            <Empty>{texts.party.interpretationsEmpty}</Empty>
          )
        }
      </Loaded>
    </section>
  );
}

const COLUMNS: readonly Column<PartyInterpretationFragment>[] = [
  { title: texts.party.record, isRowHeader: true, cell: ({ subject }) => <TrackableLink item={subject} />, csv: ({ subject }) => subject.reference },
  { title: texts.party.term, cell: ({ term }) => term, csv: ({ term }) => term },
  { title: texts.party.meaning, isWide: true, cell: ({ meaning }) => meaning, csv: ({ meaning }) => meaning },
  { title: texts.party.stated, cell: ({ statedOn }) => <DayText day={statedOn} />, csv: ({ statedOn }) => statedOn },
  ...identityColumns<PartyInterpretationFragment>(({ id, subject }) => [{ id, to: pathTo(subject) }]),
];
