// Monaco gets its workers from `MonacoEnvironment`, so this module must run before GraphiQL loads Monaco. Vite bundles the
// workers as separate files, which `worker-src 'self'` allows. `graphiql/setup-workers/vite` does the same, but breaks Vite's
// dev server.
import type { Environment } from 'monaco-editor';
import EditorWorker from 'monaco-editor/esm/vs/editor/editor.worker.js?worker';
import JsonWorker from 'monaco-editor/esm/vs/language/json/json.worker.js?worker';
import GraphQLWorker from 'monaco-graphql/esm/graphql.worker.js?worker';

const environment: Environment = {
  getWorker(_workerId, label) {
    switch (label) {
      case 'json':
        return new JsonWorker();
      case 'graphql':
        return new GraphQLWorker();
      default:
        return new EditorWorker();
    }
  },
};
window.MonacoEnvironment = environment;
