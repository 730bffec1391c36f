import { type RefObject, useEffect, useRef } from 'react';

/**
 * Ctrl+Enter sends the form, unless the focus is in another form, in a dialog, or on a link elsewhere. Returns a function that
 * tells the submit handler of the form whether Shift was pressed, too.
 */
export function useSubmitShortcut(form: RefObject<HTMLFormElement | null>): () => boolean {
  const isShifted = useRef(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!event.isTrusted || event.isComposing || event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
      const owner = event.target instanceof Element && event.target.closest('form, dialog, a[href]');
      if (owner && !form.current?.contains(owner)) return;
      // Otherwise the focused field or list would handle the key as Enter.
      event.preventDefault();
      event.stopPropagation();
      if (event.repeat) return;
      isShifted.current = event.shiftKey;
      form.current?.requestSubmit();
      isShifted.current = false;
    };
    window.addEventListener('keydown', onKey, { capture: true });
    return () => window.removeEventListener('keydown', onKey, { capture: true });
  }, [form]);
  return () => isShifted.current;
}
