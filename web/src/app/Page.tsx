import { type ReactNode, type RefObject, useEffect, useRef } from 'react';
import { today } from '../format/days';
import { texts } from '../texts';
import { useView } from './view';
import { ViewBar } from './ViewBar';

let navigations = 0;
let isHistoryNavigation = false;
window.addEventListener('popstate', () => {
  isHistoryNavigation = true;
});
// The router's own event, for each step to another address.
window.addEventListener('pushState', () => {
  isHistoryNavigation = false;
});

const SIGN_IN_KEY = 'clausewatch-by-sign-in';

/** Leads to an address from the sign-in. The app begins anew there, but who comes has followed a way within it. */
export function redirectAfterSignIn(to: string) {
  try {
    sessionStorage.setItem(SIGN_IN_KEY, 'yes');
  } catch {
    // Where nothing can be kept, the page is as any other that is opened first.
  }
  window.location.replace(to);
}

/** Whether the sign-in led to the page that is opened first; told once. */
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
  /** The page's name; undefined while it is not known. */
  title: string | undefined;
  /** A line above the title, such as the way to the page that this one belongs to. */
  lead?: ReactNode;
  /** Where the page is about a day and a viewpoint: the first day that there is something to see. */
  viewFrom?: string;
  /** Where the viewpoint has no part in what is shown. */
  isDayOnly?: boolean;
  /** What has the focus instead of the title, where the page is there for one thing to be entered. */
  field?: RefObject<HTMLElement | null>;
  children: ReactNode;
}

/**
 * A page's frame: its title here and in the browser's tab, and the focus on the title when one comes
 * here by a link. Each page has one.
 */
export function Page(props: Props) {
  const { title, lead, viewFrom, isDayOnly, field, children } = props;
  const { asOf } = useView();
  const heading = useRef<HTMLHeadingElement>(null);
  const isAnnounced = useRef(false);
  useEffect(() => {
    document.title = texts.title(title ?? texts.states.loading);
    if (title === undefined || isAnnounced.current) return;
    isAnnounced.current = true;
    navigations += 1;
    // The browser itself does what is right for the first page, and for the place on an earlier one.
    if (navigations > 1 || takeSignInMark()) {
      (field ?? heading).current?.focus({ preventScroll: true });
      if (!isHistoryNavigation) window.scrollTo(0, 0);
    }
    isHistoryNavigation = false;
  }, [title, field]);
  return (
    <>
      {lead && <p className="lead">{lead}</p>}
      <h1 ref={heading} tabIndex={-1}>
        {title ?? texts.states.loading}
      </h1>
      {/* It has its place before its first day is known, lest what is below it moves. */}
      {'viewFrom' in props && <ViewBar key={viewFrom} from={viewFrom ?? asOf ?? today()} isDayOnly={isDayOnly} />}
      {children}
    </>
  );
}
