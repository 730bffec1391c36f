//! Enums with names in the database, in dossiers and in the API.

/// An enum whose values have names.
pub trait StringEnum: Copy + Eq + Send + Sync + 'static {
    /// All values, in order of definition.
    const ALL: &'static [Self];

    /// The name in the database: `not_started`.
    fn as_str(self) -> &'static str;

    /// Parses a name in the database.
    fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|value| value.as_str() == text)
    }

    /// The name in dossiers and in the API: `NOT_STARTED`.
    fn name(self) -> String {
        self.as_str().to_ascii_uppercase()
    }

    /// Parses a name in dossiers.
    fn parse_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|value| value.name() == name)
    }

    /// The names of these values in the database.
    fn stored_names(values: &[Self]) -> Vec<&'static str> {
        values.iter().map(|value| value.as_str()).collect()
    }

    /// The name as words, for messages: `not started`.
    fn in_words(self) -> String {
        self.as_str().replace('_', " ")
    }

    /// All names, for messages: `LOW, MEDIUM or HIGH`.
    fn names() -> String {
        let names: Vec<String> = Self::ALL.iter().map(|value| value.name()).collect();
        match names.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
            _ => names.concat(),
        }
    }
}

/// Defines an enum that is a [`StringEnum`].
macro_rules! string_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$doc])* $variant,)+ }

        impl $crate::domain::StringEnum for $name {
            const ALL: &'static [Self] = &[$(Self::$variant,)+];

            fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }
    };
}
pub(crate) use string_enum;
