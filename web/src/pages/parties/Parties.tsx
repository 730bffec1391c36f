import { hasRole, useViewer } from '../../api/auth';
import { useQuery } from '../../api/query';
import type { PartiesQuery } from '../../api/types.gen';
import { Editors } from '../../app/Editors';
import { Page } from '../../app/Page';
import type { PageProps } from '../../app/routes';
import { Citation } from '../../components/Citation';
import { Link } from '../../components/Link';
import { Empty, Loaded } from '../../components/Loaded';
import { type Column, Table } from '../../components/Table';
import { texts } from '../../texts';
import { WatchButton } from '../../watch/WatchButton';
import { PartiesDocument } from './Parties.gen';

type Party = NonNullable<PartiesQuery['parties']>['nodes'][number];
type Topic = NonNullable<PartiesQuery['topics']>[number];

/** All parties and topics. Editors can change them here. */
export default function Parties(_: PageProps) {
  const [result, refetch] = useQuery({ query: PartiesDocument });
  const mayEdit = hasRole(useViewer(), 'EDITOR');
  return (
    <Page title={texts.parties.title}>
      <p className="prose">{texts.parties.intro}</p>
      <Loaded result={result} retry={refetch}>
        {({ parties, topics }) => (
          <>
            <section aria-labelledby="parties">
              <h2 id="parties">{texts.parties.parties}</h2>
              <Editors>
                <Link to="/new/party">{texts.parties.newParty}</Link>
              </Editors>
              {parties?.nodes.length ? (
                <Table
                  caption={texts.parties.parties}
                  columns={mayEdit ? [...PARTY_COLUMNS, PARTY_EDIT] : PARTY_COLUMNS}
                  rows={parties.nodes}
                  rowKey={(party) => party.id}
                  download={{ list: 'parties' }}
                  total={parties.totalCount}
                />
              ) : (
                <Empty>{texts.parties.noParties}</Empty>
              )}
            </section>
            <section aria-labelledby="topics">
              <h2 id="topics">{texts.parties.topics}</h2>
              <Editors>
                <Link to="/new/topic">{texts.parties.newTopic}</Link>
              </Editors>
              {topics?.length ? (
                <Table
                  caption={texts.parties.topics}
                  columns={mayEdit ? [...TOPIC_COLUMNS, TOPIC_EDIT] : TOPIC_COLUMNS}
                  rows={topics}
                  rowKey={(topic) => topic.id}
                  file={['topics']}
                />
              ) : (
                <Empty>{texts.parties.noTopics}</Empty>
              )}
            </section>
          </>
        )}
      </Loaded>
      <Citation subject={texts.parties.title} />
    </Page>
  );
}

const PARTY_COLUMNS: readonly Column<Party>[] = [
  { title: texts.parties.party, isRowHeader: true, isWide: true, cell: (party) => <Link to={`/parties/${party.slug}`}>{party.name}</Link> },
  { title: texts.parties.shortName, cell: (party) => party.shortName },
  { title: texts.parties.kind, cell: (party) => texts.partyKind[party.kind] },
  {
    title: texts.parties.represents,
    cell: ({ represents }) => represents && <Link to={`/parties/${represents.slug}`}>{represents.shortName}</Link>,
  },
  { title: texts.parties.aliases, isWide: true, cell: (party) => party.aliases.join(', ') },
  { title: texts.parties.watch, cell: ({ id, shortName }) => <Watch id={id} name={shortName} /> },
];

const PARTY_EDIT: Column<Party> = {
  title: texts.parties.edit,
  cell: (party) => <EditLink to={`/edit/party/${party.id}`} name={party.shortName} />,
};

const TOPIC_COLUMNS: readonly Column<Topic>[] = [
  { title: texts.parties.topic, isRowHeader: true, cell: (topic) => topic.name, csv: (topic) => topic.name },
  { title: texts.parties.parent, cell: (topic) => topic.parent?.name, csv: (topic) => topic.parent?.name },
  { title: texts.parties.description, isWide: true, cell: (topic) => topic.description, csv: (topic) => topic.description },
  { title: texts.parties.watch, cell: ({ id, name }) => <Watch id={id} name={name} /> },
];

const TOPIC_EDIT: Column<Topic> = {
  title: texts.parties.edit,
  cell: (topic) => <EditLink to={`/edit/topic/${topic.id}`} name={topic.name} />,
};

/** Watches the changes to a party or topic and to the records that belong to it, as the change log lists them. */
function Watch({ id, name }: { id: string; name: string }) {
  return <WatchButton to={`/changes?about=${id}`} title={name} filter={{ about: [id] }} isHere={false} />;
}

function EditLink({ to, name }: { to: string; name: string }) {
  return (
    <Link to={to}>
      {texts.parties.edit} <span className="visually-hidden">{name}</span>
    </Link>
  );
}
