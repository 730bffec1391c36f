//! Settings of single sign-on.

use std::fmt;

use clap::Args;

use crate::domain::StringEnum;
use crate::domain::viewer::Role;

/// Single sign-on: the identity provider, and the roles that its claims grant.
#[derive(Debug, Clone, Default, Args)]
pub struct SingleSignOn {
    /// The issuer URL of the OpenID Connect provider, exactly as the provider writes it. Requires --public-url.
    #[arg(long, global = true, env = "CLAUSEWATCH_OIDC_ISSUER")]
    pub oidc_issuer: Option<String>,

    /// The client id of this server at the provider.
    #[arg(long, global = true, env = "CLAUSEWATCH_OIDC_CLIENT_ID")]
    pub oidc_client_id: Option<String>,

    /// The client secret of this server at the provider.
    #[arg(long, global = true, env = "CLAUSEWATCH_OIDC_CLIENT_SECRET", hide_env_values = true)]
    pub oidc_client_secret: Option<Hidden>,

    /// The claim of the ID token that decides the role: a string or a list of strings. Dots separate the names of nested claims.
    #[arg(long, global = true, env = "CLAUSEWATCH_OIDC_ROLE_CLAIM", default_value = "groups")]
    pub oidc_role_claim: String,

    /// The role for each value of the claim, such as treaty-desk=editor,everyone=reader. The highest matching role applies.
    #[arg(long, global = true, env = "CLAUSEWATCH_OIDC_ROLES", value_delimiter = ',')]
    pub oidc_roles: Vec<RoleRule>,
}

impl SingleSignOn {
    /// The highest role that these claims grant. None if they grant no role.
    #[must_use]
    pub fn role_of(&self, claims: &serde_json::Map<String, serde_json::Value>) -> Option<Role> {
        use serde_json::Value;
        // Dots can also be part of the name of a claim, as in `https://example.org/roles`.
        let claim = claims.get(&self.oidc_role_claim).or_else(|| {
            let mut steps = self.oidc_role_claim.split('.');
            let first = claims.get(steps.next()?)?;
            steps.try_fold(first, |claim, step| claim.get(step))
        })?;
        let values: Vec<&str> = match claim {
            Value::String(value) => vec![value],
            Value::Array(values) => values.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let given = self.oidc_roles.iter().filter(|rule| values.contains(&rule.value.as_str()));
        given.map(|rule| rule.role).max()
    }
}

/// The role for a value of the claim, written VALUE=ROLE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleRule {
    value: String,
    role: Role,
}

impl std::str::FromStr for RoleRule {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let rule = text.rsplit_once('=').and_then(|(value, role)| {
            let role = Role::parse(&role.trim().to_ascii_lowercase())?;
            Some(Self { value: value.trim().to_owned(), role })
        });
        rule.filter(|rule| !rule.value.is_empty() && rule.role != Role::Anonymous)
            .ok_or_else(|| "write VALUE=ROLE, where ROLE is reader, editor or admin".to_owned())
    }
}

/// A secret setting, which `Debug` hides.
#[derive(Clone, PartialEq, Eq)]
pub struct Hidden(String);

impl Hidden {
    /// The secret as plain text.
    #[must_use]
    pub fn reveal(&self) -> String {
        self.0.clone()
    }
}

impl From<&str> for Hidden {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("…")
    }
}
