import { useQuery } from '../../api/query';
import { useParameters, useView } from '../../app/view';
import { Chart } from '../../components/Chart';
import { pictureSource } from '../../components/citedPath';
import { Field, Select } from '../../components/Form';
import { Loaded } from '../../components/Loaded';
import { dayNumber, shortDay } from '../../format/days';
import { texts } from '../../texts';
import { type Finding, largestChange } from './finding';
import { marksOf } from './marks';
import type { Row } from './Overview';
import styles from './Overview.module.css';
import { OverviewSeriesDocument } from './Overview.gen';

const MONTHS_UP_TO_DAYS = 12 * 366;
const MAX_MARKS = 3;

interface Props {
  /** The agreements up to the day, in order of the day of agreement. */
  rows: readonly Row[];
  asOf: string;
  viewpoint: string;
}

/** A chart of the number of clauses with each status over the years, of one agreement or of all. Marks the events after which the most clauses changed. */
export function OverTime({ rows, asOf, viewpoint }: Props) {
  const view = useView();
  const [parameters, set] = useParameters();
  const chosen = rows.filter((row) => row.agreement.slug === parameters.get('agreement'));
  const shown = chosen.length > 0 ? chosen : rows;
  const slug = chosen[0]?.agreement.slug;
  const from = shown[0]?.agreement.agreedOn ?? asOf;
  const [result, refetch] = useQuery({
    query: OverviewSeriesDocument,
    variables: {
      agreements: slug && [slug],
      asOf,
      heldBy: view.heldBy,
      every: dayNumber(asOf) - dayNumber(from) > MONTHS_UP_TO_DAYS ? 'QUARTER' : 'MONTH',
    },
  });
  const found = marksOf(
    result.data?.events?.nodes.slice(0, MAX_MARKS) ?? [],
    shown.map(({ agreement, endedOn }) => ({ shortTitle: agreement.shortTitle, endedOn })),
    result.data?.implementationSeries?.[0]?.asOf ?? from,
  );
  // If there are too many marks, the ends of agreements are omitted.
  const marks = (found.length > MAX_MARKS ? found.filter(({ to }) => to) : found).slice(-MAX_MARKS);
  // While data of another agreement or day is loading, the heading must not be based on the earlier data.
  const finding = result.fetching ? undefined : largestChange(result.data?.implementationSeries ?? []);
  const subject = chosen[0]?.agreement.shortTitle ?? texts.overview.allAgreements;
  return (
    <section aria-labelledby="over-time" className={styles.card}>
      <div className={styles.heading}>
        <h2 id="over-time">{finding ? sentenceOf(finding) : texts.overview.overTime}</h2>
        <Field id="agreement" label={texts.overview.agreement}>
          {(control) => (
            <Select
              {...control}
              value={slug ?? ''}
              none={texts.overview.allAgreements}
              choices={rows.map(({ agreement }) => ({ value: agreement.slug, label: agreement.shortTitle }))}
              onChange={(agreement) => set({ agreement }, { replace: true })}
            />
          )}
        </Field>
      </div>
      <Loaded result={result} retry={refetch}>
        {({ implementationSeries }) =>
          implementationSeries &&
          implementationSeries.length > 1 && (
            <Chart
              caption={texts.overview.overTimeCaption(subject)}
              source={pictureSource(view, viewpoint)}
              points={implementationSeries.map(({ asOf: day, breakdown }) => ({ day, counts: breakdown }))}
              file={[slug ?? 'all-agreements', 'statuses', view.heldBy ?? 'neutral', asOf]}
              marks={marks}
            />
          )
        }
      </Loaded>
    </section>
  );
}

const sentenceOf = ({ status, from, to, ...counts }: Finding) =>
  texts.overview.finding({ ...counts, status: texts.overview.state[status], from: shortDay(from), to: shortDay(to) });
