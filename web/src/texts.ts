import { enumTexts } from './api/texts';
import { appTexts } from './app/texts';
import { batchTexts } from './batch/texts';
import { componentTexts } from './components/texts';
import { formTexts } from './form/texts';
import { agreementTexts } from './pages/agreement/texts';
import { agreementsTexts } from './pages/agreements/texts';
import { changedFieldTexts, changesTexts } from './pages/changes/texts';
import { clauseTexts } from './pages/clause/texts';
import { codingTexts } from './pages/coding/texts';
import { compareTexts } from './pages/compare/texts';
import { eventTexts } from './pages/event/texts';
import { myWorkTexts } from './pages/my-work/texts';
import { outlineTexts } from './pages/outline/texts';
import { overviewTexts } from './pages/overview/texts';
import { partiesTexts } from './pages/parties/texts';
import { partyTexts } from './pages/party/texts';
import { proposalTexts } from './pages/proposal/texts';
import { proposalsTexts } from './pages/proposals/texts';
import { recordTexts } from './pages/record/texts';
import { sheetTexts } from './pages/record-sheet/texts';
import { releasesTexts } from './pages/releases/texts';
import { reviewTexts } from './pages/review/texts';
import { searchTexts } from './pages/search/texts';
import { sequenceTexts } from './pages/sequence/texts';
import { signInTexts } from './pages/sign-in/texts';
import { sourcePageTexts } from './pages/source/texts';
import { sourcesTexts } from './pages/sources/texts';
import { timelineTexts } from './pages/timeline/texts';
import { tokensTexts } from './pages/tokens/texts';
import { viewsTexts } from './pages/views/texts';
import { conflictTexts, correctTexts, retractTexts, updateTexts } from './status/texts';
import { watchTexts } from './watch/texts';

/** All texts of the app in English. Names, summaries and notes come from the server, in the language of the data. */
const english = {
  ...appTexts,
  ...componentTexts,
  ...enumTexts,
  ...formTexts,
  agreement: agreementTexts,
  agreements: agreementsTexts,
  batch: batchTexts,
  changedField: changedFieldTexts,
  changes: changesTexts,
  clause: clauseTexts,
  coding: codingTexts,
  compare: compareTexts,
  conflict: conflictTexts,
  event: eventTexts,
  myWork: myWorkTexts,
  outline: outlineTexts,
  overview: overviewTexts,
  parties: partiesTexts,
  party: partyTexts,
  proposal: proposalTexts,
  proposals: proposalsTexts,
  record: recordTexts,
  releases: releasesTexts,
  correct: correctTexts,
  retract: retractTexts,
  review: reviewTexts,
  search: searchTexts,
  sequence: sequenceTexts,
  sheet: sheetTexts,
  signIn: signInTexts,
  sourcePage: sourcePageTexts,
  sources: sourcesTexts,
  timeline: timelineTexts,
  tokens: tokensTexts,
  update: updateTexts,
  views: viewsTexts,
  watch: watchTexts,
};

/** The type of a translation. `tsc` rejects a translation that lacks a text, has an additional one, or has other parameters. */
export type Texts = typeof english;

/** The texts that the app shows. To use a translation, assign it here. */
export const texts: Texts = english;
