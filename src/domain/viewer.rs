//! Viewers, roles and capabilities.
//!
//! Rights are capabilities. Apart from the command line, only a viewer with the corresponding role can provide an
//! [`Editor`] or an [`Admin`]. Functions that change records, access tokens or webhooks for a viewer require such a
//! value, so code that omits the check does not compile.

use super::StringEnum as _;
use super::string_enum::string_enum;
use super::token::Digest;

string_enum! {
    /// A role. Each role includes the rights of the previous roles.
    Role {
        /// No credential. Can read if reading is public.
        Anonymous = "anonymous",
        /// Can read.
        Reader = "reader",
        /// Can read and write.
        Editor = "editor",
        /// Can read, write, and manage access tokens and webhooks.
        Admin = "admin",
    }
}

/// The credential of a request. The secret itself never leaves the transport layer. Only its hash does.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Credential {
    /// No credential.
    None,
    /// An access token.
    Token(Digest),
    /// The cookie of a browser that has signed in.
    SignIn(Digest),
}

/// The sender of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    name: Option<String>,
    role: Role,
}

/// The reason why access is denied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccessError {
    /// The credential is missing or invalid. The text states the reason.
    #[error("{0}")]
    Unauthenticated(String),
    /// The viewer does not have the required role.
    #[error("this requires the role {needed}; {who} has the role {role}", needed = needed.name(), role = role.name())]
    Forbidden {
        /// The name of the viewer.
        who: String,
        /// The role of the viewer.
        role: Role,
        /// The required role.
        needed: Role,
    },
}

/// The right to write. Every function that changes records requires an `Editor`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Editor {
    name: String,
}

/// The right to manage access tokens and webhooks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admin {
    name: String,
}

impl Viewer {
    /// A viewer without a credential.
    #[must_use]
    pub fn anonymous() -> Self {
        Self { name: None, role: Role::Anonymous }
    }

    /// A viewer with a valid credential.
    #[must_use]
    pub fn known(name: String, role: Role) -> Self {
        Self { name: Some(name), role }
    }

    /// The name of the account. `None` for an anonymous viewer.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The role.
    #[must_use]
    pub fn role(&self) -> Role {
        self.role
    }

    /// The right to write.
    ///
    /// # Errors
    /// The viewer does not have the required role.
    pub fn editor(&self) -> Result<Editor, AccessError> {
        self.expect(Role::Editor).map(|name| Editor { name })
    }

    /// The right to manage access tokens and webhooks.
    ///
    /// # Errors
    /// The viewer does not have the required role.
    pub fn admin(&self) -> Result<Admin, AccessError> {
        self.expect(Role::Admin).map(|name| Admin { name })
    }

    /// Checks the right to read on a server where reading requires a token.
    ///
    /// # Errors
    /// The viewer is anonymous.
    pub fn reader(&self) -> Result<(), AccessError> {
        self.expect(Role::Reader).map(|_| ())
    }

    /// The name of the account, if the viewer has at least this role.
    fn expect(&self, needed: Role) -> Result<String, AccessError> {
        match &self.name {
            Some(name) if self.role >= needed => Ok(name.clone()),
            Some(name) => {
                Err(AccessError::Forbidden { who: name.clone(), role: self.role, needed })
            }
            None => Err(AccessError::Unauthenticated(format!(
                "this requires the role {}: send an access token, as `Authorization: Bearer cwt_…`, or sign in",
                needed.name()
            ))),
        }
    }
}

impl Editor {
    /// The right of the command line, which accesses the database directly.
    #[must_use]
    pub fn operator() -> Self {
        Self { name: OPERATOR.to_owned() }
    }

    /// The name of the account, which records show as their author.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Admin {
    /// The right of the command line, which accesses the database directly.
    #[must_use]
    pub fn operator() -> Self {
        Self { name: OPERATOR.to_owned() }
    }

    /// The name of the account, which records show as their author.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// The account name of the command line. Tokens cannot have this name.
pub(super) const OPERATOR: &str = "operator";

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::StringEnum;

    #[test]
    fn anonymous_viewer_cannot_write() {
        let viewer = Viewer::anonymous();
        assert!(matches!(viewer.reader(), Err(AccessError::Unauthenticated(_))));
        assert!(matches!(viewer.editor(), Err(AccessError::Unauthenticated(_))));
        assert!(matches!(viewer.admin(), Err(AccessError::Unauthenticated(_))));
    }

    proptest! {
        #[test]
        fn role_includes_the_rights_of_those_before_it(role in prop::sample::select(Role::ALL), name in "[a-z]{1,9}") {
            prop_assume!(role != Role::Anonymous);
            let viewer = Viewer::known(name.clone(), role);
            prop_assert!(viewer.reader().is_ok());
            prop_assert_eq!(viewer.editor().is_ok(), matches!(role, Role::Editor | Role::Admin));
            prop_assert_eq!(viewer.admin().is_ok(), role == Role::Admin);
            if let Err(denied) = viewer.admin() {
                prop_assert_eq!(
                    denied.to_string(),
                    format!("this requires the role ADMIN; {name} has the role {}", role.name())
                );
            }
        }
    }
}
