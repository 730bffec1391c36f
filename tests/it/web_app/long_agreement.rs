//! An agreement with two hundred clauses is as responsive as a short one.

use std::fmt::Write;
use std::time::Duration;

use super::{assert_clean, fill, see};
use crate::dossiers::{BASE, import_text};
use crate::support::{Browser, TestApp, on_one_database};

const CLAUSES: usize = 200;

/// An agreement with twenty clauses of nine parts each. Every third clause has an assessment.
fn import_long_agreement(app: &TestApp) {
    let mut text = BASE.to_owned();
    let head = "[[agreement]]\nslug = \"long\"\ntitle = \"A long agreement\"\nshort_title = \"Long\"\nkind = \"TREATY\"\n\
                adoption = \"Signed.\"\nagreed_on = 2020-01-01\nsummary = \"Much.\"\n";
    text.push_str(head);
    let numbers: Vec<String> = (0..CLAUSES)
        .map(|index| match (index / 10 + 1, index % 10) {
            (whole, 0) => whole.to_string(),
            (whole, part) => format!("{whole}.{part}"),
        })
        .collect();
    for number in &numbers {
        let parent = number
            .split_once('.')
            .map_or(String::new(), |(whole, _)| format!("parent = \"{whole}\"\n"));
        write!(
            text,
            "\n[[agreement.clause]]\nnumber = \"{number}\"\n{parent}heading = \"Duty {number}\"\n\
             summary = \"It is agreed.\"\nnature = \"ONE_OFF\"\ntopic = \"security\"\n"
        )
        .unwrap();
    }
    text.push_str(
        "\n[[event]]\nslug = \"report\"\nhappened_on = 2020-03-01\nkind = \"STATEMENT\"\ntitle = \"Report\"\n\
         summary = \"A report.\"\nconfidence = \"HIGH\"\nsources = [\"gazette\"]\n",
    );
    for number in numbers.iter().step_by(3) {
        write!(text, "\n[[event.assessment]]\nof = \"long/{number}\"\nstatus = \"PARTIAL\"\nnote = \"Some of it.\"\n").unwrap();
    }
    import_text(app, &text);
}

/// The maximum processor time of one action. An action takes 50 to 200 ms on a current machine, which is a fraction of
/// the limit. Rendering that is quadratic in the number of clauses takes seconds.
const LIMIT: Duration = Duration::from_millis(800);

on_one_database! {
    fn long_agreement_can_be_filtered_and_scrolled_smoothly(app: Empty) {
        import_long_agreement(&app);
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}/agreements/long", app.url));
        let all = format!("document.querySelector('tbody')?.rows.length === {CLAUSES}");
        browser.wait_for(&all);
        see(&browser, "200 in total");
        let run = |script: &str| browser.execute(script, vec![]);
        let smoothly = |action: &str, act: &dyn Fn()| {
            let time = browser.processor_time(act);
            assert!(time < LIMIT, "{action}: {time:?} of processor time");
        };
        run("document.querySelector('main search input[type=search]').focus()");
        smoothly("the first letter", &|| {
            browser.type_keys("d");
            browser.wait_for("location.search.includes('text=d')");
        });
        browser.type_keys("uty 17");
        browser.wait_for("new URLSearchParams(location.search).get('text') === 'duty 17'");
        browser.wait_for("document.querySelector('tbody').rows.length === 10");
        smoothly("clearing the filters", &|| {
            run("[...document.querySelectorAll('main search button')].find(it => it.textContent === 'Clear filters').click()");
            browser.wait_for(&all);
        });
        smoothly("filtering by status", &|| {
            fill(&browser, "#filter-status", "PARTIAL");
            browser.wait_for("document.querySelector('tbody').rows.length < 100");
        });
        smoothly("removing the filter", &|| {
            fill(&browser, "#filter-status", "");
            browser.wait_for(&all);
        });
        smoothly("the other layout", &|| {
            run("document.querySelector('input[name=layout]:not(:checked)').click()");
            let links = "document.querySelectorAll('main li a[href*=\"/clauses/\"]').length";
            browser.wait_for(&format!("{links} >= {CLAUSES}"));
        });
        smoothly("scrolling", &|| {
            for tenth in 1..=10 {
                run(&format!("window.scrollTo(0, document.body.scrollHeight * {tenth} / 10)"));
            }
        });
        smoothly("the table again", &|| {
            run("document.querySelector('input[name=layout]:not(:checked)').click()");
            browser.wait_for(&all);
        });
        assert_clean(&browser, "a long agreement");
    }
}
