import { useQuery } from '../../api/query';
import type { CoderAgreementLineFragment } from '../../api/types.gen';
import { Empty, Loaded } from '../../components/Loaded';
import { type Column, Table } from '../../components/Table';
import { texts } from '../../texts';
import { CoderAgreementDocument } from './Coding.gen';
import { alphaText } from './coding';

type Line = CoderAgreementLineFragment;

const COLUMNS: readonly Column<Line>[] = [
  { title: texts.agreement.topic, isRowHeader: true, cell: nameOf, csv: nameOf },
  { title: texts.coding.alpha, isNumber: true, cell: alphaOf, csv: (line) => line.alpha },
  { title: texts.coding.units, isNumber: true, cell: (line) => line.units, csv: (line) => line.units },
  { title: texts.coding.coders, isNumber: true, cell: (line) => line.coders, csv: (line) => line.coders },
  {
    title: texts.coding.outsideScale,
    isNumber: true,
    cell: (line) => line.outsideScale,
    csv: (line) => line.outsideScale,
  },
];

function nameOf({ topic }: Line): string {
  return topic?.name ?? texts.coding.allTopics;
}

function alphaOf({ alpha, undefinedBecause }: Line): string {
  if (alpha !== null) return alphaText(alpha);
  return undefinedBecause ? texts.coding.undefined[undefinedBecause] : texts.states.none;
}

interface Props {
  agreement: { id: string; slug: string };
  on: string;
}

/** The degree of agreement between the coders, for each topic and overall. */
export function Comparison({ agreement, on }: Props) {
  const variables = { agreementId: agreement.id, on };
  const [result, refetch] = useQuery({ query: CoderAgreementDocument, variables });
  return (
    <section aria-labelledby="comparison">
      <h2 id="comparison">{texts.coding.comparison}</h2>
      <p className="prose">{texts.coding.aboutAlpha}</p>
      <Loaded result={result} retry={refetch}>
        {({ byTopic, overall }) =>
          overall?.some(({ coders }) => coders > 1) ? (
            <Table
              caption={texts.coding.comparison}
              columns={COLUMNS}
              rows={[...(byTopic ?? []), ...overall]}
              rowKey={({ topic }) => topic?.id ?? ''}
              file={['coders', agreement.slug, on]}
            />
          ) : (
            <Empty>{texts.coding.noComparison}</Empty>
          )
        }
      </Loaded>
    </section>
  );
}
