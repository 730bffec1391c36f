import { type ReactNode, useEffect, useRef } from 'react';
import { today } from '../format/days';
import { texts } from '../texts';
import { useView } from './view';
import { ViewBar } from './ViewBar';

let arrivals = 0;
let isBack = false;
window.addEventListener('popstate', () => {
  isBack = true;
});
// The router's own event, for each step to another address.
window.addEventListener('pushState', () => {
  isBack = false;
});

interface Props {
  /** The page's name; undefined while it is not known. */
  title: string | undefined;
  /** A line above the title, such as the way to the page that this one belongs to. */
  lead?: ReactNode;
  /** Where the page is about a day and a viewpoint: the first day that there is something to see. */
  viewFrom?: string;
  /** Where the viewpoint has no part in what is shown. */
  isDayOnly?: boolean;
  children: ReactNode;
}

/**
 * A page's frame: its title here and in the browser's tab, and the focus on the title when one comes
 * here by a link. Each page has one.
 */
export function Page(props: Props) {
  const { title, lead, viewFrom, isDayOnly, children } = props;
  const { asOf } = useView();
  const heading = useRef<HTMLHeadingElement>(null);
  const isArrived = useRef(false);
  useEffect(() => {
    document.title = texts.title(title ?? texts.states.loading);
    if (title === undefined || isArrived.current) return;
    isArrived.current = true;
    arrivals += 1;
    // The browser itself does what is right for the first page, and for the place on an earlier one.
    if (arrivals > 1) {
      heading.current?.focus({ preventScroll: true });
      if (!isBack) window.scrollTo(0, 0);
    }
    isBack = false;
  }, [title]);
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
