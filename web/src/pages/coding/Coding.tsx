import { hasRole, useViewer } from '../../api/auth';
import { useLastDefined, useQuery } from '../../api/query';
import { usePresentSlug } from '../../app/address';
import { Page } from '../../app/Page';
import type { PageProps } from '../../app/routes';
import { useParameters, useView } from '../../app/view';
import { Link } from '../../components/Link';
import { Empty, Loaded } from '../../components/Loaded';
import { today } from '../../format/days';
import { texts } from '../../texts';
import { NotFound } from '../NotFound';
import { CodingDocument } from './Coding.gen';
import { CodingForm } from './CodingForm';
import { Comparison } from './Comparison';
import { codingDraft } from './drafts';

const CLAUSES_AT_ONCE = 100;

/** Codes the clauses of an agreement for a day without seeing the codings of others, and compares the coders. */
export default function CodingPage({ parameters: { slug = '' } }: PageProps) {
  const on = useView().asOf ?? today();
  const viewer = useViewer();
  const coder = hasRole(viewer, 'EDITOR') ? viewer?.name : undefined;
  // The page of clauses is in the address, so that a link can open the draft of each page.
  const [parameters, set] = useParameters();
  const after = parameters.get('after') || null;
  const goToPage = (after: string | null) => set({ after: after ?? undefined });
  const variables = { slug, on, first: CLAUSES_AT_ONCE, after };
  const [result, refetch] = useQuery({ query: CodingDocument, variables });
  const agreement = useLastDefined(result.data?.agreement);
  usePresentSlug(slug, result.data?.agreement?.slug);
  if (result.data?.agreement === null && !result.fetching) return <NotFound />;
  return (
    <Page
      title={agreement || result.error ? texts.coding.title(agreement?.shortTitle ?? slug) : undefined}
      lead={<Link to={`/agreements/${slug}`}>{agreement?.shortTitle ?? slug}</Link>}
      viewFrom={agreement?.agreedOn}
      isDayOnly
    >
      <p className="prose">{texts.coding.intro}</p>
      <Loaded result={result} retry={refetch}>
        {({ agreement }) =>
          agreement && (
            <>
              <section aria-labelledby="codings">
                <h2 id="codings">{texts.coding.own}</h2>
                {!coder ? (
                  <Empty>{texts.coding.editorsOnly}</Empty>
                ) : agreement.clauses.nodes.length === 0 ? (
                  <Empty>{texts.agreement.noClauses}</Empty>
                ) : (
                  <CodingForm
                    key={`${on} ${after}`}
                    draftName={codingDraft(agreement.id, on, after)}
                    clauses={agreement.clauses.nodes}
                    on={on}
                    coder={coder}
                    isFetching={result.fetching}
                  />
                )}
                {agreement.clauses.pageInfo.hasNextPage && (
                  <button type="button" onClick={() => goToPage(agreement.clauses.pageInfo.endCursor)}>
                    {texts.coding.next}
                  </button>
                )}
                {after && (
                  <button type="button" onClick={() => goToPage(null)}>
                    {texts.coding.first}
                  </button>
                )}
              </section>
              <Comparison agreement={agreement} on={on} />
            </>
          )
        }
      </Loaded>
    </Page>
  );
}
