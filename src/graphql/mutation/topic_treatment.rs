//! Inputs of treatments of topics.

use async_graphql::InputObject;

use super::input::{Given, Ids};
use crate::domain::topic_treatment::TopicTreatmentContent;

/// How fully the text of an agreement treats a topic, as coded by a research dataset such as PA-X.
#[derive(InputObject)]
pub struct TopicTreatmentInput {
    /// Scheme of the code: `PA-X`.
    scheme: String,
    /// Code of the topic in that scheme, such as `HrGen`. At most 40 letters, digits and underscores.
    code: String,
    /// 1 (mentioned), 2 (treated more fully) or 3 (treated in detail). Always 1 if the dataset only codes whether the agreement mentions the topic.
    extent: i32,
}

impl Given<TopicTreatmentContent> for TopicTreatmentInput {
    fn read(self, _ids: &mut Ids, _path: &str) -> TopicTreatmentContent {
        TopicTreatmentContent { scheme: self.scheme, code: self.code, extent: self.extent }
    }
}
