import { type ReactNode, type RefObject, useEffect, useRef } from 'react';
import { onHost } from '../browser/base';
import { texts } from '../texts';
import type { DayMarksOf } from './dayMarks';
import { servedText, showTitle } from './servedText';
import { ViewBar } from './ViewBar';

let navigations = 0;
let isHistoryNavigation = false;
window.addEventListener('popstate', () => {
  isHistoryNavigation = true;
});
// The router dispatches this event when it navigates forward.
window.addEventListener('pushState', () => {
  isHistoryNavigation = false;
});

const SIGN_IN_KEY = 'clausewatch-by-sign-in';

/** Opens an address after the sign-in. This reloads the app, but the page must set the focus as it does after a click on a link. */
export function redirectAfterSignIn(to: string) {
  try {
    sessionStorage.setItem(SIGN_IN_KEY, 'yes');
  } catch {
    // Without storage the page does not set the focus.
  }
  window.location.replace(onHost(to));
}

/** Whether the sign-in opened this page. Resets the mark. */
function takeSignInMark(): boolean {
  try {
    const isMarked = sessionStorage.getItem(SIGN_IN_KEY) !== null;
    sessionStorage.removeItem(SIGN_IN_KEY);
    return isMarked;
  } catch {
    return false;
  }
}

interface Props {
  /** Undefined while loading. */
  title: string | undefined;
  /** The heading, if it is not the title. */
  heading?: string;
  /** A line above the title, such as a link to the parent page. */
  lead?: ReactNode;
  /** The links and buttons beside the title, such as those of a record. */
  actions?: ReactNode;
  /** A line below the title. */
  verdict?: ReactNode;
  /** The first day with data, for pages that depend on the day or the viewpoint. Undefined while loading. */
  viewFrom?: string;
  /** The record whose changes the day slider marks. */
  marksOf?: DayMarksOf;
  /** Whether the page has a day but no viewpoint. */
  isDayOnly?: boolean;
  /** Whether the day and the viewpoint are above the title, because the line below the title belongs to the content. */
  isDayFirst?: boolean;
  /** The element that gets the focus instead of the title, for pages with a single field. */
  field?: RefObject<HTMLElement | null>;
  children: ReactNode;
}

/** The frame of every page. Sets the title of the tab, and focuses the heading after navigation within the app. */
export function Page(props: Props) {
  const { title, heading: ownHeading, lead, actions, verdict, viewFrom, marksOf, isDayOnly, isDayFirst, field, children } = props;
  const heading = useRef<HTMLHeadingElement>(null);
  const isAnnounced = useRef(false);
  useEffect(() => {
    // Until the page is loaded, it keeps the text and the title that the server sent.
    if (title !== undefined || !servedText()) document.title = texts.title(title ?? texts.states.loading);
    if (title === undefined || isAnnounced.current) return;
    showTitle();
    isAnnounced.current = true;
    navigations += 1;
    // On the first page, the browser sets the focus. After going back or forward, it sets the scroll position.
    if (navigations > 1 || takeSignInMark()) {
      (field ?? heading).current?.focus({ preventScroll: true });
      if (!isHistoryNavigation) window.scrollTo(0, 0);
    }
    isHistoryNavigation = false;
  }, [title, field]);
  // Rendered before its first day is loaded, so that the content below does not move.
  const viewBar = 'viewFrom' in props && <ViewBar from={viewFrom} marksOf={marksOf} isDayOnly={isDayOnly} />;
  return (
    <>
      {isDayFirst && viewBar}
      {lead && <div className="lead">{lead}</div>}
      <div className="page-head">
        <h1 ref={heading} tabIndex={-1}>
          {ownHeading ?? title ?? texts.states.loading}
        </h1>
        {actions && <div className="toolbar no-print">{actions}</div>}
      </div>
      {verdict}
      {!isDayFirst && viewBar}
      {children}
    </>
  );
}
