//! Changing many records together: rows are selected by mouse or keyboard, previewed, changed and undone together. Sheets
//! are pasted or dropped.

use clausewatch::domain::viewer::Role;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use serde_json::{Value, json};

use super::{fill, press, record, see, see_no, sign_in};
use crate::support::{Browser, TestApp, on_one_database};

const AGREEMENT: &str = "/agreements/minsk-2";
const TAB: &str = "\u{e004}";
const CONTROL_ENTER: &str = "\u{e009}\u{e007}";
const SHIFT_DOWN: &str = "\u{e008}\u{e015}";

/// The check boxes of the rows.
const BOXES: &str = "[...document.querySelectorAll('input[data-row]')]";

/// The numbers of the selected clauses.
const SELECTED: &str = "[...document.querySelectorAll('input[data-row]:checked')].map(box => box.closest('tr').cells[1].textContent.trim())";

fn open(app: &TestApp, address: &str) -> Browser {
    let browser = Browser::open(1280, 900);
    browser.goto(&format!("{}/sign-in", app.url));
    sign_in(app, &browser, "Eve", Role::Editor);
    browser.goto(&format!("{}{address}", app.url));
    browser
}

fn click_row(browser: &Browser, row: usize, with_shift: bool) {
    browser.wait_for(&format!("{BOXES}.length > {row}"));
    let click = format!(
        "{BOXES}[{row}].dispatchEvent(new MouseEvent('click', {{ bubbles: true, cancelable: true, shiftKey: {with_shift} }}))"
    );
    browser.execute(&click, vec![]);
}

fn fill_status(browser: &Browser, status: &str, note: &str) {
    fill(browser, "#batch-status", status);
    fill(browser, "#batch-day", "2022-03-05");
    fill(browser, "#batch-note", note);
}

/// The total number of clauses of the agreement, and the status, topic and number of assessments of the first clauses.
fn clauses(app: &TestApp) -> Value {
    let query = "{ agreement(slug: \"minsk-2\") { clauses(first: 4) { totalCount nodes { number status topic { slug } assessments(first: 0) { totalCount } } } } }";
    app.data(query, json!({}))["agreement"]["clauses"].take()
}

fn statuses(clauses: &Value) -> Vec<&str> {
    let nodes = clauses["nodes"].as_array().unwrap().iter();
    nodes.map(|clause| clause["status"].as_str().unwrap()).collect()
}

on_one_database! {
    fn status_of_selected_rows_is_set_and_undone_together(app: Sample) {
        let before = clauses(&app);
        let browser = open(&app, AGREEMENT);
        click_row(&browser, 0, false);
        click_row(&browser, 2, true);
        see(&browser, "3 rows selected");
        press(&browser, "Set status…");
        press(&browser, "Preview");
        see(&browser, "Choose a status");
        see(&browser, "Enter a reason");
        fill_status(&browser, "SUSPENDED", "Seen by the desk.");
        press(&browser, "Preview");
        see(&browser, "3 assessments will be recorded.");
        browser.wait_for("document.querySelectorAll('dialog tbody tr').length === 3");
        assert_eq!(clauses(&app), before, "a preview writes nothing");
        press(&browser, "Record 3 assessments");
        see(&browser, "3 assessments recorded.");
        see_no(&browser, "rows selected");
        let asked = "{ agreement(slug: \"minsk-2\") { clauses(first: 4) { nodes { status(asOf: \"2022-03-05\") assessments(first: 1) { nodes { note recordedBy } } } } } }";
        let data = app.data(asked, json!({}));
        assert_eq!(statuses(&data["agreement"]["clauses"])[..3], ["SUSPENDED"; 3]);
        assert_eq!(clauses(&app)["nodes"][3], before["nodes"][3], "a row that was not selected does not change");
        press(&browser, "Undo");
        see(&browser, "Undone.");
        assert_eq!(clauses(&app), before);
    }

    fn draft_of_the_dialog_survives_closing_it(app: Sample) {
        let browser = open(&app, AGREEMENT);
        let begin = || {
            click_row(&browser, 0, false);
            see(&browser, "1 row selected");
            press(&browser, "Set status…");
            browser.wait_for("!!document.querySelector('dialog[open] #batch-note')");
        };
        let note = "document.querySelector('#batch-note').value";
        begin();
        see_no(&browser, "Your draft was restored.");
        fill_status(&browser, "SUSPENDED", "Kept.");
        press(&browser, "Cancel");
        browser.wait_for("!document.querySelector('dialog[open]')");
        press(&browser, "Set status…");
        see(&browser, "Your draft was restored.");
        assert_eq!(browser.execute(&format!("return [{note}, document.querySelector('#batch-status').value]"), vec![]), json!(["Kept.", "SUSPENDED"]));
        // The draft also survives a reload, and is restored on the page of another agreement.
        press(&browser, "Cancel");
        browser.wait_for("!document.querySelector('dialog[open]')");
        browser.goto(&format!("{}/agreements/minsk-protocol", app.url));
        begin();
        see(&browser, "Your draft was restored.");
        assert_eq!(browser.execute(&format!("return {note}"), vec![]), "Kept.");
        press(&browser, "Discard");
        browser.wait_for(&format!("{note} === ''"));
        see_no(&browser, "Your draft was restored.");
        // After the statuses are recorded, their draft is removed.
        fill_status(&browser, "SUSPENDED", "Recorded.");
        press(&browser, "Preview");
        press(&browser, "Record 1 assessment");
        see(&browser, "1 assessment recorded.");
        begin();
        assert_eq!(browser.execute(&format!("return {note}"), vec![]), "");
    }

    fn status_of_selected_rows_can_be_set_by_keyboard(app: Sample) {
        let before = clauses(&app);
        let browser = open(&app, AGREEMENT);
        browser.wait_for(&format!("{BOXES}.length > 3"));
        browser.type_keys("j");
        browser.wait_for(&format!("document.activeElement === {BOXES}[0]"));
        browser.type_keys("j");
        browser.type_keys("k");
        browser.type_keys("x");
        see(&browser, "1 row selected");
        browser.type_keys(SHIFT_DOWN);
        browser.type_keys(SHIFT_DOWN);
        see(&browser, "3 rows selected");
        browser.type_keys("x");
        see(&browser, "2 rows selected");
        browser.type_keys("u");
        browser.wait_for("document.activeElement?.id === 'batch-status'");
        browser.type_keys("Susp");
        browser.wait_for("document.querySelector('#batch-status').value === 'SUSPENDED'");
        // WebDriver cannot leave a date field with the Tab key.
        browser.execute("document.querySelector('#batch-note').focus()", vec![]);
        browser.type_keys("Seen by the desk.");
        browser.type_keys(CONTROL_ENTER);
        see(&browser, "2 assessments will be recorded.");
        browser.type_keys(CONTROL_ENTER);
        see(&browser, "2 assessments recorded.");
        assert_eq!(statuses(&clauses(&app))[..2], ["SUSPENDED"; 2]);
        browser.type_keys(TAB);
        browser.wait_for("document.activeElement?.textContent === 'Undo'");
        browser.type_keys("\u{e007}");
        see(&browser, "Undone.");
        assert_eq!(clauses(&app), before);
    }

    fn hidden_row_is_not_selected(app: Sample) {
        let browser = open(&app, AGREEMENT);
        browser.wait_for(&format!("{BOXES}.length > 3"));
        browser.click("thead input[type=checkbox]");
        let count = browser.execute(&format!("return {SELECTED}.length"), vec![]);
        see(&browser, &format!("{count} rows selected"));
        fill(&browser, "#filter-status", "BREACHED");
        browser.wait_for("location.search.includes('BREACHED')");
        browser.wait_for(&format!("{BOXES}.length > 0 && {BOXES}.length < {count}"));
        let shown = browser.execute(&format!("return {BOXES}.length"), vec![]);
        let selected = browser.execute(&format!("return {SELECTED}.length"), vec![]);
        assert!(selected.as_i64() <= shown.as_i64(), "{selected} of {shown}");
        fill(&browser, "#filter-status", "");
        browser.wait_for(&format!("{BOXES}.length === {count}"));
        let again = browser.execute(&format!("return {SELECTED}.length"), vec![]);
        assert!(again.as_i64() <= shown.as_i64(), "{again} of {shown}: hidden rows are selected");
    }

    fn change_since_the_preview_prevents_recording(app: Sample) {
        let browser = open(&app, &format!("{AGREEMENT}?text=border+control"));
        browser.wait_for(&format!("{BOXES}.some(box => box.closest('tr').cells[1].textContent.trim() === '9')"));
        browser.execute(&format!("{BOXES}.find(box => box.closest('tr').cells[1].textContent.trim() === '9').click()"), vec![]);
        press(&browser, "Set status…");
        fill_status(&browser, "SUSPENDED", "Seen by the desk.");
        press(&browser, "Preview");
        see(&browser, "1 assessment will be recorded.");
        record(&app, "PARTIAL", "By another.");
        let position = app.log_position();
        press(&browser, "Record 1 assessment");
        see(&browser, "is stale");
        assert_eq!(app.log_position(), position);
        press(&browser, "Change the entries");
        browser.wait_for("document.querySelector('#batch-note')?.value === 'Seen by the desk.'");
        press(&browser, "Preview");
        press(&browser, "Record 1 assessment");
        see(&browser, "1 assessment recorded.");
    }

    fn errors_of_a_preview_name_the_fields_of_the_form(app: Sample) {
        let browser = open(&app, AGREEMENT);
        click_row(&browser, 0, false);
        press(&browser, "Set status…");
        fill_status(&browser, "SUSPENDED", "Seen by the desk.");
        fill(&browser, "#batch-day", "0224-02-02");
        press(&browser, "Preview");
        see(&browser, "In effect since: 0224-02-02 is before 2015-02-12");
        see_no(&browser, "effectiveDate");
    }

    fn topic_and_archiving_of_selected_clauses_can_be_undone(app: Sample) {
        let before = clauses(&app);
        let browser = open(&app, AGREEMENT);
        click_row(&browser, 0, false);
        click_row(&browser, 1, false);
        press(&browser, "Set topic…");
        fill(&browser, "#batch-topic", "");
        let topic = app.data("{ topics { id slug } }", json!({}))["topics"].take();
        let topic = topic.as_array().unwrap().iter().find(|topic| topic["slug"] == "border").unwrap().clone();
        let id = topic["id"].as_str().unwrap();
        browser.wait_for(&format!("document.querySelector('#batch-topic option[value=\"{id}\"]')"));
        fill(&browser, "#batch-topic", id);
        browser.wait_for("document.querySelectorAll('dialog tbody td strong').length > 0");
        browser.click("dialog button.primary");
        see(&browser, "set.");
        assert_eq!(clauses(&app)["nodes"][0]["topic"]["slug"], topic["slug"]);
        press(&browser, "Undo");
        see(&browser, "Undone.");
        assert_eq!(clauses(&app), before);
        press(&browser, "Dismiss");
        click_row(&browser, 1, false);
        click_row(&browser, 2, false);
        press(&browser, "Archive…");
        press(&browser, "Archive 2 records");
        see(&browser, "2 records archived.");
        assert_eq!(clauses(&app)["totalCount"], before["totalCount"].as_i64().unwrap() - 2);
        press(&browser, "Undo");
        see(&browser, "Undone.");
        assert_eq!(clauses(&app), before);
    }

    fn readers_have_no_check_boxes(app: SharedSample) {
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}{AGREEMENT}", app.url));
        browser.wait_for("document.querySelectorAll('section[aria-labelledby=clauses] tbody tr').length > 3");
        assert_eq!(browser.execute(&format!("return {BOXES}.length"), vec![]), 0);
        browser.goto(&format!("{}/record-sheet", app.url));
        see(&browser, "Sign in");
        browser.wait_for("!document.querySelector('#sheet-rows')");
    }

    fn sheet_is_pasted_corrected_recorded_and_undone(app: Sample) {
        let before = clauses(&app);
        let browser = open(&app, AGREEMENT);
        browser.execute("document.querySelector('header details').open = true", vec![]);
        press(&browser, "Assessments from a sheet");
        press(&browser, "Preview");
        see(&browser, "The sheet is empty");
        let sheet = "Reference;Status;Date;Note;Holder\n\
                     minsk-2/1;suspended;05.03.2022;\"Seen; twice\";\n\
                     Minsk II, 99;PARTIAL;05/03/2022;Seen;\n\
                     Minsk II, 9;fast;5 March 2022;Seen;Ukraine\n";
        fill(&browser, "#sheet-rows", sheet);
        press(&browser, "Preview");
        see(&browser, "2 of 3 rows have errors");
        see(&browser, "“05/03/2022” can mean 5 Mar 2022 or 3 May 2022");
        see(&browser, "“FAST” is not a status of a clause; valid values:");
        browser.wait_for("![...document.querySelectorAll('button')].some(button => button.textContent.startsWith('Record 3'))");
        assert_eq!(clauses(&app), before);
        press(&browser, "Change the entries");
        browser.wait_for("document.querySelector('#sheet-rows')?.value.includes('fast')");
        // The sheet survives a reload.
        browser.goto(&format!("{}/record-sheet", app.url));
        browser.wait_for("document.querySelector('#sheet-rows')?.value.includes('fast')");
        let corrected = sheet.replace("99;PARTIAL;05/03/2022", "10;PARTIAL;2022-03-05").replace("fast", "Partial");
        // Drops the corrected sheet as a file in UTF-16.
        browser.execute(
            "const bytes = new Uint8Array([...'\\uFEFF' + arguments[0]].flatMap(letter => [letter.charCodeAt(0) & 255, letter.charCodeAt(0) >> 8])); \
             const data = new DataTransfer(); data.items.add(new File([bytes], 'sheet.csv')); \
             document.querySelector('#sheet-rows').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));",
            vec![json!(corrected)],
        );
        browser.wait_for("document.querySelector('#sheet-rows')?.value.includes('Partial')");
        press(&browser, "Preview");
        see(&browser, "3 assessments will be recorded.");
        see(&browser, "View of Ukraine");
        let position = app.log_position();
        press(&browser, "Record 3 assessments");
        see(&browser, "3 assessments recorded.");
        assert_eq!(app.log_position(), position + 3);
        // Recording the same sheet again would change nothing.
        fill(&browser, "#sheet-rows", &corrected);
        press(&browser, "Preview");
        see(&browser, "3 assessments are already recorded.");
        press(&browser, "Change the entries");
        press(&browser, "Undo");
        see(&browser, "Undone.");
        assert_eq!(clauses(&app), before);
    }

    fn file_that_is_not_a_sheet_is_rejected(app: Sample) {
        let browser = open(&app, "/record-sheet");
        browser.wait_for("document.querySelector('#sheet-rows')");
        browser.execute(
            "const data = new DataTransfer(); data.items.add(new File([new Uint8Array([80, 75, 3, 4, 0, 0, 0, 8])], 'sheet.xlsx')); \
             document.querySelector('#sheet-rows').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));",
            vec![],
        );
        see(&browser, "sheet.xlsx cannot be used: the file is not an XLSX workbook");
    }

    fn sheet_above_the_limit_of_the_server_is_explained(app: Sample) {
        let app = app.another_with(|config| config.limits.max_body = 20_000);
        let browser = open(&app, "/record-sheet");
        let typed = "Reference;Status;Date;Note\nminsk-2/1;PARTIAL;2022-03-05;Typed before.";
        fill(&browser, "#sheet-rows", typed);
        browser.execute(
            "const data = new DataTransfer(); data.items.add(new File([new Uint8Array([80, 75, 3, 4]), new Uint8Array(30000)], 'sheet.xlsx')); \
             document.querySelector('#sheet-rows').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));",
            vec![],
        );
        see(&browser, "sheet.xlsx has 0.04 MB, and the server reads workbooks of at most 0.02 MB.");
        see(&browser, "or record it with the command: clausewatch record FILE");
        browser.wait_for(&format!("document.querySelector('#sheet-rows').value === {}", json!(typed)));
        press(&browser, "Preview");
        see(&browser, "1 assessment will be recorded.");
        press(&browser, "Change the entries");
        // Pasted rows can also exceed the maximum size of a request.
        let note = "Long. ".repeat(200);
        let rows: Vec<String> = (1..=28).map(|day| format!("\nminsk-2/1;PARTIAL;2022-02-{day:02};{note}")).collect();
        let rows = rows.concat();
        let pasted = format!("Reference;Status;Date;Note{rows}");
        fill(&browser, "#sheet-rows", &pasted);
        press(&browser, "Preview");
        see(&browser, "The sheet needs a request of ");
        see(&browser, "and the server accepts at most 0.02 MB. Split it into several sheets");
        browser.wait_for(&format!("document.querySelector('#sheet-rows').value === {}", json!(pasted)));
    }

    fn workbook_is_dropped_previewed_and_recorded(app: Sample) {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        for (column, title) in (0..).zip(["Reference", "Status", "Date", "Note", "Holder"]) {
            sheet.write(1, column, title).unwrap();
        }
        let day = Format::new().set_num_format("dd/mm/yyyy");
        for (row, clause) in [(2, "minsk-2/1"), (3, "Minsk II, 9")] {
            sheet.write(row, 0, clause).unwrap();
            sheet.write(row, 1, "suspended").unwrap();
            sheet.write_with_format(row, 2, ExcelDateTime::from_ymd(2022, 3, 5).unwrap(), &day).unwrap();
            sheet.write(row, 3, "Seen, twice").unwrap();
        }
        sheet.merge_range(2, 4, 3, 4, "Ukraine", &Format::new()).unwrap();
        let browser = open(&app, "/record-sheet");
        browser.wait_for("document.querySelector('#sheet-rows')");
        browser.execute(
            "const data = new DataTransfer(); data.items.add(new File([new Uint8Array(arguments[0])], 'sheet.xlsx')); \
             document.querySelector('#sheet-rows').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));",
            vec![json!(book.save_to_buffer().unwrap())],
        );
        browser.wait_for("document.querySelector('#sheet-rows')?.value.includes('minsk-2/1,suspended,2022-03-05,\"Seen, twice\",Ukraine')");
        press(&browser, "Preview");
        see(&browser, "2 assessments will be recorded.");
        see(&browser, "View of Ukraine");
        let position = app.log_position();
        press(&browser, "Record 2 assessments");
        see(&browser, "2 assessments recorded.");
        assert_eq!(app.log_position(), position + 2);
    }
}
