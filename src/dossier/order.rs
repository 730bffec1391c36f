//! The order in which the records of one kind are written: each follows the records of its kind to which it refers.

use std::collections::{BTreeSet, HashMap};

use super::import_set::Item;
use crate::db::record::Record;
use crate::domain::Id;
use crate::domain::agreement::AgreementContent;
use crate::domain::caveat::CaveatContent;
use crate::domain::clause::ClauseContent;
use crate::domain::deadline::{Anchor, DeadlineBasis, DeadlineContent};
use crate::domain::event::EventContent;
use crate::domain::id::ClauseId;
use crate::domain::interpretation::InterpretationContent;
use crate::domain::party::PartyContent;
use crate::domain::precondition::PreconditionContent;
use crate::domain::proposal::ProposalContent;
use crate::domain::source::SourceContent;
use crate::domain::topic::TopicContent;

/// A record that can refer to others of its kind. The defaults are for kinds without such references.
pub(super) trait Linked: Record {
    /// The records of its kind that must be written first.
    fn links(&self) -> Vec<Id<Self::Of>> {
        Vec::new()
    }

    /// Keeps only the references to records of its kind that `keep` accepts.
    fn keep_links(&mut self, _keep: impl Fn(Id<Self::Of>) -> bool) {}
}

impl Linked for SourceContent {}

impl Linked for EventContent {}

impl Linked for PreconditionContent {}

impl Linked for InterpretationContent {}

impl Linked for TopicContent {
    fn links(&self) -> Vec<Id<Self::Of>> {
        self.parent.into_iter().collect()
    }

    fn keep_links(&mut self, keep: impl Fn(Id<Self::Of>) -> bool) {
        self.parent = self.parent.filter(|parent| keep(*parent));
    }
}

impl Linked for PartyContent {
    fn links(&self) -> Vec<Id<Self::Of>> {
        self.represents.into_iter().collect()
    }

    fn keep_links(&mut self, keep: impl Fn(Id<Self::Of>) -> bool) {
        self.represents = self.represents.filter(|party| keep(*party));
    }
}

impl Linked for AgreementContent {
    fn links(&self) -> Vec<Id<Self::Of>> {
        self.relations.iter().map(|relation| relation.agreement).collect()
    }

    fn keep_links(&mut self, keep: impl Fn(Id<Self::Of>) -> bool) {
        self.relations.retain(|relation| keep(relation.agreement));
    }
}

impl Linked for ClauseContent {
    fn links(&self) -> Vec<Id<Self::Of>> {
        self.parent.into_iter().chain(self.deadlines.iter().filter_map(counted_from)).collect()
    }

    fn keep_links(&mut self, keep: impl Fn(Id<Self::Of>) -> bool) {
        self.parent = self.parent.filter(|parent| keep(*parent));
        for deadline in &mut self.deadlines {
            if counted_from(deadline).is_some_and(|clause| !keep(clause)) {
                deadline.basis = None;
            }
        }
    }
}

/// The other clause on which a deadline depends: its completion or one of its deadlines is the anchor.
fn counted_from(deadline: &DeadlineContent) -> Option<ClauseId> {
    match &deadline.basis {
        Some(DeadlineBasis::After { anchor, .. }) => match anchor {
            Anchor::Completion(clause) => Some(*clause),
            Anchor::Deadline { clause, .. } => *clause,
            Anchor::Event(_) => None,
        },
        _ => None,
    }
}

impl Linked for ProposalContent {
    fn links(&self) -> Vec<Id<Self::Of>> {
        self.responds_to.into_iter().collect()
    }

    fn keep_links(&mut self, keep: impl Fn(Id<Self::Of>) -> bool) {
        self.responds_to = self.responds_to.filter(|earlier| keep(*earlier));
    }
}

impl Linked for CaveatContent {
    // Exchanges need no order: of two caveats, the caveat that is written last writes their exchange.
    fn links(&self) -> Vec<Id<Self::Of>> {
        self.answers.clone()
    }

    fn keep_links(&mut self, keep: impl Fn(Id<Self::Of>) -> bool) {
        self.in_exchange_for.retain(|other| keep(*other));
        self.answers.retain(|answered| keep(*answered));
    }
}

/// The new records in the order of writing: each follows the records to which it refers. In all other respects, and in
/// cycles, the order of the dossiers is kept.
pub(super) fn in_order<C: Linked>(new: Vec<Item<'_, C>>) -> Vec<Item<'_, C>> {
    let by_id: HashMap<Id<C::Of>, usize> =
        new.iter().enumerate().map(|(index, item)| (item.id, index)).collect();
    let mut waiting: Vec<BTreeSet<usize>> = Vec::with_capacity(new.len());
    let mut dependents: HashMap<usize, Vec<usize>> = HashMap::new();
    for (index, item) in new.iter().enumerate() {
        let links = item.content.links();
        let needed: BTreeSet<usize> =
            links.iter().filter_map(|id| by_id.get(id).copied()).filter(|n| *n != index).collect();
        for required in &needed {
            dependents.entry(*required).or_default().push(index);
        }
        waiting.push(needed);
    }
    let is_free = |index: &usize| waiting.get(*index).is_some_and(BTreeSet::is_empty);
    let mut ready: BTreeSet<usize> = (0..new.len()).filter(is_free).collect();
    let mut remaining: BTreeSet<usize> = (0..new.len()).collect();
    let mut order = Vec::with_capacity(new.len());
    // If no record is ready, there is a cycle. The first remaining record is written first to break it.
    while let Some(next) = ready.pop_first().or_else(|| remaining.first().copied()) {
        if !remaining.remove(&next) {
            continue;
        }
        order.push(next);
        for dependent in dependents.remove(&next).unwrap_or_default() {
            if let Some(needed) = waiting.get_mut(dependent) {
                needed.remove(&next);
                if needed.is_empty() {
                    ready.insert(dependent);
                }
            }
        }
    }
    let mut new: Vec<Option<Item<'_, C>>> = new.into_iter().map(Some).collect();
    let ordered = order.into_iter().filter_map(|index| new.get_mut(index).and_then(Option::take));
    ordered.collect()
}
