import { Link } from '../components/Link';
import { texts } from '../texts';
import { Menu } from './Menu';

/** A menu of the forms for new records, in the header. */
export function NewMenu() {
  return (
    <Menu label={texts.newMenu.title}>
      {Object.entries(texts.newMenu.kinds).map(([kind, label]) => (
        <li key={kind}>
          <Link to={`/new/${kind}`}>{label}</Link>
        </li>
      ))}
      <li>
        <Link to="/record-sheet">{texts.sheet.link}</Link>
      </li>
    </Menu>
  );
}
