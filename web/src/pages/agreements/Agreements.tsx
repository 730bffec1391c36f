import { hasRole, useViewer } from '../../api/auth';
import { useQuery } from '../../api/query';
import type { AgreementRowFragment } from '../../api/types.gen';
import { Editors } from '../../app/Editors';
import { useFirstDay } from '../../app/firstDay';
import { useHolders, useViewpointName } from '../../app/holders';
import { Page } from '../../app/Page';
import type { PageProps } from '../../app/routes';
import { useParameters, useView } from '../../app/view';
import { AboutScore, BreakdownCell, BreakdownLegend, Score } from '../../components/Breakdown';
import { Citation } from '../../components/Citation';
import { DayText } from '../../components/DayText';
import { Filters, TextFilter } from '../../components/Filters';
import { Select } from '../../components/Form';
import { Link } from '../../components/Link';
import { Empty, Loaded } from '../../components/Loaded';
import { sumOf } from '../../components/status';
import { type Column, Table } from '../../components/Table';
import { today } from '../../format/days';
import { LOCALE } from '../../format/locale';
import { joinNames } from '../../format/names';
import { texts } from '../../texts';
import { WatchList } from '../../watch/WatchButton';
import { AgreementsDocument } from './Agreements.gen';
import styles from './Agreements.module.css';
import { exportOf, FILTER_NAMES, filterOf, isFiltered, orderOf } from './query';

const MAX_ROWS = 200;
const MAX_NAMES = 4;

/** All agreements made up to the selected day, with their scores. */
export default function Agreements(_: PageProps) {
  const view = useView();
  const [parameters] = useParameters();
  const mayEdit = hasRole(useViewer(), 'EDITOR');
  const day = { asOf: view.asOf ?? today(), heldBy: view.heldBy };
  const variables = { ...day, filter: filterOf(parameters, day, mayEdit), orderBy: orderOf(parameters), first: MAX_ROWS };
  const [result, refetch] = useQuery({ query: AgreementsDocument, variables });
  const viewpoint = useViewpointName();
  return (
    <Page title={texts.agreements.title} viewFrom={useFirstDay()}>
      <p className="prose">{texts.agreements.intro}</p>
      <Editors>
        <Link to="/new/agreement/guided">{texts.outline.title}</Link>
        <Link to="/new/agreement">{texts.edit.newAgreement}</Link>
      </Editors>
      <ListFilters mayEdit={mayEdit} />
      <Loaded result={result} retry={refetch}>
        {({ agreements }) =>
          agreements?.nodes.length ? (
            <>
              <BreakdownLegend breakdown={sumOf(agreements.nodes.map(({ implementation }) => implementation.breakdown))} of={texts.score.together} />
              <Table
                caption={texts.agreements.title}
                columns={COLUMNS}
                rows={agreements.nodes}
                rowKey={(agreement) => agreement.id}
                download={{ list: 'agreements', parameters: exportOf(variables) }}
                total={agreements.totalCount}
              />
              <Watched ids={agreements.nodes.map(({ id }) => id)} />
              <AboutScore />
            </>
          ) : (
            <Empty>{isFiltered(parameters) ? texts.agreements.noMatch : texts.agreements.empty}</Empty>
          )
        }
      </Loaded>
      <Citation subject={texts.agreements.title} viewpoint={viewpoint} />
    </Page>
  );
}

/** The button that watches all agreements, or the agreements that match the filters. */
function Watched({ ids }: { ids: readonly string[] }) {
  const [parameters] = useParameters();
  const hasFilter = isFiltered(parameters);
  return (
    <WatchList
      path="/agreements"
      names={FILTER_NAMES}
      title={texts.agreements.title}
      values={FILTER_NAMES.flatMap((name) => parameters.getAll(name)).filter(Boolean)}
      filter={hasFilter ? { about: [...ids] } : { kind: ['AGREEMENT', 'CLAUSE'] }}
      hint={hasFilter ? texts.agreements.watchesFound : texts.agreements.watchesAll}
    />
  );
}

function ListFilters({ mayEdit }: { mayEdit: boolean }) {
  const [parameters, set] = useParameters();
  const [{ data: holders }] = useHolders();
  const parties = (holders?.parties?.nodes ?? []).toSorted((first, second) => first.shortName.localeCompare(second.shortName, LOCALE));
  const choose = (name: string, label: string, choices: readonly { value: string; label: string }[], none?: string) => (
    <label>
      {label}{' '}
      <Select
        id={`filter-${name}`}
        value={parameters.get(name) ?? ''}
        none={none}
        choices={choices}
        onChange={(value) => set({ [name]: value })}
      />
    </label>
  );
  const labelled = (labels: Record<string, string>) => Object.entries(labels).map(([value, label]) => ({ value, label }));
  const { latest, ...orders } = texts.agreements.orders;
  return (
    <Filters names={FILTER_NAMES}>
      <TextFilter text={parameters.get('text') ?? ''} onChange={(text) => set({ text }, { replace: true })} />
      {choose('kind', texts.overview.kind, labelled(texts.agreementKind), texts.agreement.any)}
      {choose('party', texts.agreement.filterParty, parties.map(({ slug, shortName }) => ({ value: slug, label: shortName })), texts.agreement.any)}
      {choose('state', texts.agreements.state, labelled(texts.agreements.states), texts.agreement.any)}
      {choose('order', texts.agreements.order, labelled(orders), latest)}
      {mayEdit && (
        <fieldset>
          <legend>{texts.agreement.only}</legend>
          <label>
            <input
              type="checkbox"
              checked={parameters.has('archived')}
              onChange={(event) => set({ archived: event.target.checked ? '1' : undefined })}
            />{' '}
            {texts.agreements.archived}
          </label>
        </fieldset>
      )}
    </Filters>
  );
}

/** The names of the parties, without repetitions, because a party can have several roles. */
const namesOf = ({ parties }: AgreementRowFragment) => [...new Map(parties.map(({ party }) => [party.id, party.shortName])).values()];

/** The first few parties, and the number of the others. */
function Parties({ names }: { names: readonly string[] }) {
  const [shown, others] = [names.slice(0, MAX_NAMES), names.slice(MAX_NAMES)];
  return (
    <span className={styles.parties} title={joinNames(names)}>
      {shown.join(', ')} {others.length > 0 && <span className="muted">{texts.agreements.others(others.length)}</span>}
    </span>
  );
}

const COLUMNS: readonly Column<AgreementRowFragment>[] = [
  {
    title: texts.agreements.agreement,
    isRowHeader: true,
    cell: (agreement) => (
      <Link to={`/agreements/${agreement.slug}`} title={agreement.title} className={styles.name}>
        {agreement.shortTitle}
      </Link>
    ),
  },
  { title: texts.overview.agreed, cell: (agreement) => <DayText day={agreement.agreedOn} /> },
  { title: texts.overview.endedOn, cell: ({ implementation: { endedOn } }) => endedOn && <DayText day={endedOn} /> },
  {
    title: texts.overview.kind,
    cell: (agreement) => <span className={styles.name}>{texts.agreementKind[agreement.kind]}</span>,
  },
  {
    title: texts.agreement.parties,
    cell: (agreement) => <Parties names={namesOf(agreement)} />,
  },
  {
    title: texts.overview.score,
    cell: ({ implementation }) => (
      <span className={styles.score}>
        <Score {...implementation} />
      </span>
    ),
  },
  { title: texts.overview.breakdown, isWide: true, cell: ({ implementation }) => <BreakdownCell breakdown={implementation.breakdown} /> },
];
