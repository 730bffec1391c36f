import { useQuery } from '../../api/query';
import type { AgreementQuery } from '../../api/types.gen';
import { useView } from '../../app/view';
import { Chart } from '../../components/Chart';
import { Empty, Loaded } from '../../components/Loaded';
import { pictureSource } from '../../components/citedPath';
import { dayNumber } from '../../format/days';
import { texts } from '../../texts';
import { AgreementSeriesDocument } from './Agreement.gen';

const MONTHS_UP_TO_DAYS = 3 * 366;

interface Props {
  agreement: NonNullable<AgreementQuery['agreement']>;
  asOf: string;
  viewpoint: string;
}

/** A chart of the statuses, from the day of the agreement to the selected day. */
export function OverTime({ agreement: { slug, shortTitle, agreedOn }, asOf, viewpoint }: Props) {
  const view = useView();
  const { heldBy } = view;
  // The address may have a day before the day of the agreement. The series then has a single point, and no chart is shown.
  const from = asOf < agreedOn ? asOf : agreedOn;
  const every = dayNumber(asOf) - dayNumber(from) > MONTHS_UP_TO_DAYS ? 'QUARTER' : 'MONTH';
  const [result, refetch] = useQuery({
    query: AgreementSeriesDocument,
    variables: { slug, from, to: asOf, heldBy, every },
  });
  return (
    <section aria-labelledby="over-time">
      <h2 id="over-time">{texts.agreement.overTime}</h2>
      <Loaded result={result} retry={refetch}>
        {({ agreement }) =>
          agreement && agreement.implementationSeries.length > 1 ? (
            <Chart
              caption={texts.agreement.seriesCaption(shortTitle)}
              source={pictureSource(view, viewpoint)}
              points={[agreement.beginning, ...agreement.implementationSeries]
                // The first interval may end on the first day, whose counts are already in the list.
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
