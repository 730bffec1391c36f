import '../styles/fonts.css';
import '../styles/tokens.css';
import '../styles/base.css';
import '../styles/print.css';
import '../styles/served.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { removeStoredSecrets } from '../browser/secrets';
import { App } from './App';
import { takeServedText } from './servedText';

removeStoredSecrets();

const root = document.getElementById('app')!;
takeServedText(root);

createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
