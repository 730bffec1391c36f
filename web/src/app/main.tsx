import '../styles/fonts.css';
import '../styles/tokens.css';
import '../styles/base.css';
import '../styles/print.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { removeStoredSecrets } from '../browser/secrets';
import { App } from './App';

removeStoredSecrets();

createRoot(document.getElementById('app')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
