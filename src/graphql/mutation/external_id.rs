//! Inputs of external identifiers.

use async_graphql::InputObject;

use super::input::{Given, Ids, Text};
use crate::domain::external_id::ExternalIdContent;

/// Identifier of a record in another collection.
#[derive(InputObject)]
pub struct ExternalIdInput {
    /// Scheme of the identifier: `WIKIDATA` (item, such as `Q212`), `ISO-3166` (country code), `PA-X` (agreement), `PAM` (accord), `UCDP`, `UNTS` (registration number), `UN` (document symbol), `UN meeting`, `UN press release`, `OSCE` (document), `DOI`, `ISBN`, `CELEX`, or `REPORT` (number of a report).
    scheme: Text,
    /// Identifier in that scheme, such as `1364`. At most 300 characters. It must have the format of its scheme.
    value: Text,
}

impl Given<ExternalIdContent> for ExternalIdInput {
    fn read(self, _ids: &mut Ids, _path: &str) -> ExternalIdContent {
        ExternalIdContent { scheme: self.scheme.into(), value: self.value.into() }
    }
}
