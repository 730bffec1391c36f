import type { CompareAgreementsQuery } from '../../api/types.gen';
import { useParameters, useView } from '../../app/view';
import { Viewpoint } from '../../app/ViewBar';
import { DayInput } from '../../components/DayInput';
import { Field, Select } from '../../components/Form';
import { shortDay } from '../../format/days';
import { texts } from '../../texts';
import styles from './Compare.module.css';
import type { Days } from './days';

interface Props {
  days: Days;
  agreements: NonNullable<CompareAgreementsQuery['agreements']>['nodes'];
  slug: string | undefined;
}

/** Selects the two days, the agreement and the viewpoint. */
export function DaysForm({ days: { from, to, isInOrder }, agreements, slug }: Props) {
  const { heldBy } = useView();
  const [, set] = useParameters();
  const day = (name: 'from' | 'to', value: string, label: string, error?: string) => (
    <Field id={name} label={label} hint={shortDay(value)} error={error}>
      {(control) => <DayInput {...control} value={value} onDay={(day) => set({ from, to, [name]: day })} />}
    </Field>
  );
  return (
    <search className={styles.form} aria-label={texts.compare.form}>
      {day('from', from, texts.compare.from, isInOrder ? undefined : texts.compare.wrongOrder(shortDay(from), shortDay(to)))}
      {day('to', to, texts.compare.to)}
      <Field id="agreement" label={texts.overview.agreement}>
        {(control) => (
          <Select
            {...control}
            value={slug ?? ''}
            none={texts.compare.allAgreements}
            choices={agreements.map((agreement) => ({ value: agreement.slug, label: agreement.shortTitle }))}
            onChange={(agreement) => set({ agreement })}
          />
        )}
      </Field>
      <div className={styles.more}>
        <Viewpoint slug={heldBy} onChange={(slug) => set({ heldBy: slug || undefined })} />
        <button type="button" onClick={() => set({ from: to, to: from })} className="no-print">
          {texts.compare.swap}
        </button>
      </div>
    </search>
  );
}
