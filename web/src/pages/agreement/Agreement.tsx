import { useLastDefined, useQuery } from '../../api/query';
import type { AgreementQuery } from '../../api/types.gen';
import { usePresentSlug } from '../../app/address';
import { Editors } from '../../app/Editors';
import { useViewpointName } from '../../app/holders';
import { Page } from '../../app/Page';
import type { PageProps } from '../../app/routes';
import { useView } from '../../app/view';
import { AboutScore, BreakdownBar, BreakdownLegend, ScoreSentence } from '../../components/Breakdown';
import { Citation } from '../../components/Citation';
import { DayText } from '../../components/DayText';
import { ExternalIds } from '../../components/ExternalIds';
import { Aliases, Fact } from '../../components/Fact';
import { Link } from '../../components/Link';
import { Loaded } from '../../components/Loaded';
import { SourceLink } from '../../components/SourceLink';
import { shortDay, today } from '../../format/days';
import { texts } from '../../texts';
import { NotFound } from '../NotFound';
import styles from './Agreement.module.css';
import { AgreementDocument } from './Agreement.gen';
import { Clauses } from './Clauses';
import { Endings } from './Endings';
import { OverTime } from './OverTime';
import { Parties } from './Parties';
import { Timeline } from './Timeline';

type Agreement = NonNullable<AgreementQuery['agreement']>;

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
      lead={<Link to="/">{texts.overview.agreements}</Link>}
      viewFrom={lastAgreement?.agreedOn}
      marksOf={{ agreement: slug }}
    >
      <Loaded result={result} retry={refetch}>
        {({ agreement, topics }) =>
          agreement && (
            <>
              <About agreement={agreement} asOf={asOf} />
              <p className="actions no-print">
                <Link to={`/agreements/${agreement.slug}/sequence`}>{texts.sequence.link}</Link>
                <Link to={`/compare?agreement=${agreement.slug}`}>{texts.compare.title}</Link>
              </p>
              <Editors>
                <Link to={`/edit/agreement/${agreement.id}`}>{texts.edit.edit}</Link>
                <Link to={`/new/clause?agreementId=${agreement.id}`}>{texts.edit.newClause}</Link>
                <Link to={`/agreements/${agreement.slug}/coding`}>{texts.coding.link}</Link>
              </Editors>
              <Clauses agreement={agreement} topics={topics ?? []} asOf={asOf} />
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

function day(value: string | null): string | null {
  return value && shortDay(value);
}

function About({ agreement, asOf }: { agreement: Agreement; asOf: string }) {
  const { implementation, source } = agreement;
  return (
    <>
      <p className="prose">
        <strong>{agreement.title}.</strong> {agreement.summary}
      </p>
      <dl className="facts">
        <Aliases aliases={agreement.aliases} />
        <Fact name={texts.agreement.agreedOn}>
          <DayText day={agreement.agreedOn} />
          {agreement.place && `, ${agreement.place}`}
        </Fact>
        <Endings endings={agreement.endings} asOf={asOf} />
        <Fact name={texts.agreement.kind}>{texts.agreementKind[agreement.kind]}</Fact>
        <Fact name={texts.agreement.adoption}>{agreement.adoption}</Fact>
        {source && (
          <Fact name={texts.agreement.source}>
            <SourceLink source={source} locator={agreement.sourceLocator} />
          </Fact>
        )}
        {(agreement.coveredFrom ?? agreement.coveredTo) && (
          <Fact name={texts.agreement.coverage}>
            {texts.agreement.covered(day(agreement.coveredFrom), day(agreement.coveredTo))}
          </Fact>
        )}
        {agreement.notCovered && <Fact name={texts.agreement.notCovered}>{agreement.notCovered}</Fact>}
        <ExternalIds externalIds={agreement.externalIds} />
      </dl>
      <div className={styles.score}>
        <ScoreSentence {...implementation} />
        <BreakdownBar breakdown={implementation.breakdown} />
        <BreakdownLegend breakdown={implementation.breakdown} />
        <AboutScore />
      </div>
    </>
  );
}
