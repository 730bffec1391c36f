//! The names of the API's enum values, which the web app and the pages without JavaScript share.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::http::assets::embedded_file;

/// Labels by enum and value, from the list that the build of `web/` generates.
static LABELS: LazyLock<HashMap<String, HashMap<String, String>>> = LazyLock::new(|| {
    let file = embedded_file("labels.json");
    file.and_then(|file| serde_json::from_slice(&file.data).ok()).unwrap_or_default()
});

/// The label of an enum value, such as `Not started` for the value `NOT_STARTED` of `clauseStatus`.
pub fn label(kind: &str, value: &str) -> String {
    let label = LABELS.get(kind).and_then(|labels| labels.get(value)).cloned();
    label.unwrap_or_else(|| value.replace('_', " ").to_lowercase())
}
