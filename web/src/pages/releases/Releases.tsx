import { useState } from 'react';
import { useQuery } from '../../api/query';
import type { ReleaseRowFragment } from '../../api/types.gen';
import { Page } from '../../app/Page';
import type { PageProps } from '../../app/routes';
import { DayText } from '../../components/DayText';
import { Empty, Loaded } from '../../components/Loaded';
import { type Column, Table } from '../../components/Table';
import { texts } from '../../texts';
import { ReleasesDocument } from './Releases.gen';

const INITIAL_ROWS = 50;
const MAX_ROWS = 200;

/** All releases, newest first, and how to verify a copy. */
export default function Releases(_: PageProps) {
  const [first, setFirst] = useState(INITIAL_ROWS);
  const [result, refetch] = useQuery({ query: ReleasesDocument, variables: { first } });
  return (
    <Page title={texts.releases.title}>
      <p className="prose">{texts.releases.intro}</p>
      <Loaded result={result} retry={refetch}>
        {({ releases }) =>
          releases?.nodes.length ? (
            <>
              <Table
                caption={texts.releases.title}
                columns={COLUMNS}
                rows={releases.nodes}
                rowKey={(release) => release.id}
                file={['releases']}
                total={releases.totalCount}
              />
              {releases.nodes.length < releases.totalCount && first < MAX_ROWS && (
                <p className="actions">
                  <button type="button" onClick={() => setFirst(MAX_ROWS)}>
                    {texts.states.more}
                  </button>
                </p>
              )}
            </>
          ) : (
            <Empty>{texts.releases.empty}</Empty>
          )
        }
      </Loaded>
      <section aria-labelledby="verify">
        <h2 id="verify">{texts.releases.verify}</h2>
        <p className="prose">{texts.releases.verifyText}</p>
        <p>
          <code>{texts.releases.command}</code>
        </p>
      </section>
    </Page>
  );
}

const COLUMNS: readonly Column<ReleaseRowFragment>[] = [
  {
    title: texts.releases.name,
    isRowHeader: true,
    cell: (release) => <span id={release.name}>{release.name}</span>,
    csv: (release) => release.name,
  },
  { title: texts.releases.dataTitle, isWide: true, cell: (release) => release.title, csv: (release) => release.title },
  {
    title: texts.releases.knownAt,
    cell: (release) => <DayText day={release.knownAt.slice(0, 10)} />,
    csv: (release) => release.knownAt,
  },
  { title: texts.releases.createdAt, csv: (release) => release.createdAt },
  { title: texts.releases.position, isNumber: true, cell: (release) => release.position, csv: (release) => release.position },
  {
    title: texts.releases.merkleRoot,
    isWide: true,
    cell: (release) => <code>{release.merkleRoot}</code>,
    csv: (release) => release.merkleRoot,
  },
  { title: texts.releases.notes, isWide: true, cell: (release) => release.notes, csv: (release) => release.notes },
];
