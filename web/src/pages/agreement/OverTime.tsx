import { useQuery } from '../../api/query';
import type { AgreementQuery } from '../../api/types.gen';
import { useView } from '../../app/view';
import { Chart } from '../../components/Chart';
import { Empty, Loaded } from '../../components/Loaded';
import { dayNumber, longDay, today } from '../../format/days';
import { texts } from '../../texts';
import { AgreementSeriesDocument } from './Agreement.gen';

const MONTHS_UP_TO_DAYS = 3 * 366;

interface Props {
  agreement: NonNullable<AgreementQuery['agreement']>;
  asOf: string;
  viewpoint: string;
}

/** How many clauses had which status, from the day it was agreed until today. */
export function OverTime({ agreement: { slug, shortTitle, agreedOn }, asOf, viewpoint }: Props) {
  const { heldBy } = useView();
  const to = today();
  const every = dayNumber(to) - dayNumber(agreedOn) > MONTHS_UP_TO_DAYS ? 'QUARTER' : 'MONTH';
  const [result, ask] = useQuery({
    query: AgreementSeriesDocument,
    variables: { slug, from: agreedOn, to, heldBy, every },
  });
  return (
    <section aria-labelledby="over-time">
      <h2 id="over-time">{texts.agreement.overTime}</h2>
      <Loaded result={result} retry={ask}>
        {({ agreement }) =>
          agreement && agreement.implementationSeries.length > 1 ? (
            <Chart
              caption={texts.agreement.seriesCaption(shortTitle)}
              source={`${texts.product} · ${viewpoint} · ${longDay(to)}`}
              points={agreement.implementationSeries.map(({ asOf: day, breakdown }) => ({ day, counts: breakdown }))}
              marked={asOf === to ? undefined : asOf}
              file={[slug, 'statuses', heldBy ?? 'neutral', to]}
            />
          ) : (
            <Empty>{texts.agreement.overTimeEmpty}</Empty>
          )
        }
      </Loaded>
    </section>
  );
}
