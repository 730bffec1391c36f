import { useLocation } from 'wouter';
import type { ListedClause, Neighbours } from '../../app/clauseList';
import { type Shortcut, useShortcuts } from '../../app/shortcuts';
import { useParameters, useView, withView } from '../../app/view';
import { Link } from '../../components/Link';
import { texts } from '../../texts';
import styles from './Clause.module.css';

/** The path of a clause of the agreement. */
export const clausePath = (slug: string, { number }: Pick<ListedClause, 'number'>) =>
  `/agreements/${slug}/clauses/${encodeURIComponent(number)}`;

interface Props {
  slug: string;
  neighbours: Neighbours;
}

/** Links to the previous and the next clause. If the update form is open, the links open it on the other page, too. */
export function NeighbourLinks({ slug, neighbours }: Props) {
  const { previous, next, place, count, address } = neighbours;
  const [parameters] = useParameters();
  const view = useView();
  const [, navigate] = useLocation();
  const isOpen = parameters.get('update') === 'yes';
  const to = (clause: ListedClause) => clausePath(slug, clause) + (isOpen ? '?update=yes' : '');
  const shortcut = (key: 'j' | 'k', label: string, clause: ListedClause | undefined): Shortcut[] =>
    clause ? [{ key, label, run: () => navigate(withView(to(clause), view)) }] : [];
  useShortcuts([...shortcut('j', texts.clause.nextClause, next), ...shortcut('k', texts.clause.previousClause, previous)]);
  return (
    <nav className={`${styles.neighbours} no-print`} aria-label={texts.clause.neighbours}>
      {previous && (
        <Link to={to(previous)} title={previous.heading}>
          {texts.clause.previous(previous.number)}
        </Link>
      )}
      <span>
        {texts.clause.place(place, count)} {address && <Link to={address}>{texts.clause.ofList}</Link>}
      </span>
      {next && (
        <Link to={to(next)} title={next.heading}>
          {texts.clause.next(next.number)}
        </Link>
      )}
    </nav>
  );
}
