import { useCallback, useEffect, useRef, useState } from 'react';
import { hasRole, useViewer } from '../../api/auth';
import { useLastDefined, useQuery } from '../../api/query';
import { signInAddress } from '../../api/redirect';
import type { ClauseQuery } from '../../api/types.gen';
import { usePresentSlug } from '../../app/address';
import { useViewpointName } from '../../app/holders';
import { Page } from '../../app/Page';
import type { PageProps } from '../../app/routes';
import { useShortcut } from '../../app/shortcuts';
import { useParameters, useView } from '../../app/view';
import { currentPath } from '../../browser/base';
import { Citation } from '../../components/Citation';
import { Link } from '../../components/Link';
import { lazy } from '../../components/lazy';
import { Loaded } from '../../components/Loaded';
import { today } from '../../format/days';
import { texts } from '../../texts';
import { NotFound } from '../NotFound';
import { About } from './About';
import { Caveats } from './Caveats';
import { ClauseDocument } from './Clause.gen';
import styles from './Clause.module.css';
import { CurrentStatus } from './CurrentStatus';
import { Deadlines } from './Deadlines';
import { storedDraft } from './drafts';
import { Events } from './Events';
import { History } from './History';
import { Interpretations } from './Interpretations';
import { Preconditions } from './Preconditions';
import { RecordedNotice } from './RecordedNotice';
import type { Recorded } from './update';
import { Viewpoints } from './Viewpoints';

const UpdateForm = lazy(() => import('./UpdateForm'));

export type Clause = NonNullable<ClauseQuery['clause']>;

/** What identifies a clause in the address. */
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
  usePresentSlug(slug, result.data?.clause?.agreement.slug);
  const lastClause = useLastDefined(result.data?.clause);
  if (result.data?.clause === null && !result.fetching) return <NotFound />;
  // If another day cannot be loaded, the update form stays. Data of the earlier day is hidden.
  const isOtherDay = result.data === undefined && lastClause !== undefined;
  return (
    <Page
      title={lastClause ? `${lastClause.reference}: ${lastClause.heading}` : result.error && `${slug}, ${number}`}
      lead={<Link to={`/agreements/${slug}`}>{lastClause?.agreement.shortTitle ?? slug}</Link>}
      viewFrom={lastClause?.agreement.agreedOn}
    >
      <Loaded
        result={isOtherDay ? { ...result, data: { clause: lastClause } } : result}
        retry={refetch}
        earlierDataText={isOtherDay ? texts.states.otherDay : undefined}
      >
        {({ clause }) =>
          clause && (
            <>
              <Status key={clause.id} clause={clause} isOtherDay={isOtherDay} />
              {!isOtherDay && <Details clause={clause} names={names} asOf={asOf} viewpoint={viewpoint} />}
            </>
          )
        }
      </Loaded>
    </Page>
  );
}

interface DetailsProps {
  clause: Clause;
  /** The names by which the page was opened. They stay the same even if the slug of the agreement changes. */
  names: ClauseNames;
  asOf: string;
  viewpoint: string;
}

/** All sections below the status. */
function Details({ clause, names, asOf, viewpoint }: DetailsProps) {
  return (
    <>
      <About clause={clause} />
      <Interpretations clause={clause} />
      <Viewpoints clause={clause} />
      <Deadlines deadlines={clause.deadlines} />
      <Preconditions clause={clause} />
      <History clause={clause} names={names} asOf={asOf} />
      <div className={styles.columns}>
        <Events names={names} clauseId={clause.id} />
        <Caveats links={clause.caveatLinks} />
      </div>
      <Citation subject={`${clause.reference}, ${clause.heading}`} viewpoint={viewpoint} />
    </>
  );
}

interface StatusProps {
  clause: Clause;
  /** Whether the loaded clause is of another day than the selected one. Then only the form is shown. */
  isOtherDay: boolean;
}

/** The status, the update form, and the notice about a recorded status. */
function Status({ clause, isOtherDay }: StatusProps) {
  const viewer = useViewer();
  const [parameters, set] = useParameters();
  const [recorded, setRecorded] = useState<Recorded>();
  const isOpen = parameters.get('update') === 'yes';
  const here = currentPath() + window.location.search;
  const mayUpdate = hasRole(viewer, 'EDITOR');
  const open = useCallback(() => {
    setRecorded(undefined);
    set({ update: 'yes' });
  }, [set]);
  useShortcut('u', mayUpdate && !isOpen ? open : undefined);
  // Replaces the history entry, so that the back button does not reopen the form.
  const close = () => set({ update: undefined }, { replace: true });
  const opener = useRef<HTMLButtonElement>(null);
  const [isLeft, setLeft] = useState(false);
  useEffect(() => {
    if (!isLeft || isOpen) return;
    setLeft(false);
    opener.current?.focus();
  }, [isLeft, isOpen]);
  return (
    <>
      {recorded && !isOtherDay && <RecordedNotice recorded={recorded} clause={clause} onDone={() => setRecorded(undefined)} />}
      {!isOtherDay && (
        <CurrentStatus clause={clause}>
          {mayUpdate && !isOpen && (
            <p className="actions no-print">
              <button ref={opener} type="button" className="primary" aria-keyshortcuts="u" onClick={open}>
                {storedDraft(clause.id) ? texts.update.continueDraft : texts.clause.update}
              </button>
            </p>
          )}
        </CurrentStatus>
      )}
      {isOpen && viewer && !mayUpdate && (
        <p>
          {texts.update.roleMissing} <Link to={signInAddress(here)}>{texts.states.signIn}</Link>
        </p>
      )}
      {isOpen && mayUpdate && (
        <UpdateForm
          clause={clause}
          onClose={() => {
            setLeft(true);
            close();
          }}
          onRecorded={(result) => {
            setRecorded(result);
            close();
          }}
        />
      )}
    </>
  );
}
