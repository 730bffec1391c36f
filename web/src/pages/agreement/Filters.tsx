import type { AgreementQuery } from '../../api/types.gen';
import { useParameters } from '../../app/view';
import { Filters as Frame, TextFilter } from '../../components/Filters';
import { Select } from '../../components/Form';
import { STATUS_ORDER } from '../../components/status';
import { texts } from '../../texts';
import { FILTER_NAMES, ONLY } from './filters';

const ONLY_TEXTS = {
  contested: texts.agreement.onlyContested,
  overdue: texts.agreement.onlyOverdue,
  blocked: texts.agreement.onlyBlocked,
};

interface Props {
  topics: NonNullable<AgreementQuery['topics']>;
  parties: NonNullable<AgreementQuery['agreement']>['parties'];
}

/** The filters of the clauses. They are parameters of the address, so that links include them. */
export function Filters({ topics, parties }: Props) {
  const [parameters, set] = useParameters();
  const only = parameters.getAll('only');
  const partyChoices = [...new Map(parties.map(({ party }) => [party.slug, party.shortName]))];
  return (
    <Frame names={FILTER_NAMES}>
      <TextFilter text={parameters.get('text') ?? ''} onChange={(text) => set({ text }, { replace: true })} />
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
                set({ only: event.target.checked ? [...only, name] : only.filter((other) => other !== name) })
              }
            />{' '}
            {ONLY_TEXTS[name]}
          </label>
        ))}
      </fieldset>
    </Frame>
  );
}
