//! The page of the sequence of an agreement.

use maud::{Markup, html};
use serde::Deserialize;
use serde_json::json;

use super::content::{Content, PageOutcome, PageRequest, PageText, TextSource};
use super::parts::{Party, Step, all_rows_notice, and, date, names, row_limit, section, steps};

/// The maximum number of steps in a list, unless the reader asks for all. The diagram in the web app shows all steps.
const MAX_STEPS_SHOWN: usize = 100;

pub const PAGE: PageText = PageText {
    path: "/agreements/:slug/sequence",
    source: TextSource::Document {
        id: "x-page:sequence",
        text: include_str!("sequence.graphql"),
        has_period: false,
        cursors: &[],
        has_all_rows: true,
        variables: |page| json!({ "slug": page.parameter("slug"), "asOf": page.view.day() }),
        content: |data, page| Ok(content(serde_json::from_slice(data)?, page)),
    },
};

#[derive(Deserialize)]
struct Data {
    agreement: Option<Agreement>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Agreement {
    slug: String,
    short_title: String,
    sequence: Sequence,
}

#[derive(Deserialize)]
struct Sequence {
    deadlocks: Vec<Deadlock>,
    keystones: Vec<Step>,
    ready: Vec<Step>,
    blocked: Vec<Blocked>,
}

#[derive(Deserialize)]
struct Deadlock {
    readings: Vec<Party>,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Blocked {
    step: Step,
    waiting_for: Vec<Step>,
}

impl Deadlock {
    /// The deadlock as a sentence, such as `Minsk II, 4 and Minsk II, 9 wait for each other, in the readings of Russia and
    /// Ukraine.`
    fn sentence(&self) -> String {
        let steps: Vec<&str> = self.steps.iter().map(Step::reference).collect();
        let readings = match self.readings.as_slice() {
            [] => "according to the text".to_owned(),
            [only] => format!("in the reading of {}", only.short_name),
            several => format!("in the readings of {}", names(several)),
        };
        format!("{} wait for each other, {readings}.", and(&steps))
    }
}

fn content(data: Data, page: &PageRequest<'_>) -> PageOutcome {
    let Some(agreement) = data.agreement else { return PageOutcome::NotFound };
    let address = page.site.page(&["agreements", &agreement.slug, "sequence"]);
    if agreement.slug != page.parameter("slug") {
        return PageOutcome::Moved(address);
    }
    let deadlocks: Vec<String> =
        agreement.sequence.deadlocks.iter().map(Deadlock::sentence).collect();
    let verdict = if deadlocks.is_empty() {
        "No steps wait for each other.".to_owned()
    } else {
        deadlocks.join(" ")
    };
    let agreement_page = page.link(page.site.agreement(&agreement.slug));
    let thing = json!({
        "@type": "WebPage",
        "@id": address,
        "url": address,
        "name": format!("Sequence of {}", agreement.short_title),
        "description": verdict,
        "about": {
            "@type": "Legislation",
            "@id": page.site.agreement(&agreement.slug),
            "name": agreement.short_title,
        },
    });
    PageOutcome::Found(Box::new(Content {
        title: format!("Sequence of {}", agreement.short_title),
        description: format!(
            "{verdict} The order in which the clauses of {} can be carried out.",
            agreement.short_title
        ),
        address,
        trail: vec![(agreement.short_title.clone(), agreement_page)],
        body: body(&agreement.sequence, &verdict, page),
        thing,
        image: None,
        alternate: None,
    }))
}

fn body(sequence: &Sequence, verdict: &str, page: &PageRequest<'_>) -> Markup {
    html! {
        p.served-verdict dir="auto" { (verdict) }
        p.muted { "As of " (date(&page.view.day())) ", according to the text and all readings." }
        @for deadlock in &sequence.deadlocks {
            section { h2 { "Deadlock" } (steps(&deadlock.steps, page)) }
        }
        (list("Keystones", &sequence.keystones, page))
        (list("Ready", &sequence.ready, page))
        (section("Blocked", !sequence.blocked.is_empty(), html! {
            ul {
                @for blocked in sequence.blocked.iter().take(row_limit(MAX_STEPS_SHOWN, page)) {
                    li {
                        (blocked.step.link(page)) " waits for "
                        (and(&blocked.waiting_for.iter().map(Step::reference).collect::<Vec<_>>()))
                    }
                }
            }
            (all_rows_notice(sequence.blocked.len(), MAX_STEPS_SHOWN, page))
        }))
    }
}

fn list(title: &str, list: &[Step], page: &PageRequest<'_>) -> Markup {
    section(
        title,
        !list.is_empty(),
        html! {
            (steps(list.iter().take(row_limit(MAX_STEPS_SHOWN, page)), page))
            (all_rows_notice(list.len(), MAX_STEPS_SHOWN, page))
        },
    )
}
