import { Page } from '../app/Page';
import { Link } from '../components/Link';
import { texts } from '../texts';

export function NotFound() {
  return (
    <Page title={texts.states.notFound}>
      <p>{texts.states.notFoundText}</p>
      <p>
        <Link to="/">{texts.states.toOverview}</Link>
      </p>
    </Page>
  );
}
