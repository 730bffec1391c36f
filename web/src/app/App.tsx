import { Provider } from 'urql';
import { Route, Router, Switch, useLocation } from 'wouter';
import { client } from '../api/client';
import { BASE } from '../browser/base';
import { NotFound } from '../pages/NotFound';
import { openedPath } from './address';
import { Boundary } from './Boundary';
import { routes } from './routes';
import { Shell } from './Shell';
import { ViewGate } from './ViewGate';

export function App() {
  return (
    <Provider value={client}>
      <Router base={BASE}>
        <Shell>
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
    // Another address is another page: nothing of the former stays, neither its place nor what broke.
    <Boundary key={path}>
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
    </Boundary>
  );
}
