import { useView, withView } from '../../app/view';
import { onHost } from '../../browser/base';
import { AboutScore } from '../../components/Breakdown';
import { DayText } from '../../components/DayText';
import { ExternalIds } from '../../components/ExternalIds';
import { Aliases, Fact } from '../../components/Fact';
import { FoldedOnPhone } from '../../components/Folded';
import { SourceLink } from '../../components/SourceLink';
import { shortDay } from '../../format/days';
import { texts } from '../../texts';
import type { Agreement } from './Agreement';
import styles from './Agreement.module.css';
import { EndingNotes, Endings } from './Endings';

interface Props {
  agreement: Agreement;
  asOf: string;
}

/** The description of the agreement, beside its clauses. Details are collapsed. */
export function About({ agreement, asOf }: Props) {
  return (
    <div className={styles.about}>
      <FoldedOnPhone summary={texts.agreement.about}>
        <p className={styles.summary}>{agreement.summary}</p>
        <dl className="facts">
          <Fact name={texts.agreement.agreedOn}>
            <DayText day={agreement.agreedOn} />
            {agreement.place && `, ${agreement.place}`}
          </Fact>
          <Fact name={texts.agreement.kind}>{texts.agreementKind[agreement.kind]}</Fact>
          <Endings endings={agreement.endings} asOf={asOf} />
        </dl>
        <Record agreement={agreement} asOf={asOf} />
        <AboutScore />
      </FoldedOnPhone>
    </div>
  );
}

/** Names, text, scope and the notes on the endings. */
function Record({ agreement, asOf }: Props) {
  const { source } = agreement;
  const view = useView();
  return (
    <details className="printed-open">
      <summary>{texts.agreement.record}</summary>
      <dl className="facts">
        <Aliases aliases={agreement.aliases} />
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
        <EndingNotes endings={agreement.endings} asOf={asOf} />
      </dl>
      <a className="no-print" href={onHost(withView(`/export/agreements/${agreement.slug}.akn`, view))} download>
        {texts.agreement.legalXml}
      </a>
    </details>
  );
}

const day = (value: string | null) => value && shortDay(value);
