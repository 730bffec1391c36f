//! A very long word does not widen the page.

use super::assert_clean;
use crate::dossiers::{BASE, import_text};
use crate::support::{Browser, TestApp, on_one_database};

/// Records of each kind whose texts are single words of the maximum length.
fn import_long_words(app: &TestApp) {
    let word = |letters: usize| "w".repeat(letters);
    let (long, title, name) = (word(420), word(200), word(60));
    let text = format!(
        r#"{BASE}
[[party]]
slug = "long"
name = "{title}"
short_name = "{name}"
kind = "STATE"

[[source]]
slug = "long-source"
title = "{title}"
kind = "PRESS"
publisher = "{title}"
url = "https://example.org/{title}"

[[agreement]]
slug = "long"
title = "{title}"
short_title = "{name}"
kind = "TREATY"
adoption = "{long}"
place = "{title}"
agreed_on = 2020-01-01
summary = "{long}"
source = "long-source"

[[agreement.party]]
party = "long"
role = "PARTY"

[[agreement.clause]]
number = "1"
heading = "{title}"
summary = "{long}"
text = "{long}"
note = "{long}"
nature = "ONE_OFF"
topic = "security"
source = "long-source"
obligations = [{{ party = "long", role = "OBLIGED" }}, {{ party = "south", role = "MONITOR", held_by = "long" }}]

[[agreement.clause]]
number = "2"
heading = "{title}"
summary = "{long}"
nature = "ONE_OFF"
topic = "security"

[[precondition]]
kind = "BEFORE_START"
step = "long/1"
requires = "long/2"
held_by = "long"
note = "{long}"
source = "long-source"

[[proposal]]
slug = "long-proposal"
title = "{title}"
summary = "{long}"
note = "{long}"
standing = "OFFICIAL"
made_on = 2020-02-01
proposed_by = ["long"]
addressed_to = ["south", "long"]
agreements = ["long"]
source = "long-source"
confidence = "HIGH"

[[proposal.caveat]]
number = "A"
kind = "DEMAND"
heading = "{title}"
summary = "{long}"
note = "{long}"
topic = "security"
owed_by = ["long"]
owed_to = ["south"]
clause_links = [{{ clause = "long/1", kind = "OVERLAPS", note = "{long}" }}]
source = "long-source"
confidence = "HIGH"

[[event]]
slug = "long"
happened_on = 2020-03-01
kind = "STATEMENT"
title = "{title}"
summary = "{long}"
place = "{title}"
confidence = "HIGH"
actors = ["long"]
concerns = ["long/1"]
sources = ["long-source"]

[[event.assessment]]
of = "long/1"
status = "BREACHED"
note = "{long}"
evidence = ["long-source"]

[[event.assessment]]
of = "long/1"
held_by = "long"
status = "COMPLETE"
note = "{long}"
evidence = ["long-source"]
"#
    );
    import_text(app, &text);
}

on_one_database! {
    fn word_of_420_letters_does_not_widen_the_page(app: Empty) {
        import_long_words(&app);
        for (width, height) in [(1280, 900), (360, 740)] {
            let browser = Browser::open(width, height);
            for address in [
                "/",
                "/agreements/long",
                "/agreements/long?layout=tree",
                "/agreements/long/sequence?readings=long",
                "/agreements/long/clauses/1",
                "/agreements/long/clauses/1?heldBy=long",
                "/proposals",
                "/proposals/long-proposal",
                "/compare?from=2020-01-01&to=2022-01-01",
                "/search?q=wwww",
                "/timeline",
                "/agreements",
                "/agreements/long/views",
                "/parties",
                "/parties/long",
                "/views",
                "/sources",
                "/changes",
            ] {
                browser.goto(&format!("{}{address}", app.url));
                browser.wait_for("document.querySelector('h1') && document.querySelector('main').textContent.includes('wwwwwwwww')");
                browser.wait_for("!document.querySelector('[aria-busy=true]') && !document.body.innerText.includes('Loading…')");
                for details in [false, true] {
                    browser.execute("for (const it of document.querySelectorAll('main details')) it.open = arguments[0]", vec![details.into()]);
                    let wide = browser.execute(
                        "const wide = [...document.querySelectorAll('main *')].filter(it => it.getBoundingClientRect().right > innerWidth + 1 && !it.closest('svg')); \
                         return [document.documentElement.scrollWidth - innerWidth, wide.slice(0, 5).map(it => it.outerHTML.slice(0, 120))]",
                        vec![],
                    );
                    assert!(wide[0].as_i64().is_some_and(|pixels| pixels <= 0), "{address} at {width}: {wide:#}");
                }
                assert_clean(&browser, address);
            }
        }
    }
}
