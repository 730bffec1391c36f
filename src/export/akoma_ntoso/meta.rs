//! The metadata of the document: identification, publication, lifecycle, and the statuses of the clauses.

use super::View;
use super::body::PlacedClause;
use super::names;
use super::record::{Agreement, Ending};
use super::references::{EDITOR, ENDING, References, authors};
use super::xml::Xml;
use crate::export::label::label;

/// The namespace of the statuses.
const STATUS_NAMESPACE: &str = "urn:x-clausewatch:status";

/// The data from which the metadata is written.
pub struct Meta<'a> {
    pub agreement: &'a Agreement,
    pub clauses: &'a [PlacedClause<'a>],
    pub references: &'a References,
    pub view: &'a View,
    /// The day on which the file is written.
    pub today: &'a str,
}

impl Meta<'_> {
    /// Writes the element `meta`.
    pub fn write(&self, xml: &mut Xml) {
        xml.start("meta", &[]);
        self.identification(xml);
        self.publication(xml);
        self.lifecycle(xml);
        self.references.write(xml, self.agreement);
        self.statuses(xml);
        xml.end("meta");
    }

    fn identification(&self, xml: &mut Xml) {
        let agreement = self.agreement;
        let Agreement { kind, agreed_on, slug, .. } = agreement;
        let work = names::work(kind, agreed_on, slug);
        let source = agreement.source.as_ref();
        let language = names::language(source.and_then(|source| source.language.as_deref()));
        let expression = format!("{work}/{language}@{agreed_on}");
        xml.start("identification", &[("source", EDITOR)]);

        xml.start("FRBRWork", &[]);
        addresses(xml, &format!("{work}/!main"), &work);
        alias(xml, "shortTitle", &agreement.short_title);
        alias(xml, "page", &self.references.page(&["agreements", slug]));
        for id in &agreement.external_ids {
            alias(xml, &id.scheme, &id.value);
        }
        date(xml, "Agreement", agreed_on);
        let mut has_author = false;
        for (party, role) in authors(agreement) {
            has_author = true;
            xml.empty("FRBRauthor", &[("href", &party), ("as", &role)]);
        }
        if !has_author {
            xml.empty("FRBRauthor", &[("href", "#unknown")]);
        }
        value(xml, "FRBRcountry", names::COUNTRY);
        value(xml, "FRBRsubtype", &names::token(kind));
        value(xml, "FRBRnumber", slug);
        value(xml, "FRBRname", &agreement.title);
        xml.end("FRBRWork");

        xml.start("FRBRExpression", &[]);
        addresses(xml, &format!("{expression}/!main"), &expression);
        date(xml, "Record", self.changed_on());
        xml.empty("FRBRauthor", &[("href", EDITOR)]);
        xml.empty("FRBRlanguage", &[("language", &language)]);
        xml.end("FRBRExpression");

        xml.start("FRBRManifestation", &[]);
        addresses(xml, &format!("{expression}/!main.akn"), &format!("{expression}.akn"));
        date(xml, "File", self.today);
        xml.empty("FRBRauthor", &[("href", EDITOR)]);
        value(xml, "FRBRformat", super::MEDIA_TYPE);
        xml.end("FRBRManifestation");
        xml.end("identification");
    }

    /// The day of the last change of the agreement and its clauses.
    fn changed_on(&self) -> &str {
        let agreement = self.agreement.changed_at.as_deref();
        let clauses = self.clauses.iter().filter_map(|placed| placed.clause.changed_at.as_deref());
        // The times have the same format, so the latest one is also the last in alphabetical order.
        let last = agreement.into_iter().chain(clauses).max();
        let day = last.and_then(|time| time.split('T').next());
        day.unwrap_or(&self.agreement.agreed_on)
    }

    /// Writes the day on which the source was published, and the publisher, if both are known.
    fn publication(&self, xml: &mut Xml) {
        let Some(source) = &self.agreement.source else { return };
        let Some((day, publisher)) = source.published_on.as_ref().zip(source.publisher.as_ref())
        else {
            return;
        };
        let attributes =
            [("date", day.as_str()), ("name", publisher), ("showAs", &source.source.title)];
        xml.empty("publication", &attributes);
    }

    /// Writes the day on which the agreement was concluded, and the day on which it ended. The document states the
    /// ending and the statuses according to the same holder.
    fn lifecycle(&self, xml: &mut Xml) {
        xml.start("lifecycle", &[("source", EDITOR)]);
        let conclusion = [
            ("eId", "eref_1"),
            ("date", &*self.agreement.agreed_on),
            ("source", self.references.original()),
            ("type", "generation"),
        ];
        xml.empty("eventRef", &conclusion);
        if let Some(Ending { ended_on, .. }) = &self.agreement.ending {
            let ending = [
                ("eId", "eref_2"),
                ("date", ended_on),
                ("source", EDITOR),
                ("type", "repeal"),
                ("refersTo", ENDING),
            ];
            xml.empty("eventRef", &ending);
        }
        xml.end("lifecycle");
    }

    /// Writes the status of each clause in a separate namespace, because Akoma Ntoso has no element for statuses.
    fn statuses(&self, xml: &mut Xml) {
        let View { as_of, known_at, known_at_release, held_by } = self.view;
        xml.start("proprietary", &[("source", EDITOR)]);
        let mut attributes = vec![("xmlns", STATUS_NAMESPACE), ("asOf", as_of.as_str())];
        attributes.extend(known_at.as_deref().map(|time| ("knownAt", time)));
        attributes.extend(known_at_release.as_deref().map(|name| ("knownAtRelease", name)));
        attributes.extend(held_by.as_deref().map(|party| ("heldBy", party)));
        xml.start("statuses", &attributes);
        for placed in self.clauses {
            let clause = placed.clause;
            let reference = format!("#{}", placed.id);
            let words = label(&clause.status);
            let mut attributes = vec![
                ("clause", reference.as_str()),
                ("value", clause.status.as_str()),
                ("showAs", words.as_str()),
            ];
            attributes.extend(clause.status_since.as_deref().map(|day| ("since", day)));
            xml.empty("status", &attributes);
        }
        xml.end("statuses");
        xml.end("proprietary");
    }
}

fn addresses(xml: &mut Xml, this: &str, uri: &str) {
    value(xml, "FRBRthis", this);
    value(xml, "FRBRuri", uri);
}

fn alias(xml: &mut Xml, name: &str, alias: &str) {
    xml.empty("FRBRalias", &[("value", alias), ("name", name)]);
}

fn date(xml: &mut Xml, name: &str, day: &str) {
    xml.empty("FRBRdate", &[("date", day), ("name", name)]);
}

fn value(xml: &mut Xml, element: &str, value: &str) {
    xml.empty(element, &[("value", value)]);
}
