import { Provider } from 'urql';
import { Route, Switch, useLocation } from 'wouter';
import { client } from '../api/client';
import { NotFound } from '../pages/NotFound';
import { ErrorBoundary } from './ErrorBoundary';
import { routes } from './routes';
import { Shell } from './Shell';
import { ViewGate } from './ViewGate';

export function App() {
  const [path] = useLocation();
  return (
    <Provider value={client}>
      <Shell>
        {/* The key discards the state of the former page, such as its error. */}
        <ErrorBoundary key={path}>
          <ViewGate>
            <Switch>
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
      </Shell>
    </Provider>
  );
}
