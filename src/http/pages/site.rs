//! The public addresses of pages.

use actix_web::HttpRequest;
use actix_web::web::Data;
use url::Url;

use crate::domain::page_address::page_address;
use crate::http::origin::Origins;

/// The public address of the server, for the links of one page.
#[derive(Clone)]
pub struct Site {
    /// The address. It ends with a slash.
    base: Url,
}

impl Site {
    /// The site of `--public-url`, or else of the host of the request. `None` if the host is invalid.
    pub fn of(request: &HttpRequest) -> Option<Self> {
        let origins = request.app_data::<Data<Origins>>()?;
        origins.base_url(request).map(|base| Self { base })
    }

    /// The address of the overview.
    pub fn base(&self) -> &Url {
        &self.base
    }

    /// The address of the page with these path segments. Each segment is percent-encoded.
    pub fn page(&self, segments: &[&str]) -> Url {
        page_address(&self.base, segments)
    }

    /// The URL of the page with this path. The path must contain only characters that need no encoding.
    pub fn path(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        url.set_path(&format!("{}{}", self.base.path(), path.trim_start_matches('/')));
        url
    }

    pub fn agreement(&self, slug: &str) -> Url {
        self.page(&["agreements", slug])
    }

    pub fn clause(&self, agreement: &str, number: &str) -> Url {
        self.page(&["agreements", agreement, "clauses", number])
    }

    pub fn proposal(&self, slug: &str) -> Url {
        self.page(&["proposals", slug])
    }

    /// The address of the caveat's section on the page of its proposal.
    pub fn caveat(&self, proposal: &str, number: &str) -> Url {
        let mut url = self.proposal(proposal);
        url.set_fragment(Some(number));
        url
    }

    pub fn event(&self, id: &str) -> Url {
        self.page(&["events", id])
    }

    pub fn source(&self, id: &str) -> Url {
        self.page(&["sources", id])
    }

    pub fn party(&self, slug: &str) -> Url {
        self.page(&["parties", slug])
    }

    /// The address of the API's response to the trusted document `id`, as JSON.
    pub fn answer(&self, id: &str, variables: &serde_json::Value) -> Url {
        let mut url = self.page(&["graphql"]);
        let variables = variables.to_string();
        url.query_pairs_mut().append_pair("documentId", id).append_pair("variables", &variables);
        url
    }
}

/// The address within this server: path, query and fragment.
pub fn href(url: &Url) -> &str {
    url.as_str().get(url.origin().ascii_serialization().len()..).unwrap_or("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_below_the_base_and_encoded() {
        let site = Site { base: Url::parse("https://example.org:8443/a/").unwrap() };
        for (url, expected) in [
            (site.base().clone(), "/a/"),
            (site.path("/timeline"), "/a/timeline"),
            (site.clause("minsk-2", "4.a"), "/a/agreements/minsk-2/clauses/4.a"),
            (site.clause("x", "4/a \"<"), "/a/agreements/x/clauses/4%2Fa%20%22%3C"),
            (site.caveat("y", "Ü 1"), "/a/proposals/y#%C3%9C%201"),
        ] {
            assert_eq!(href(&url), expected);
        }
    }
}
