import type { ComponentType } from 'react';
import { lazy } from '../components/lazy';
import { texts } from '../texts';

export interface PageProps {
  /** The parameters of the route's path. */
  parameters: Record<string, string>;
}

interface PageRoute {
  path: string;
  page: ComponentType<PageProps>;
  /** The label of the page in the main navigation. Undefined if the page is not listed there. */
  nav?: string;
}

/** All pages. The code of each is loaded when it is first shown. The server answers these addresses with `index.html`. */
export const routes: readonly PageRoute[] = [
  { path: '/', page: lazy(() => import('../pages/overview/Overview')), nav: texts.nav.overview },
  { path: '/agreements', page: lazy(() => import('../pages/agreements/Agreements')), nav: texts.nav.agreements },
  { path: '/proposals', page: lazy(() => import('../pages/proposals/Proposals')), nav: texts.nav.proposals },
  { path: '/proposals/:slug', page: lazy(() => import('../pages/proposal/Proposal')) },
  { path: '/timeline', page: lazy(() => import('../pages/timeline/Timeline')), nav: texts.nav.timeline },
  { path: '/compare', page: lazy(() => import('../pages/compare/Compare')), nav: texts.nav.compare },
  { path: '/search', page: lazy(() => import('../pages/search/Search')) },
  { path: '/agreements/:slug/sequence', page: lazy(() => import('../pages/sequence/Sequence')) },
  { path: '/agreements/:slug/views', page: lazy(() => import('../pages/views/Views')) },
  { path: '/agreements/:slug/coding', page: lazy(() => import('../pages/coding/Coding')) },
  { path: '/agreements/:slug', page: lazy(() => import('../pages/agreement/Agreement')) },
  { path: '/agreements/:slug/clauses/:number', page: lazy(() => import('../pages/clause/Clause')) },
  { path: '/views', page: lazy(() => import('../pages/views/Views')) },
  { path: '/events/:id', page: lazy(() => import('../pages/event/Event')) },
  { path: '/sources', page: lazy(() => import('../pages/sources/Sources')) },
  { path: '/sources/:id', page: lazy(() => import('../pages/source/Source')) },
  { path: '/parties', page: lazy(() => import('../pages/parties/Parties')) },
  { path: '/parties/:slug', page: lazy(() => import('../pages/party/Party')) },
  { path: '/releases', page: lazy(() => import('../pages/releases/Releases')) },
  { path: '/changes', page: lazy(() => import('../pages/changes/Changes')), nav: texts.nav.changes },
  { path: '/review', page: lazy(() => import('../pages/review/Review')) },
  { path: '/my-work', page: lazy(() => import('../pages/my-work/MyWork')) },
  { path: '/new/agreement/guided', page: lazy(() => import('../pages/outline/Outline')) },
  { path: '/record-sheet', page: lazy(() => import('../pages/record-sheet/RecordSheet')) },
  { path: '/new/:kind', page: lazy(() => import('../pages/record/NewRecord')) },
  { path: '/edit/:kind/:id', page: lazy(() => import('../pages/record/EditRecord')) },
  { path: '/sign-in', page: lazy(() => import('../pages/sign-in/SignIn')) },
  { path: '/tokens', page: lazy(() => import('../pages/tokens/Tokens')) },
];
