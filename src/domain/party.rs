//! Parties: states, organisations, armed groups, and persons who represent them.

use super::content::{Fields, PARTY, References, check_aliases};
use super::external_id::ExternalIdContent;
use super::id::PartyId;
use super::string_enum::string_enum;
use super::{Content, Field, Reference, StringEnum, ValidationErrorCode, ValidationErrors, text};

string_enum! {
    /// The kind of a party.
    PartyKind {
        /// A state.
        State = "state",
        /// An organisation of states.
        InternationalOrganisation = "international_organisation",
        /// A body that governs without international recognition.
        DeFactoAuthority = "de_facto_authority",
        /// An armed group.
        ArmedGroup = "armed_group",
        /// A body that mediates or monitors.
        MediatingBody = "mediating_body",
        /// A political party.
        PoliticalParty = "political_party",
        /// A commission, such as one that an agreement creates.
        Commission = "commission",
        /// A person.
        Person = "person",
    }
}

/// The content of a party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartyContent {
    /// Short name in URLs.
    pub slug: String,
    /// Full name.
    pub name: String,
    /// Short name, for tables.
    pub short_name: String,
    /// Other names and spellings, in any language.
    pub aliases: Vec<String>,
    /// The kind of party.
    pub kind: PartyKind,
    /// The party that a person represents. `None` for other parties.
    pub represents: Option<PartyId>,
    /// Identifiers in other collections.
    pub external_ids: Vec<ExternalIdContent>,
}

impl Content for PartyContent {
    fn check(&self, errors: &mut ValidationErrors) {
        text::check_slug(errors, "slug", &self.slug);
        text::check_name(errors, "name", &self.name, text::MAX_LINE);
        text::check_name(errors, "short_name", &self.short_name, text::MAX_LINE);
        check_aliases(errors, &self.aliases);
        if self.represents.is_some() && self.kind != PartyKind::Person {
            let message = format!(
                "only a PERSON can represent a party; this party is of kind {}",
                self.kind.name()
            );
            errors.add(ValidationErrorCode::Invalid, "represents", message);
        }
    }

    fn external_ids(&self) -> &[ExternalIdContent] {
        &self.external_ids
    }

    fn references(&self) -> Vec<Reference> {
        let mut references = References::default();
        references.add_optional(PARTY, "represents", self.represents);
        references.0
    }

    fn fields(&self) -> Vec<Field> {
        Fields::default()
            .text("slug", &self.slug)
            .text("name", &self.name)
            .text("short_name", &self.short_name)
            .texts("aliases", &self.aliases)
            .string_enum("kind", self.kind)
            .reference("represents", PARTY, self.represents)
            .list("external_ids", &self.external_ids, ExternalIdContent::fields)
            .0
    }
}
