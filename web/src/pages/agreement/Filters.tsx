import { useEffect, useRef, useState } from 'react';
import type { AgreementQuery } from '../../api/types.gen';
import { useParameters } from '../../app/view';
import { Select } from '../../components/Form';
import { STATUS_ORDER } from '../../components/status';
import { texts } from '../../texts';
import styles from './Agreement.module.css';
import { FILTER_NAMES, isFiltered, ONLY } from './filters';

const ONLY_TEXTS = {
  contested: texts.agreement.onlyContested,
  overdue: texts.agreement.onlyOverdue,
  blocked: texts.agreement.onlyBlocked,
};

interface Props {
  topics: NonNullable<AgreementQuery['topics']>;
  parties: NonNullable<AgreementQuery['agreement']>['parties'];
}

/** Which clauses are shown. All of it stands in the address, for others to be sent. */
export function Filters({ topics, parties }: Props) {
  const [parameters, set] = useParameters();
  const only = parameters.getAll('only');
  const partyChoices = [...new Map(parties.map(({ party }) => [party.slug, party.shortName]))];
  return (
    <form
      className={`${styles.filters} no-print`}
      aria-label={texts.agreement.filters}
      onSubmit={(event) => event.preventDefault()}
    >
      <Words text={parameters.get('text') ?? ''} onChange={(text) => set({ text }, { replace: true })} />
      <label>
        {texts.agreement.filterStatus}{' '}
        <Select
          id="filter-status"
          value={parameters.get('status') ?? ''}
          none={texts.agreement.any}
          choices={STATUS_ORDER.map((value) => ({ value, label: texts.clauseStatus[value].label }))}
          onChange={(status) => set({ status })}
        />
      </label>
      <label>
        {texts.agreement.filterTopic}{' '}
        <Select
          id="filter-topic"
          value={parameters.get('topic') ?? ''}
          none={texts.agreement.any}
          choices={topics.map(({ slug, name }) => ({ value: slug, label: name }))}
          onChange={(topic) => set({ topic })}
        />
      </label>
      <label>
        {texts.agreement.filterParty}{' '}
        <Select
          id="filter-party"
          value={parameters.get('party') ?? ''}
          none={texts.agreement.any}
          choices={partyChoices.map(([value, label]) => ({ value, label }))}
          onChange={(party) => set({ party })}
        />
      </label>
      <fieldset>
        <legend>{texts.agreement.only}</legend>
        {ONLY.map((name) => (
          <label key={name}>
            <input
              type="checkbox"
              checked={only.includes(name)}
              onChange={(event) =>
                set({ only: event.target.checked ? [...only, name] : only.filter((it) => it !== name) })
              }
            />{' '}
            {ONLY_TEXTS[name]}
          </label>
        ))}
      </fieldset>
      {isFiltered(parameters) && (
        <button
          type="button"
          className="quiet"
          onClick={() => set(Object.fromEntries(FILTER_NAMES.map((name) => [name, undefined])))}
        >
          {texts.agreement.clear}
        </button>
      )}
    </form>
  );
}

/** Goes into the address when the typing pauses. */
function Words({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const [typed, setTyped] = useState(text);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => setTyped(text), [text]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <label>
      {texts.agreement.filterText}{' '}
      <input
        type="search"
        value={typed}
        onChange={({ target: { value } }) => {
          setTyped(value);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => onChange(value.trim()), 300);
        }}
      />
    </label>
  );
}
