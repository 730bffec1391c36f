import { hasRole, useViewer } from '../../api/auth';
import { useLastDefined, useQuery } from '../../api/query';
import type { ClauseQuery } from '../../api/types.gen';
import { usePresentSlug } from '../../app/address';
import { useNeighbours } from '../../app/clauseList';
import { Editors } from '../../app/Editors';
import { useViewpointName } from '../../app/holders';
import { Page } from '../../app/Page';
import type { PageProps } from '../../app/routes';
import { useView } from '../../app/view';
import { Citation } from '../../components/Citation';
import { Embed } from './Embed';
import { Link } from '../../components/Link';
import { Loaded } from '../../components/Loaded';
import { pathTo } from '../../components/TrackableLink';
import { today } from '../../format/days';
import { joinNames } from '../../format/names';
import { StatusUpdate } from '../../status/StatusUpdate';
import { texts } from '../../texts';
import { WatchRecord } from '../../watch/WatchButton';
import { NotFound } from '../NotFound';
import { Content, Obligations, partOf } from './About';
import { Caveats } from './Caveats';
import { ClauseDocument } from './Clause.gen';
import styles from './Clause.module.css';
import { Contents, type Section } from './Contents';
import { CurrentStatus } from './CurrentStatus';
import { Deadlines } from './Deadlines';
import { Events } from './Events';
import { History } from './History';
import { clausePath, NeighbourLinks } from './NeighbourLinks';
import { Interpretations } from './Interpretations';
import { Preconditions } from './Preconditions';
import { statusSubject } from './statusSubject';
import { StepChart } from './StepChart';
import { Viewpoints } from './Viewpoints';

export type Clause = NonNullable<ClauseQuery['clause']>;

/** The parts of the address that identify a clause. */
export interface ClauseNames {
  agreement: string;
  number: string;
}

/** One clause: its status, content, assessments, deadlines, preconditions and history. */
export default function ClausePage({ parameters: { slug = '', number = '' } }: PageProps) {
  const view = useView();
  const asOf = view.asOf ?? today();
  const names = { agreement: slug, number };
  const [result, refetch] = useQuery({ query: ClauseDocument, variables: { ...names, asOf, heldBy: view.heldBy } });
  const viewpoint = useViewpointName();
  const neighbours = useNeighbours(slug, number);
  usePresentSlug(slug, result.data?.clause?.agreement.slug);
  const lastClause = useLastDefined(result.data?.clause);
  const isGone = result.data?.clause === null && !result.fetching;
  if (isGone && !lastClause) return <NotFound />;
  // If another day cannot be loaded, or the clause was archived, the update form stays. Data of the earlier day is hidden.
  const isOtherDay = (result.data === undefined || isGone) && lastClause !== undefined;
  return (
    <Page
      title={lastClause ? `${lastClause.reference}: ${lastClause.heading}` : result.error && `${slug}, ${number}`}
      lead={
        <div className={styles.leadLine}>
          <Link to={`/agreements/${slug}`}>{lastClause?.agreement.shortTitle ?? slug}</Link>
          {neighbours && <NeighbourLinks slug={slug} neighbours={neighbours} />}
        </div>
      }
      actions={lastClause && <Actions clause={lastClause} />}
      viewFrom={lastClause?.agreement.agreedOn}
      marksOf={names}
    >
      {isGone && lastClause && (
        <p role="alert">
          {texts.clause.gone} <Link to={`/edit/clause/${lastClause.id}`}>{texts.clause.restore}</Link>
        </p>
      )}
      <Loaded
        result={isOtherDay ? { ...result, data: { clause: lastClause } } : result}
        retry={refetch}
        earlierDataText={isOtherDay ? texts.states.otherDay : undefined}
      >
        {({ clause }) =>
          clause && (
            <div className={styles.withContents}>
              {!isOtherDay && <ContentsOf clause={clause} />}
              <div>
                <StatusUpdate
                  key={clause.id}
                  subject={statusSubject(clause)}
                  name="yes"
                  hasShortcut
                  isOtherDay={isOtherDay}
                  next={neighbours?.next && clausePath(slug, neighbours.next)}
                >
                  {(button) => (
                    <div className={styles.top}>
                      <CurrentStatus clause={clause}>{button}</CurrentStatus>
                      <Content clause={clause} />
                    </div>
                  )}
                </StatusUpdate>
                {!isOtherDay && <Details clause={clause} names={names} asOf={asOf} viewpoint={viewpoint} />}
              </div>
            </div>
          )
        }
      </Loaded>
    </Page>
  );
}

/** The links and buttons beside the title. */
function Actions({ clause }: { clause: Clause }) {
  return (
    <>
      <WatchRecord id={clause.id} to={pathTo(clause)} title={clause.reference} />
      <Editors>
        <Link to={`/edit/clause/${clause.id}`}>{texts.edit.edit}</Link>
        <Link to={`/new/clause?${partOf(clause)}`}>{texts.edit.newPart}</Link>
      </Editors>
    </>
  );
}

interface DetailsProps {
  clause: Clause;
  /** The names by which the page was opened. They stay the same even if the slug of the agreement changes. */
  names: ClauseNames;
  asOf: string;
  viewpoint: string;
}

/**
 * The sections that are hidden because they have no records. An editor can add interpretations and preconditions, so these sections are
 * not hidden from editors.
 */
function useHiddenSections(clause: Clause): ReadonlySet<string> {
  const mayEdit = hasRole(useViewer(), 'EDITOR');
  const hidden: [id: string, isHidden: boolean][] = [
    ['interpretations', !mayEdit && clause.interpretations.nodes.length === 0],
    ['deadlines', clause.deadlines.length === 0],
    ['waits-for', !mayEdit && clause.preconditions.length === 0],
    ['holds-up', !mayEdit && clause.preconditionOf.length === 0],
    ['caveats', clause.caveatLinks.length === 0],
  ];
  return new Set(hidden.flatMap(([id, isHidden]) => (isHidden ? [id] : [])));
}

/** The list of all sections. */
function ContentsOf({ clause }: { clause: Clause }) {
  const hidden = useHiddenSections(clause);
  const sections: readonly Section[] = [
    { id: 'text', title: texts.clause.text },
    { id: 'viewpoints', title: texts.clause.viewpoints },
    { id: 'over-time', title: texts.clause.overTime },
    { id: 'history', title: texts.clause.history },
    { id: 'obligations', title: texts.clause.obligations },
    { id: 'interpretations', title: texts.interpretation.title },
    { id: 'deadlines', title: texts.clause.deadlines },
    { id: 'waits-for', title: texts.clause.preconditions },
    { id: 'holds-up', title: texts.clause.dependents },
    { id: 'events', title: texts.clause.events },
    { id: 'caveats', title: texts.clause.caveats },
    { id: 'cite', title: texts.citation.title },
    { id: 'embed', title: texts.embed.title },
  ];
  return <Contents sections={sections.filter(({ id }) => !hidden.has(id))} />;
}

/** The sections that the line “Not recorded” names if they are hidden, in order. */
const MISSING = [
  { id: 'deadlines', name: texts.clause.missing.deadlines },
  { id: 'waits-for', name: texts.clause.missing.preconditions },
  { id: 'holds-up', name: texts.clause.missing.dependents },
  { id: 'caveats', name: texts.clause.missing.caveats },
];

/** All sections below the status and the text. */
function Details({ clause, names, asOf, viewpoint }: DetailsProps) {
  const hidden = useHiddenSections(clause);
  const missing = MISSING.filter(({ id }) => hidden.has(id)).map(({ name }) => name);
  return (
    <>
      <Viewpoints clause={clause} />
      <StepChart clause={clause} names={names} asOf={asOf} viewpoint={viewpoint} />
      <History clause={clause} names={names} asOf={asOf} />
      <Obligations clause={clause} />
      {!hidden.has('interpretations') && <Interpretations clause={clause} />}
      {!hidden.has('deadlines') && <Deadlines deadlines={clause.deadlines} />}
      <Preconditions clause={clause} hidden={hidden} />
      <div className={styles.columns}>
        <Events names={names} clauseId={clause.id} />
        {!hidden.has('caveats') && <Caveats links={clause.caveatLinks} />}
      </div>
      {missing.length > 0 && <p className="muted">{texts.clause.notRecorded(joinNames(missing))}</p>}
      <Citation subject={`${clause.reference}, ${clause.heading}`} viewpoint={viewpoint} />
      <Embed path={pathTo(clause)} title={`${clause.reference}: ${clause.heading}`} />
    </>
  );
}
