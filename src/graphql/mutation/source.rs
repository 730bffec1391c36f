//! Creating, updating and archiving sources.

use super::external_id::ExternalIdInput;
use super::input::Text;
use super::presence::{List, Optional, Required};
use super::record_input::inputs;
use crate::domain::source::SourceContent;
use crate::graphql::scalar::Date;
use crate::graphql::source::SourceKind;

inputs! {
    "a" "source" "Source", SourceContent;
    CreateSourceInput {}
    UpdateSourceInput, ArchiveSourceInput { source_id }
    slug => slug: Optional<String>, "Short name in dossiers: lower-case letters, digits and single hyphens. At most 80 characters. Unique among the present and former slugs of records of this type." ["", " Null clears it."];
    title => title: Required<Text>, "Title. At most 300 characters.";
    kind => kind: Required<SourceKind>, "Kind of source.";
    publisher => publisher: Optional<Text>, "Publisher. At most 300 characters." ["", " Null clears it."];
    url => url: Optional<String>, "Address: an `http` or `https` URL. At most 2000 characters." ["", " Null clears it."];
    archived_url => archived_url: Optional<String>, "Archived copy: an `http` or `https` URL. At most 2000 characters." ["", " Null clears it."];
    published_on => published_on: Optional<Date>, "Day of publication." [" Default: none.", " Null clears it."];
    language => language: Optional<String>, "Language: a tag of BCP 47 with a language of ISO 639, such as `en`. At most 35 characters." [" Default: none.", " Null clears it."];
    #[graphql(default)]
    external_ids => external_ids: List<ExternalIdInput>, "Identifiers of the record in other collections." ["", " Replaces the whole list."];
}
