import { useMemo, useState } from 'react';
import { Button, ComboBox, Input, Label, ListBox, ListBoxItem, Popover } from 'react-aria-components/ComboBox';
import type { SourceNameFragment, UpdateSourcesQuery } from '../../api/types.gen';
import { sourceFacts } from '../../components/SourceLink';
import { texts } from '../../texts';
import styles from './Clause.module.css';
import { matching, sourcesOf } from './sources';
import { type EvidenceDraft, FIELDS } from './update';

const SHOWN = 50;

interface Props {
  sources: UpdateSourcesQuery | undefined;
  chosen: readonly EvidenceDraft[];
  onChoose: (source: SourceNameFragment) => void;
}

/** The sources that are known, found by their words. */
export default function KnownSources({ sources, chosen, onChoose }: Props) {
  const [typed, setTyped] = useState('');
  const all = useMemo(() => (sources ? sourcesOf(sources) : []), [sources]);
  const keys = new Set(chosen.map(({ key }) => key));
  const found = matching(all, typed)
    .filter(({ id }) => !keys.has(id))
    .slice(0, SHOWN);
  return (
    <ComboBox
      id={FIELDS.evidence}
      className={styles.combo}
      items={found}
      inputValue={typed}
      onInputChange={setTyped}
      value={null}
      onChange={(id) => {
        const source = all.find((it) => it.id === id);
        if (!source) return;
        onChoose(source);
        setTyped('');
      }}
      menuTrigger="focus"
      allowsEmptyCollection
    >
      <Label>{texts.update.findSource}</Label>
      <div className={styles.comboField}>
        <Input autoFocus placeholder={texts.update.findSourceHint} />
        <Button aria-label={texts.update.showSources}>▾</Button>
      </div>
      <Popover className={styles.popover}>
        <ListBox<(typeof found)[number]> renderEmptyState={() => <span className="muted">{texts.update.noSource}</span>}>
          {(source) => (
            <ListBoxItem id={source.id} textValue={source.title} className={styles.option}>
              {source.title} <span className="muted">{sourceFacts(source)}</span>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
