import { type KeyboardEvent, type MouseEvent, useEffect, useMemo, useState } from 'react';
import { type Shortcut, useShortcuts } from '../app/shortcuts';
import { useParameters } from '../app/view';
import type { Column } from '../components/Table';
import { texts } from '../texts';
import { BATCH_PARAMETER, matchDraft, storedBatch, type UnmatchedDraft } from './drafts';
import { extendTo, keepShown, NOTHING, toggle, toggleAll } from './selection';

interface Row {
  id: string;
  reference: string;
}

interface Options {
  type: 'Clause' | 'Caveat';
  /** Whether the user can select rows. */
  isOn: boolean;
  /** Whether the rows match the current filters. False while the rows for new filters are loading. */
  isLoaded: boolean;
}

const NO_SHORTCUTS: readonly Shortcut[] = [];

const boxId = (id: string) => `select-${id}`;

function focusBox(id: string | undefined) {
  if (id !== undefined) document.getElementById(boxId(id))?.focus();
}

/** The id of the row with the focus. */
function focusedRow(): string | undefined {
  const box = document.activeElement?.closest('tr')?.querySelector<HTMLInputElement>('input[data-row]');
  return box?.dataset.row;
}

/**
 * The selection of the rows of a list, and the column of check boxes. Rows that are no longer shown are no longer selected.
 * Shift-click and Shift with an arrow select ranges. `x` selects a row, and `j` and `k` move to the next and previous row.
 * If the address opens the dialog and no row is selected, the rows of its draft are selected.
 */
export function useRowSelection<R extends Row>(rows: readonly R[], { type, isOn, isLoaded }: Options) {
  const [stored, setSelection] = useState(NOTHING);
  const ids = useMemo(() => rows.map(({ id }) => id), [rows]);
  const selection = useMemo(() => keepShown(stored, ids), [stored, ids]);
  if (selection !== stored) setSelection(selection);

  const [parameters, set] = useParameters();
  const isDialogOpen = parameters.has(BATCH_PARAMETER);
  const isEmpty = selection.ids.size === 0;
  /** Whether the rows for the open dialog are determined: those that the user selected, or else those of the draft. */
  const [isDecided, setDecided] = useState(false);
  const [unmatched, setUnmatched] = useState<UnmatchedDraft>();
  if (isDecided && !isDialogOpen) setDecided(false);
  if (isOn && isLoaded && isDialogOpen && !isDecided) {
    setDecided(true);
    const match = isEmpty ? matchDraft(storedBatch(type), ids) : undefined;
    if (match) setSelection({ ids: new Set(match.ids), anchor: undefined });
    setUnmatched(match?.unmatched);
  }
  useEffect(() => {
    // Without selected rows there is no dialog. The dialog must not open by itself when a row is selected later.
    if (isDecided && isDialogOpen && isEmpty) set({ [BATCH_PARAMETER]: undefined }, { replace: true });
  }, [isDecided, isDialogOpen, isEmpty, set]);

  const neighbour = (step: number) => {
    const focused = focusedRow();
    const at = focused === undefined ? -1 : ids.indexOf(focused);
    return at < 0 ? ids.at(step > 0 ? 0 : -1) : ids[at + step];
  };
  const select = () => {
    const row = focusedRow() ?? ids[0];
    if (row === undefined) return;
    setSelection((before) => toggle(before, row));
    focusBox(row);
  };
  const shortcuts: readonly Shortcut[] = [
    { key: 'x', label: texts.shortcuts.page.x, run: select },
    { key: 'j', label: texts.batch.nextRow, run: () => focusBox(neighbour(1)) },
    { key: 'k', label: texts.batch.previousRow, run: () => focusBox(neighbour(-1)) },
  ];
  useShortcuts(isOn && rows.length > 0 ? shortcuts : NO_SHORTCUTS);

  const onClick = (event: MouseEvent, id: string) => {
    if (event.shiftKey) setSelection((before) => extendTo(before, id, ids));
    else setSelection((before) => toggle(before, id));
  };
  const onKey = (event: KeyboardEvent, id: string) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || !event.shiftKey) return;
    event.preventDefault();
    const next = ids[ids.indexOf(id) + step];
    if (next === undefined) return;
    setSelection((before) => extendTo(extendTo(before.anchor === undefined ? { ...before, anchor: id } : before, id, ids), next, ids));
    focusBox(next);
  };

  const areAllSelected = ids.length > 0 && selection.ids.size === ids.length;
  const column: Column<R> = {
    title: texts.batch.select,
    header: (
      <input
        type="checkbox"
        aria-label={texts.batch.selectAll}
        checked={areAllSelected}
        ref={(box) => {
          if (box) box.indeterminate = selection.ids.size > 0 && !areAllSelected;
        }}
        onChange={() => setSelection((before) => toggleAll(before, ids))}
      />
    ),
    isLead: true,
    cell: ({ id, reference }) => (
      <input
        id={boxId(id)}
        data-row={id}
        type="checkbox"
        aria-label={texts.batch.selectRow(reference)}
        checked={selection.ids.has(id)}
        // Handles the click, because a change event does not report whether Shift is pressed.
        onClick={(event) => onClick(event, id)}
        onChange={() => {}}
        onKeyDown={(event) => onKey(event, id)}
      />
    ),
  };
  return {
    column,
    /** The properties of `Batch`. */
    batch: {
      records: rows.filter(({ id }) => selection.ids.has(id)),
      onClear: () => setSelection(NOTHING),
      unmatched,
      onDismiss: () => setUnmatched(undefined),
    },
  };
}
