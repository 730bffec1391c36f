import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { hasRole, useViewer } from '../../api/auth';
import { useQuery } from '../../api/query';
import type { ClauseQuery } from '../../api/types.gen';
import { signInAddress } from '../../api/way';
import { usePresentSlug } from '../../app/address';
import { useViewpointName } from '../../app/holders';
import { Page } from '../../app/Page';
import type { PageProps } from '../../app/routes';
import { useShortcut } from '../../app/shortcuts';
import { useParameters, useView } from '../../app/view';
import { Citation } from '../../components/Citation';
import { Link } from '../../components/Link';
import { Loaded, Loading } from '../../components/Loaded';
import { today } from '../../format/days';
import { texts } from '../../texts';
import { NotFound } from '../NotFound';
import { About } from './About';
import { Caveats } from './Caveats';
import { ClauseDocument } from './Clause.gen';
import styles from './Clause.module.css';
import { Deadlines } from './Deadlines';
import { kept } from './drafts';
import { Events } from './Events';
import { History } from './History';
import { Saved } from './Saved';
import { StatusNow } from './StatusNow';
import type { Recorded } from './update';
import { Viewpoints } from './Viewpoints';
import { Waits } from './Waits';

const Update = lazy(() => import('./Update'));

export type Clause = NonNullable<ClauseQuery['clause']>;

/** One clause: what it says, what became of it, who says so, and what it hangs together with. */
export default function ClausePage({ parameters: { slug = '', number = '' } }: PageProps) {
  const view = useView();
  const asOf = view.asOf ?? today();
  const names = { agreement: slug, number };
  const [result, ask] = useQuery({ query: ClauseDocument, variables: { ...names, asOf, heldBy: view.heldBy } });
  const viewpoint = useViewpointName();
  const clause = result.data?.clause;
  usePresentSlug(slug, clause?.agreement.slug);
  if (clause === null && !result.fetching) return <NotFound />;
  return (
    <Page
      title={clause ? `${clause.reference}: ${clause.heading}` : result.error && `${slug}, ${number}`}
      lead={<Link to={`/agreements/${slug}`}>{clause?.agreement.shortTitle ?? slug}</Link>}
      viewFrom={clause?.agreement.agreedOn}
    >
      <Loaded result={result} retry={ask}>
        {({ clause }) =>
          clause && (
            <>
              <Status key={clause.id} clause={clause} />
              <About clause={clause} />
              <Viewpoints clause={clause} />
              <Deadlines deadlines={clause.deadlines} />
              <Waits clause={clause} />
              <History clause={clause} asOf={asOf} />
              <div className={styles.columns}>
                <Events names={names} />
                <Caveats links={clause.caveatLinks} />
              </div>
              <Citation subject={`${clause.reference}, ${clause.heading}`} viewpoint={viewpoint} />
            </>
          )
        }
      </Loaded>
    </Page>
  );
}

/** The status, the form that updates it, and what was just recorded. */
function Status({ clause }: { clause: Clause }) {
  const viewer = useViewer();
  const [parameters, set] = useParameters();
  const [recorded, setRecorded] = useState<Recorded>();
  const isOpen = parameters.get('update') === 'yes';
  const here = window.location.pathname + window.location.search;
  const mayUpdate = hasRole(viewer, 'EDITOR');
  const open = useCallback(() => {
    setRecorded(undefined);
    set({ update: 'yes' });
  }, [set]);
  useShortcut('u', mayUpdate && !isOpen ? open : undefined);
  // Not a step of its own: the way back does not lead into a form that is done.
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
      {recorded && <Saved recorded={recorded} clause={clause} onDone={() => setRecorded(undefined)} />}
      <StatusNow clause={clause}>
        {mayUpdate && !isOpen && (
          <p className="actions no-print">
            <button ref={opener} type="button" className="primary" aria-keyshortcuts="u" onClick={open}>
              {kept(clause.id) ? texts.update.goOn : texts.clause.update}
            </button>
          </p>
        )}
      </StatusNow>
      {isOpen && viewer && !mayUpdate && (
        <p>
          {texts.update.takesRole} <Link to={signInAddress(here)}>{texts.states.signIn}</Link>
        </p>
      )}
      {isOpen && mayUpdate && (
        <Suspense fallback={<Loading />}>
          <Update
            clause={clause}
            onClose={() => {
              setLeft(true);
              close();
            }}
            onRecorded={(it) => {
              setRecorded(it);
              close();
            }}
          />
        </Suspense>
      )}
    </>
  );
}
