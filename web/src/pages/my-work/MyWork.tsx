import type { ReactNode } from 'react';
import { hasRole, useViewer } from '../../api/auth';
import { useQuery } from '../../api/query';
import { ChangeLine } from '../../app/ChangeLine';
import { Page } from '../../app/Page';
import { InstantText } from '../../components/DayText';
import { Link } from '../../components/Link';
import { Empty, Loaded } from '../../components/Loaded';
import { texts } from '../../texts';
import { Drafts } from './Drafts';
import { MyChangesDocument } from './MyWork.gen';
import styles from './MyWork.module.css';
import { Stale } from './Stale';
import { Submitted } from './Submitted';
import { Watched } from './Watched';

const MAX_CHANGES = 20;

/** The work of the current user: clauses that are due for a check, changes on watched pages, drafts, and recorded changes. */
export default function MyWorkPage() {
  const viewer = useViewer();
  const isEditor = hasRole(viewer, 'EDITOR');
  return (
    <Page title={texts.myWork.title}>
      {viewer && !isEditor && <p>{texts.myWork.signIn}</p>}
      <Section id="watched" title={texts.myWork.watched}>
        <Watched />
      </Section>
      {isEditor && viewer && (
        <>
          {viewer.reviewRequired && (
            <Section id="submitted" title={texts.review.mine}>
              <Submitted me={viewer.name ?? ''} />
            </Section>
          )}
          <Section id="drafts" title={texts.myWork.drafts}>
            <Drafts />
          </Section>
          <Section id="stale" title={texts.myWork.stale}>
            <Stale />
          </Section>
          <Section id="mine" title={texts.myWork.mine}>
            <Mine actor={viewer.name ?? ''} />
          </Section>
        </>
      )}
    </Page>
  );
}

function Section({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}

function Mine({ actor }: { actor: string }) {
  const [result, refetch] = useQuery({ query: MyChangesDocument, variables: { actor: [actor], last: MAX_CHANGES } });
  return (
    <Loaded result={result} retry={refetch}>
      {({ changes }) =>
        changes && changes.nodes.length > 0 ? (
          <>
            <ul className={styles.list}>
              {changes.nodes.toReversed().map((change) => (
                <li key={change.position}>
                  <span className="muted">
                    <InstantText at={change.recordedAt} />
                  </span>{' '}
                  <ChangeLine change={change} />
                </li>
              ))}
            </ul>
            <p>
              <Link to={`/changes?${new URLSearchParams({ actor })}`}>{texts.myWork.allMine(changes.totalCount)}</Link>
            </p>
          </>
        ) : (
          <Empty>{texts.myWork.mineEmpty}</Empty>
        )
      }
    </Loaded>
  );
}
