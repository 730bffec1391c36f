import { Provider } from 'urql';
import { Route, Router, Switch, useLocation } from 'wouter';
import { client } from '../api/client';
import { BASE } from '../browser/base';
import { NotFound } from '../pages/NotFound';
import { openedPath } from './address';
import { ErrorBoundary } from './ErrorBoundary';
import { routes } from './routes';
import { ServedText } from './ServedText';
import { Shell } from './Shell';
import { ViewGate } from './ViewGate';

export function App() {
  return (
    <Provider value={client}>
      <Router base={BASE}>
        <Shell>
          <ServedText />
          <Pages />
        </Shell>
      </Router>
    </Provider>
  );
}

function Pages() {
  const [present] = useLocation();
  const path = openedPath(present);
  return (
    // The key discards the state of the former page, such as its error.
    <ErrorBoundary key={path}>
      <ViewGate>
        <Switch location={path}>
          {routes.map(({ path, page: Page }) => (
            <Route key={path} path={path}>
              {(parameters) => <Page parameters={parameters as Record<string, string>} />}
            </Route>
          ))}
          <Route>
            <NotFound />
          </Route>
        </Switch>
      </ViewGate>
    </ErrorBoundary>
  );
}
