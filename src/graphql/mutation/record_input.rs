//! The inputs of every kind of record. One list of fields defines its inputs (create, update, archive) and their conversion
//! to content.

use async_graphql::InputType;

use super::input::{Edit, Ids, RecordId};
use crate::db::record::Record;

/// The input that creates a record.
pub trait CreateInput: InputType + 'static {
    type Content: Record;

    fn content(self, ids: &mut Ids) -> Self::Content;
}

/// An input with the id of a record and, optionally, its expected version.
pub trait ChangeInput: InputType + 'static {
    type Content: Record;

    fn id(&self) -> &RecordId<<Self::Content as Record>::Of>;

    fn expected_version(&self) -> Option<i32>;
}

/// The input that updates a record.
pub trait UpdateInput: ChangeInput {
    /// Sets the given fields. Other fields are unchanged.
    fn edit(self, ids: &mut Ids) -> Edit<Self::Content>;
}

/// The input that archives or restores a record.
pub trait ArchiveInput: ChangeInput {
    /// True archives the record. False restores it.
    fn archived(&self) -> bool;
}

/// Defines the mutations that create, update and archive a record, and their inputs, from one list of fields. A line of
/// the list contains the name in the inputs, the name in the content, the presence, and the description. Brackets contain
/// two texts. The first is added to the description in the create input, and the second to the description in the update
/// input. Attributes apply to the create input. Fields in braces are only in the create input. `..` precedes the fields
/// that several kinds of records share.
macro_rules! inputs {
    (
        $article:literal $noun:literal $object:literal, $content:ident;
        $create:ident {
            $($fixed:ident => $fixed_target:ident: $fixed_type:ty, $fixed_description:literal;)*
        }
        $update:ident, $archive:ident { $id:ident }
        $(
            $(#[$attribute:meta])*
            $field:ident => $target:ident: $presence:ty, $description:literal
            $([$on_create:literal, $on_update:literal])?;
        )*
        $(..$shared:ident: $shared_type:ty;)*
    ) => {
        /// The names of the mutations.
        pub const NAMES: $crate::graphql::mutation::record::Names =
            $crate::graphql::mutation::record::names!($article, $noun, $object);

        /// Adds the mutations.
        pub fn mutations(
            mutations: $crate::graphql::engine::schema::Object,
        ) -> $crate::graphql::engine::schema::Object {
            NAMES.fields::<$create, $update, $archive>(mutations)
        }

        #[doc = concat!("Content of a new ", $noun, ".")]
        #[derive(async_graphql::InputObject)]
        pub struct $create {
            $(#[doc = concat!($fixed_description)] $fixed: $fixed_type,)*
            $(
                #[doc = concat!($description, $($on_create)?)]
                $(#[$attribute])*
                $field: <$presence as $crate::graphql::mutation::presence::Presence>::Create,
            )*
            $(
                #[graphql(flatten)]
                $shared: <$shared_type as $crate::graphql::mutation::presence::Presence>::Create,
            )*
            #[graphql(flatten)]
            idempotency: $crate::graphql::mutation::input::Idempotency,
        }

        impl $crate::graphql::mutation::record_input::CreateInput for $create {
            type Content = $content;

            fn content(self, ids: &mut $crate::graphql::mutation::input::Ids) -> $content {
                use $crate::graphql::mutation::presence::Reads;
                $content {
                    $($fixed_target: $crate::graphql::mutation::input::Given::read(self.$fixed, ids, stringify!($fixed_target)),)*
                    $($target: <$presence as Reads<_>>::created(self.$field, ids, stringify!($target)),)*
                    $($shared: $crate::graphql::mutation::presence::Shared::created(self.$shared, ids),)*
                }
            }
        }

        #[doc = concat!("Changes to ", $article, " ", $noun, ". Omitted fields are unchanged.")]
        #[derive(async_graphql::InputObject)]
        pub struct $update {
            #[doc = concat!("Id of the ", $noun, ".")]
            $id: $crate::graphql::mutation::input::RecordId<<$content as $crate::db::record::Record>::Of>,
            $(
                #[doc = concat!($description, $($on_update)?)]
                $field: <$presence as $crate::graphql::mutation::presence::Presence>::Update,
            )*
            $(
                #[graphql(flatten)]
                $shared: <$shared_type as $crate::graphql::mutation::presence::Presence>::Update,
            )*
            #[graphql(flatten)]
            change: $crate::graphql::mutation::input::Change,
        }

        impl $crate::graphql::mutation::record_input::UpdateInput for $update {
            fn edit(
                self,
                ids: &mut $crate::graphql::mutation::input::Ids,
            ) -> $crate::graphql::mutation::input::Edit<$content> {
                use $crate::graphql::mutation::presence::Reads;
                $(let $target = <$presence as Reads<_>>::updated(self.$field, ids, stringify!($target));)*
                $(let $shared: $crate::graphql::mutation::input::Edit<$shared_type> =
                    $crate::graphql::mutation::presence::Shared::edit(self.$shared, ids);)*
                Box::new(move |content: &mut $content| {
                    $(if let Some(value) = $target {
                        <$presence as Reads<_>>::replace(&mut content.$target, value);
                    })*
                    $($shared(&mut content.$shared);)*
                })
            }
        }

        #[doc = concat!("The ", $noun, " to archive or restore.")]
        #[derive(async_graphql::InputObject)]
        pub struct $archive {
            #[doc = concat!("Id of the ", $noun, ".")]
            $id: $crate::graphql::mutation::input::RecordId<<$content as $crate::db::record::Record>::Of>,
            /// True archives the record. False restores it.
            #[graphql(default = true)]
            archived: bool,
            #[graphql(flatten)]
            change: $crate::graphql::mutation::input::Change,
        }

        impl $crate::graphql::mutation::record_input::ArchiveInput for $archive {
            fn archived(&self) -> bool {
                self.archived
            }
        }

        $crate::graphql::mutation::record_input::inputs!(@change $update, $content, $id);
        $crate::graphql::mutation::record_input::inputs!(@change $archive, $content, $id);
    };
    (@change $input:ident, $content:ident, $id:ident) => {
        impl $crate::graphql::mutation::record_input::ChangeInput for $input {
            type Content = $content;

            fn id(
                &self,
            ) -> &$crate::graphql::mutation::input::RecordId<<$content as $crate::db::record::Record>::Of> {
                &self.$id
            }

            fn expected_version(&self) -> Option<i32> {
                self.change.expected_version
            }
        }
    };
}
pub(super) use inputs;
