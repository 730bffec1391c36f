import { useQuery } from '../../api/query';
import type { AgreementQuery } from '../../api/types.gen';
import { useView } from '../../app/view';
import { Chart } from '../../components/Chart';
import { Empty, Loaded } from '../../components/Loaded';
import { dayNumber, longDay } from '../../format/days';
import { texts } from '../../texts';
import { AgreementSeriesDocument } from './Agreement.gen';

const MONTHS_UP_TO_DAYS = 3 * 366;

interface Props {
  agreement: NonNullable<AgreementQuery['agreement']>;
  asOf: string;
  viewpoint: string;
}

/** How many clauses had which status, from the day it was agreed to the chosen one. */
export function OverTime({ agreement: { slug, shortTitle, agreedOn }, asOf, viewpoint }: Props) {
  const { heldBy } = useView();
  // A day before it was agreed, which an address can name, is one point: nothing to show yet.
  const from = asOf < agreedOn ? asOf : agreedOn;
  const every = dayNumber(asOf) - dayNumber(from) > MONTHS_UP_TO_DAYS ? 'QUARTER' : 'MONTH';
  const [result, ask] = useQuery({
    query: AgreementSeriesDocument,
    variables: { slug, from, to: asOf, heldBy, every },
  });
  return (
    <section aria-labelledby="over-time">
      <h2 id="over-time">{texts.agreement.overTime}</h2>
      <Loaded result={result} retry={ask}>
        {({ agreement }) =>
          agreement && agreement.implementationSeries.length > 1 ? (
            <Chart
              caption={texts.agreement.seriesCaption(shortTitle)}
              source={`${texts.product} · ${viewpoint} · ${longDay(asOf)}`}
              points={[agreement.beginning, ...agreement.implementationSeries]
                // The first interval may end on the first day itself.
                .filter((point, index) => index === 0 || point.asOf > from)
                .map(({ asOf: day, breakdown }) => ({ day, counts: breakdown }))}
              file={[slug, 'statuses', heldBy ?? 'neutral', asOf]}
            />
          ) : (
            <Empty>{texts.agreement.overTimeEmpty}</Empty>
          )
        }
      </Loaded>
    </section>
  );
}
