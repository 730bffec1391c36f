import type { ReactNode } from 'react';
import type { AnyVariables, TypedDocumentNode } from 'urql';
import type { CaveatStatus, ClauseStatus, Confidence, Momentum, ProposalStatus } from '../api/schema.gen';
import type { CitationLineFragment, SourceNameFragment } from '../api/types.gen';
import type { UserError } from '../form/problems';
import type { Sending } from '../form/useSending';

/** A status of a clause, caveat or proposal. */
export type Status = ClauseStatus | CaveatStatus | ProposalStatus;

/** An assessment of a clause, caveat or proposal. */
export interface StatusAssessment {
  id: string;
  status: Status;
  previousStatus: Status | null;
  effectiveOn: string;
  effectiveDate: string;
  momentum: Momentum;
  confidence: Confidence;
  note: string;
  heldBy: { id: string; slug: string; shortName: string } | null;
  /** Empty for a proposal. */
  breachedBy?: readonly { id: string; shortName: string }[];
  citations: readonly CitationLineFragment[];
  event: { id: string; title: string } | null;
  recordedAt: string;
  recordedBy: string;
  submittedBy: string | null;
  retractedAt: string | null;
  retractedBy: string | null;
  retractionReason: string | null;
}

/** A query, and the function that reads its data. */
export interface Lookup<Result> {
  document: TypedDocumentNode<unknown, AnyVariables>;
  variables: Record<string, unknown>;
  read: (data: unknown) => Result | null | undefined;
}

export const lookup = <Data, Variables extends AnyVariables, Result>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables & Record<string, unknown>,
  read: (data: Data) => Result | null | undefined,
) => ({ document, variables, read }) as unknown as Lookup<Result>;

/** The latest assessments, including retracted ones, to find concurrent changes. */
export interface StatusHistory {
  version: number;
  assessments: readonly StatusAssessment[];
}

/** The options of the form. */
export interface StatusContext {
  /** The sources that the records around the subject cite. */
  cited: readonly SourceNameFragment[];
  /** The events that concern the subject. */
  events: readonly { id: string; title: string; date: string }[];
  /** The ids of parties that can have breached the subject, in addition to those with a role in it. */
  parties: readonly string[];
}

export interface Answer {
  assessment: StatusAssessment | null;
  subject: { id: string; version: number } | null;
  userErrors: readonly UserError[];
}

/** The response to a status that is submitted for review. */
export interface SubmissionAnswer {
  submission: { id: string } | null;
  userErrors: readonly UserError[];
}

export interface StatusChoice {
  value: Status;
  label: string;
  meaning: string;
  glyph?: ReactNode;
}

/** What differs between the status forms of clauses, caveats and proposals. */
export interface StatusKind {
  choices: readonly StatusChoice[];
  /** Whether an assessment with the status BREACHED names parties. */
  hasBreakers: boolean;
  update: Sending<object, Answer>;
  /** Submits the same input for review. */
  submit: Sending<object, SubmissionAnswer>;
  /** The field of the input that contains the subject's id. */
  idField: 'clauseId' | 'caveatId' | 'proposalId';
  badge: (status: Status) => ReactNode;
  statusName: (status: Status) => string;
}

/** The presentation of statuses. */
export type Shown = Pick<StatusKind, 'choices' | 'badge' | 'statusName'>;

/** The record whose status the form updates. */
export interface StatusSubject {
  kind: StatusKind;
  id: string;
  version: number;
  reference: string;
  /** The first day that a status can have. */
  firstDay: string;
  criteria: readonly { status: Status; text: string }[];
  /** The ids of the parties that are listed first as holders. */
  related: readonly string[];
  /** The ids of the parties with a role in the subject. */
  obliged: readonly string[];
  /** The assessment that the page shows. */
  inForce: StatusAssessment | null;
  history: Lookup<StatusHistory>;
  context: Lookup<StatusContext>;
  /** The status on a day, in the view of the party with the id `heldBy`, or in the neutral record. */
  statusOn: (asOf: string, heldBy: string | undefined) => Lookup<Status>;
}

/** Adapts the mutation of one kind of records to the form, which creates the input. */
export const statusMutation = <Input>(document: Sending<Input, Answer>) => document as unknown as Sending<object, Answer>;

/** Adapts the mutation that submits statuses of one kind of records to the form. */
export const statusSubmission = <Input>(document: Sending<Input, SubmissionAnswer>) => document as unknown as Sending<object, SubmissionAnswer>;
