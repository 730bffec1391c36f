import { hasRole, useViewer } from '../../api/auth';
import { useQuery } from '../../api/query';
import { Page } from '../../app/Page';
import { FoldedList } from '../../components/Folded';
import { Link } from '../../components/Link';
import { Loaded } from '../../components/Loaded';
import { texts } from '../../texts';
import { ChangeRow } from './ChangeRow';
import { Drafts } from './Drafts';
import { MyChangesDocument } from './MyWork.gen';
import styles from './MyWork.module.css';
import { Nothing, Section } from './Section';
import { Stale } from './Stale';
import { Submitted, ToReview } from './Submitted';
import { Watched } from './Watched';

const MAX_CHANGES = 20;

/** The work of the current user: clauses that are due for a check, changes on watched pages, drafts, and recorded changes. */
export default function MyWorkPage() {
  const viewer = useViewer();
  const isEditor = hasRole(viewer, 'EDITOR');
  return (
    <Page title={texts.myWork.title}>
      {viewer && !isEditor && <p>{texts.myWork.signIn}</p>}
      {isEditor && viewer && (
        <>
          {viewer.reviewRequired && (
            <Section id="submitted" title={texts.review.mine} beside={<ToReview />}>
              <Submitted me={viewer.name ?? ''} />
            </Section>
          )}
          <Stale />
          <Drafts />
        </>
      )}
      <Watched />
      {isEditor && viewer && <Mine actor={viewer.name ?? ''} />}
    </Page>
  );
}

function Mine({ actor }: { actor: string }) {
  const [result, refetch] = useQuery({ query: MyChangesDocument, variables: { actor: [actor], last: MAX_CHANGES } });
  const total = result.data?.changes?.totalCount;
  return (
    <Section
      id="mine"
      title={texts.myWork.mine}
      count={total}
      beside={total ? <Link to={`/changes?${new URLSearchParams({ actor })}`}>{texts.myWork.allMine}</Link> : undefined}
    >
      <Loaded result={result} retry={refetch}>
        {({ changes }) =>
          changes && changes.nodes.length > 0 ? (
            <FoldedList className={styles.list}>
              {changes.nodes.toReversed().map((change) => (
                <li key={change.position}>
                  <ChangeRow change={change} isOwn />
                </li>
              ))}
            </FoldedList>
          ) : (
            <Nothing>{texts.myWork.mineEmpty}</Nothing>
          )
        }
      </Loaded>
    </Section>
  );
}
