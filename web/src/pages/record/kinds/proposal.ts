import { texts } from '../../../texts';
import { defineKind } from '../kind';
import { ArchiveProposalDocument, CreateProposalDocument, ProposalRecordDocument, UpdateProposalDocument } from './Proposal.gen';
import { AGREEMENTS, aliases, confidence, externalIds, note, PARTIES, provenance } from './fields';

const { field } = texts.record;

export const proposal = defineKind({
  fields: {
    title: { type: 'text', ...field.title, isRequired: true },
    madeOn: { type: 'day', ...field.madeOn, isRequired: true },
    proposedByIds: { type: 'references', ...field.proposedByIds, to: PARTIES, isRequired: true },
    addressedToIds: { type: 'references', ...field.addressedToIds, to: PARTIES },
    standing: { type: 'choice', ...field.standing, choices: texts.proposalStanding, isRequired: true },
    isPackage: { type: 'flag', ...field.isPackage },
    summary: { type: 'longText', ...field.summary, isRequired: true },
    agreementIds: { type: 'references', ...field.agreementIds, to: AGREEMENTS },
    respondsToId: { type: 'reference', ...field.respondsToId, to: { search: ['PROPOSAL'] } },
    ...provenance,
    confidence,
    note,
    aliases,
    externalIds,
    slug: { type: 'text', ...field.slug, isRequired: true, proposedFrom: 'title' },
  },
  read: ProposalRecordDocument,
  create: CreateProposalDocument,
  update: UpdateProposalDocument,
  archive: ArchiveProposalDocument,
  idField: 'proposalId',
  recorded: (record) => record,
  nameOf: ({ title }) => title,
  pathTo: ({ slug }) => `/proposals/${slug}`,
});
