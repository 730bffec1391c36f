//! Who asks, and what they are able to do.
//!
//! What a viewer may do is a capability: [`Editor`] and [`Admin`] can only be had from a viewer who has the role, and
//! every function that writes takes one. So a check that is forgotten does not compile.

use super::StringEnum as _;
use super::string_enum::string_enum;
use super::token::Digest;

string_enum! {
    /// What somebody may do. Each role may do what those before it may.
    Role {
        /// Somebody without a token: reads, where reading is public.
        Anonymous = "anonymous",
        /// Reads.
        Reader = "reader",
        /// Reads and writes.
        Editor = "editor",
        /// Reads, writes, and says who else may.
        Admin = "admin",
    }
}

/// What somebody shows of who they are. Only the hash of a secret goes further than the transport.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Credential {
    /// Nothing.
    None,
    /// An access token.
    Token(Digest),
    /// The cookie of a browser that has signed in.
    SignIn(Digest),
}

/// Who sends a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    name: Option<String>,
    role: Role,
}

/// Why a viewer is rejected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccessError {
    /// It is not known who asks; the sentence says what is wrong with what they showed.
    #[error("{0}")]
    Unauthenticated(String),
    /// It is known who asks, and it is not for them.
    #[error("this takes the role {needed}; {who} has the role {role}", needed = needed.name(), role = role.name())]
    Forbidden {
        /// The name of who asks.
        who: String,
        /// What they are.
        role: Role,
        /// What they would have to be.
        needed: Role,
    },
}

/// The ability to write. Whoever holds one has passed the check, and nothing writes without one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Editor {
    name: String,
}

/// The ability to say who may read and write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admin {
    name: String,
}

impl Viewer {
    /// Somebody who has shown nothing.
    #[must_use]
    pub fn anonymous() -> Self {
        Self { name: None, role: Role::Anonymous }
    }

    /// Somebody who has shown a token, or has signed in.
    #[must_use]
    pub fn known(name: String, role: Role) -> Self {
        Self { name: Some(name), role }
    }

    /// The name that stands beside what they write; `None` if nothing is known of them.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// What they may do.
    #[must_use]
    pub fn role(&self) -> Role {
        self.role
    }

    /// The ability to write.
    ///
    /// # Errors
    /// Where the viewer does not have it.
    pub fn editor(&self) -> Result<Editor, AccessError> {
        self.expect(Role::Editor).map(|name| Editor { name })
    }

    /// The ability to say who may read and write.
    ///
    /// # Errors
    /// Where the viewer does not have it.
    pub fn admin(&self) -> Result<Admin, AccessError> {
        self.expect(Role::Admin).map(|name| Admin { name })
    }

    /// Whether the viewer may read where reading takes a token.
    ///
    /// # Errors
    /// Where the viewer may not.
    pub fn reader(&self) -> Result<(), AccessError> {
        self.expect(Role::Reader).map(|_| ())
    }

    /// The viewer's name, if they have at least this role.
    fn expect(&self, needed: Role) -> Result<String, AccessError> {
        match &self.name {
            Some(name) if self.role >= needed => Ok(name.clone()),
            Some(name) => {
                Err(AccessError::Forbidden { who: name.clone(), role: self.role, needed })
            }
            None => Err(AccessError::Unauthenticated(format!(
                "this takes the role {}: send an access token, as `Authorization: Bearer cwt_…`, or sign in",
                needed.name()
            ))),
        }
    }
}

impl Editor {
    /// The ability of the operator's own commands, which act on the database without the server.
    #[must_use]
    pub fn operator() -> Self {
        Self { name: OPERATOR.to_owned() }
    }

    /// The name that stands beside what was recorded.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Admin {
    /// The ability of the operator's own commands, which act on the database without the server.
    #[must_use]
    pub fn operator() -> Self {
        Self { name: OPERATOR.to_owned() }
    }

    /// The name that stands beside what was decided.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// The name of who runs the operator's commands. No token can have it.
pub(super) const OPERATOR: &str = "operator";

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::StringEnum;

    #[test]
    fn nobody_without_a_name_can_write() {
        let viewer = Viewer::anonymous();
        assert!(matches!(viewer.reader(), Err(AccessError::Unauthenticated(_))));
        assert!(matches!(viewer.editor(), Err(AccessError::Unauthenticated(_))));
        assert!(matches!(viewer.admin(), Err(AccessError::Unauthenticated(_))));
    }

    proptest! {
        #[test]
        fn a_role_can_do_what_those_before_it_can(role in prop::sample::select(Role::ALL), name in "[a-z]{1,9}") {
            prop_assume!(role != Role::Anonymous);
            let viewer = Viewer::known(name.clone(), role);
            prop_assert!(viewer.reader().is_ok());
            prop_assert_eq!(viewer.editor().is_ok(), matches!(role, Role::Editor | Role::Admin));
            prop_assert_eq!(viewer.admin().is_ok(), role == Role::Admin);
            if let Err(denied) = viewer.admin() {
                prop_assert_eq!(
                    denied.to_string(),
                    format!("this takes the role ADMIN; {name} has the role {}", role.name())
                );
            }
        }
    }
}
