import { Component, type ReactNode } from 'react';
import { texts } from '../texts';
import { showTitle } from './servedText';

/** Shows an error instead of a page that threw one while rendering. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError() {
    return { isBroken: true };
  }

  override componentDidCatch() {
    document.title = texts.title(texts.states.errorTitle);
    showTitle();
  }

  override render() {
    if (!this.state.isBroken) return this.props.children;
    return (
      <div role="alert">
        <h1>{texts.states.errorTitle}</h1>
        <button type="button" onClick={() => window.location.reload()}>
          {texts.states.retry}
        </button>
      </div>
    );
  }
}
