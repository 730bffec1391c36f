//! Who asks, and what they are able to do.

/// Who sends a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Viewer {
    /// Somebody at this machine, who may write.
    Local,
    /// Somebody elsewhere, who may read.
    Remote,
}

/// The ability to write. Whoever holds one has passed the check, and nothing writes without one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Editor {
    name: String,
}

impl Viewer {
    /// The ability to write, if the viewer has it.
    #[must_use]
    pub fn editor(&self) -> Option<Editor> {
        match self {
            Self::Local => Some(Editor { name: "local".to_owned() }),
            Self::Remote => None,
        }
    }
}

impl Editor {
    /// The ability of the operator's own commands, which act on the database without the server.
    #[must_use]
    pub fn operator() -> Self {
        Self { name: "operator".to_owned() }
    }

    /// The name that stands beside what was recorded.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}
