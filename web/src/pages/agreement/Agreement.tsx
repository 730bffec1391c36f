import { useLastDefined, useQuery } from '../../api/query';
import type { AgreementQuery } from '../../api/types.gen';
import { usePresentSlug } from '../../app/address';
import { Editors } from '../../app/Editors';
import { useViewpointName } from '../../app/holders';
import { Page } from '../../app/Page';
import type { PageProps } from '../../app/routes';
import { useView } from '../../app/view';
import { Citation } from '../../components/Citation';
import { Link } from '../../components/Link';
import { Loaded } from '../../components/Loaded';
import { today } from '../../format/days';
import { texts } from '../../texts';
import { WatchRecord } from '../../watch/WatchButton';
import { NotFound } from '../NotFound';
import { About } from './About';
import styles from './Agreement.module.css';
import { AgreementDocument } from './Agreement.gen';
import { Clauses } from './Clauses';
import { OverTime } from './OverTime';
import { Parties } from './Parties';
import { Timeline } from './Timeline';
import { Verdict } from './Verdict';

export type Agreement = NonNullable<AgreementQuery['agreement']>;

/** One agreement: its clauses, statuses over time, timeline and parties. */
export default function AgreementPage({ parameters: { slug = '' } }: PageProps) {
  const view = useView();
  const asOf = view.asOf ?? today();
  const [result, refetch] = useQuery({ query: AgreementDocument, variables: { slug, asOf, heldBy: view.heldBy } });
  const viewpoint = useViewpointName();
  usePresentSlug(slug, result.data?.agreement?.slug);
  const lastAgreement = useLastDefined(result.data?.agreement);
  if (result.data?.agreement === null && !result.fetching) return <NotFound />;
  return (
    <Page
      title={lastAgreement?.shortTitle ?? (result.error && slug)}
      lead={<Link to="/agreements">{texts.agreements.title}</Link>}
      actions={lastAgreement && <Actions agreement={lastAgreement} />}
      verdict={lastAgreement && <Verdict agreement={lastAgreement} />}
      viewFrom={lastAgreement?.agreedOn}
      marksOf={{ agreement: slug }}
    >
      <Loaded result={result} retry={refetch}>
        {({ agreement, topics }) =>
          agreement && (
            <>
              <div className={styles.main}>
                <About agreement={agreement} asOf={asOf} />
                <Clauses agreement={agreement} topics={topics ?? []} asOf={asOf} />
              </div>
              <OverTime agreement={agreement} asOf={asOf} viewpoint={viewpoint} />
              <div className={styles.columns}>
                <Timeline slug={agreement.slug} asOf={asOf} />
                <Parties parties={agreement.parties} />
              </div>
              <Citation subject={agreement.title} viewpoint={viewpoint} />
            </>
          )
        }
      </Loaded>
    </Page>
  );
}

/** The links to the other pages about the agreement, and to its forms. */
function Actions({ agreement: { id, slug, shortTitle } }: { agreement: Agreement }) {
  return (
    <>
      <Link to={`/agreements/${slug}/sequence`}>{texts.sequence.link}</Link>
      <Link to={`/agreements/${slug}/views`}>{texts.views.link}</Link>
      <Link to={`/compare?agreement=${slug}`}>{texts.compare.title}</Link>
      <WatchRecord id={id} to={`/agreements/${slug}`} title={shortTitle} />
      <Editors>
        <Link to={`/edit/agreement/${id}`}>{texts.edit.edit}</Link>
        <Link to={`/new/clause?agreementId=${id}`}>{texts.edit.newClause}</Link>
        <Link to={`/new/agreement/guided?agreementId=${id}`}>{texts.outline.link}</Link>
        <Link to={`/agreements/${slug}/coding`}>{texts.coding.link}</Link>
      </Editors>
    </>
  );
}
