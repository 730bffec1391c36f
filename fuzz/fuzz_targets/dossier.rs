//! Imports any string as a dossier. The import must succeed, or report faults with their lines, without a panic.

#![no_main]

use std::cell::RefCell;

use clausewatch::db::{Access, Db, Location};
use clausewatch::domain::viewer::Editor;
use clausewatch::dossier::{self, File, ImportError};
use libfuzzer_sys::fuzz_target;
use tempfile::TempDir;

thread_local! {
    static DB: RefCell<(Db, TempDir)> = RefCell::new({
        let folder = TempDir::new().expect("a temporary folder");
        let location = format!("sqlite:{}", folder.path().join("fuzz.db").display());
        let location = Location::parse(&location).expect("a location");
        (Db::open(&location, 1).expect("a database"), folder)
    });
}

fuzz_target!(|text: &str| {
    let file = File { name: "fuzz.toml".to_owned(), text: text.to_owned() };
    DB.with_borrow(|(db, _)| {
        let mut session = db.session(Access::Write).expect("a session");
        match dossier::import(&mut session, &Editor::operator(), &[file]) {
            Ok(_) => {}
            Err(ImportError::ValidationErrors(faults)) => {
                assert!(!faults.is_empty(), "a rejected dossier must have faults");
                assert!(faults.iter().all(|fault| fault.line >= 1 && !fault.message.is_empty()));
            }
            Err(failure) => panic!("{failure}"),
        }
    });
});
