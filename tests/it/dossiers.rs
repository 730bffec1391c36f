//! Importing dossiers into a database.

use std::path::{Path, PathBuf};

use clausewatch::db::{Access, Db, Location, Session, assessment, integrity, known, record};
use clausewatch::domain::clause::ClauseContent;
use clausewatch::domain::id::ClauseId;
use clausewatch::domain::topic::TopicContent;
use clausewatch::domain::viewer::Editor;
use clausewatch::domain::{Id, Kind};
use clausewatch::dossier::{self, AssessmentTally, File, ImportError, Summary, Tally};
use diesel::prelude::*;
use tempfile::TempDir;

struct Tracker {
    db: Db,
    folder: TempDir,
}

impl Tracker {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let location = format!("sqlite:{}", folder.path().join("test.db").display());
        let db = Db::open(&Location::parse(&location).unwrap(), 2).unwrap();
        Self { db, folder }
    }

    fn session(&self) -> Session {
        self.db.session(Access::Write).unwrap()
    }

    fn import(&self, files: &[File]) -> Result<Summary, ImportError> {
        dossier::import(&mut self.session(), &Editor::operator(), files)
    }

    fn import_text(&self, text: &str) -> Summary {
        self.import(&[file("test.toml", text)]).unwrap_or_else(|error| panic!("{error}"))
    }

    /// The faults of a dossier, and that nothing was changed.
    fn faults_of(&self, files: &[File]) -> Vec<String> {
        let before = self.log_position();
        let error = self.import(files).expect_err("the import should fail");
        assert_eq!(self.log_position(), before);
        let ImportError::Faults(faults) = error else { panic!("{error}") };
        faults.iter().map(ToString::to_string).collect()
    }

    fn count(&self, sql: &str) -> i64 {
        #[derive(QueryableByName)]
        struct Count {
            #[diesel(sql_type = diesel::sql_types::BigInt)]
            n: i64,
        }
        let path = self.folder.path().join("test.db");
        let mut connection = SqliteConnection::establish(&path.to_string_lossy()).unwrap();
        diesel::sql_query(sql).get_result::<Count>(&mut connection).unwrap().n
    }

    fn log_position(&self) -> i64 {
        self.count("SELECT position AS n FROM log_head")
    }

    fn clause(&self, name: &str) -> (ClauseId, record::Stored<ClauseContent>) {
        let mut session = self.session();
        let connection = session.read().unwrap();
        let known = known::clauses(connection).unwrap();
        let id = known.into_iter().find(|known| known.name == name).unwrap().id;
        let stored = <ClauseContent as record::Record>::stored(connection, id).unwrap().unwrap();
        (id, stored)
    }
}

fn file(name: &str, text: &str) -> File {
    File { name: name.to_owned(), text: text.to_owned() }
}

/// A small world: a topic, two parties, an agreement with two clauses, an event with an assessment.
const BASE: &str = r#"
[[topic]]
slug = "security"
name = "Security"

[[party]]
slug = "north"
name = "North"
short_name = "North"
kind = "STATE"

[[party]]
slug = "south"
name = "South"
short_name = "South"
kind = "STATE"

[[source]]
slug = "gazette"
title = "The Gazette"
kind = "PRESS"

[[agreement]]
slug = "truce"
title = "Truce"
short_title = "Truce"
kind = "PROTOCOL"
adoption = "Signed."
agreed_on = 2020-01-01
summary = "A truce."

[[agreement.clause]]
number = "1"
heading = "Fire"
summary = "It ceases."
nature = "CONTINUING"
topic = "security"

[[agreement.clause]]
number = "2"
heading = "Arms"
summary = "They leave."
nature = "ONE_OFF"
topic = "security"

[[event]]
slug = "shots"
happened_on = 2020-02-01
kind = "VIOLATION"
title = "Shots"
summary = "There were shots."
confidence = "HIGH"
sources = ["gazette"]

[[event.assessment]]
of = "truce/1"
status = "BREACHED"
note = "Shots."
"#;

#[test]
fn shipped_dossiers_are_imported_with_one_change_a_record() {
    let tracker = Tracker::new();
    let summary = tracker.import(&dossier::embedded()).unwrap_or_else(|error| panic!("{error}"));
    println!("{summary}");
    let created: usize = summary.tallies().iter().map(|(_, tally)| tally.created).sum();
    assert!(created > 600 && summary.assessments.recorded > 600);
    let changes = i64::try_from(created + summary.assessments.recorded).unwrap();
    assert_eq!(tracker.log_position(), changes);
    let mut session = tracker.session();
    assert_eq!(integrity::check(session.read().unwrap()).unwrap(), Vec::<String>::new());
}

#[test]
fn shipped_dossiers_again_change_nothing() {
    let tracker = Tracker::new();
    let first = tracker.import(&dossier::embedded()).unwrap();
    let position = tracker.log_position();
    let second = tracker.import(&dossier::embedded()).unwrap();
    assert_eq!(tracker.log_position(), position);
    assert!(second.is_unchanged());
    for ((_, first), (_, second)) in first.tallies().into_iter().zip(second.tallies()) {
        assert_eq!(second, Tally { unchanged: first.created, ..Tally::default() });
    }
    let unchanged = first.assessments.recorded;
    assert_eq!(second.assessments, AssessmentTally { unchanged, ..AssessmentTally::default() });
}

#[test]
fn shipped_dossiers_are_those_in_the_folder() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let mut files = dossier::read(&[folder.clone()]).unwrap();
    for file in &mut files {
        let relative = Path::new(&file.name).strip_prefix(&folder).unwrap();
        file.name = format!("data/{}", relative.display());
    }
    let mut embedded = dossier::embedded();
    embedded.sort_by(|one, other| one.name.cmp(&other.name));
    files.sort_by(|one, other| one.name.cmp(&other.name));
    assert_eq!(embedded, files);
}

#[test]
fn summary_names_only_what_there_was() {
    let tracker = Tracker::new();
    let summary = tracker.import_text(BASE);
    assert_eq!(
        summary.to_string(),
        "topics: 1 created\nparties: 2 created\nsources: 1 created\nagreements: 1 created\n\
         clauses: 2 created\nevents: 1 created\nassessments: 1 recorded"
    );
    assert_eq!(tracker.import_text("").to_string(), "no records");
}

#[test]
fn every_fault_is_named_with_file_and_line_and_nothing_is_changed() {
    let tracker = Tracker::new();
    let faulty = BASE
        .replace("status = \"BREACHED\"", "status = \"BROKEN\"")
        .replace("sources = [\"gazette\"]", "sources = [\"gazette\"]\nactors = [\n  \"nort\",\n]")
        .replace("happened_on = 2020-02-01", "happened_on = 2020-02-30");
    let faults = tracker.faults_of(&[file("a/faulty.toml", &faulty)]);
    assert_eq!(
        faults,
        [
            "a/faulty.toml:48: is not valid TOML: invalid date, expected day between 01 and 29",
            "a/faulty.toml:55: actors: there is no party “nort” (did you mean “north”?); expected is the slug of a \
             party of this import or in the database",
            "a/faulty.toml:60: status: “BROKEN” must be NOT_APPLICABLE, NOT_STARTED, MINIMAL, PARTIAL, COMPLETE, \
             BREACHED, SUSPENDED or VOID",
        ]
    );
    assert_eq!(tracker.count("SELECT count(*) AS n FROM topics"), 0);
}

#[test]
fn faults_of_several_files_are_named_at_once() {
    let tracker = Tracker::new();
    let files = [
        file("syntax.toml", "[[topic]]\nslug = \"law\nname = \"Law\"\n"),
        file("field.toml", "[[topic]]\nslug = \"trade\"\nnmae = \"Trade\"\n"),
        file("kind.toml", "[[topics]]\nslug = \"trade\"\n"),
        file("base.toml", BASE),
    ];
    assert_eq!(
        tracker.faults_of(&files),
        [
            "field.toml:1: name: is missing, and a topic must have it",
            "field.toml:3: “nmae”: a topic has no such field (did you mean “name”?); it has slug, name, description, \
             parent",
            "kind.toml:1: “topics”: a dossier has no such field (did you mean “topic”?); it has topic, party, source, \
             agreement, proposal, precondition, event, assessment",
            "syntax.toml:2: is not valid TOML: invalid basic string, expected `\"`",
        ]
    );
}

#[test]
fn faults_of_types_dates_and_bounds_are_named() {
    let tracker = Tracker::new();
    let faulty = BASE
        .replace("agreed_on = 2020-01-01", "agreed_on = \"1 January\"\nconfidence = 3")
        .replace(
            "heading = \"Arms\"",
            "heading = \"\"\ndeadlines = [{ due_on = 2020-01-01T12:00:00 }]",
        )
        .replace("number = \"1\"", "number = \"1\"\nparent = \"0\"")
        .replace("of = \"truce/1\"", "of = \"truce/9\"")
        .replace("kind = \"PRESS\"", "url = \"ftp://example.org\"\nkind = \"PRESS\"");
    assert_eq!(
        tracker.faults_of(&[file("test.toml", &faulty)]),
        [
            "test.toml:21: url: “ftp://example.org” is not an address that starts with https:// or http://",
            "test.toml:30: agreed_on: must be a date like 2015-02-12, not “1 January”",
            "test.toml:31: confidence: must be a text in quotes, not the number 3",
            "test.toml:36: parent: there is no clause “0” in “truce” (did you mean “1”?); expected is the number of \
             another clause of this agreement",
            "test.toml:44: heading: must not be empty",
            "test.toml:45: deadlines.0.due_on: must be a date like 2015-02-12, without a time, not 2020-01-01T12:00:00",
            "test.toml:45: deadlines.0.rule: is missing, and a deadline must have it",
            "test.toml:60: of: there is no clause, caveat or proposal “truce/9” (did you mean “truce/1”?); expected is \
             AGREEMENT/NUMBER, PROPOSAL/NUMBER or the slug of a proposal, of this import or in the database",
        ]
    );
}

#[test]
fn faults_that_show_beside_other_records_are_located() {
    let tracker = Tracker::new();
    let text = format!(
        "{BASE}
[[assessment]]
of = \"truce/2\"
status = \"MINIMAL\"
effective_on = 2019-12-31
note = \"Too early.\"

[[topic]]
slug = \"one\"
name = \"One\"
parent = \"other\"

[[topic]]
slug = \"other\"
name = \"Other\"
parent = \"one\"
"
    );
    let faults = tracker.faults_of(&[file("test.toml", &text)]);
    assert_eq!(
        faults,
        [
            "test.toml:63: effective_on: 2019-12-31 is before 2020-01-01, the day its subject was agreed or put forward",
            "test.toml:69: parent: lies below this topic; a topic cannot be its own parent",
        ]
    );
}

#[test]
fn what_is_defined_twice_is_named_with_both_places() {
    let tracker = Tracker::new();
    let again = r#"
[[party]]
slug = "north"
name = "North"
short_name = "North"
kind = "STATE"

[[proposal]]
slug = "truce"
title = "Plan"
summary = "A plan."
standing = "OFFICIAL"
made_on = 2020-01-01
proposed_by = ["north"]
addressed_to = ["south"]

[[assessment]]
of = "truce/1"
status = "PARTIAL"
effective_on = 2020-02-01
note = "Few shots."

[[precondition]]
kind = "BEFORE_START"
step = "truce/2"
requires = "truce/1"

[[precondition]]
kind = "BEFORE_START"
step = "truce/2"
requires = "truce/1"
note = "Once more."
"#;
    let third = "[[agreement.clause]]\nnumber = \"1\"\nheading = \"Again\"\nsummary = \"Again.\"\n\
                 nature = \"ONE_OFF\"\ntopic = \"security\"\n\n[[event]]";
    let doubled = BASE.replace("[[event]]", third);
    assert_eq!(
        tracker.faults_of(&[file("base.toml", &doubled), file("again.toml", again)]),
        [
            "again.toml:3: slug: party “north” is defined already: base.toml:6",
            "again.toml:9: slug: “truce” is the slug of an agreement already (base.toml:23); agreements and proposals \
             share one set of slugs",
            "again.toml:17: of: the same holder’s status of this for 2020-02-01 is given already: base.toml:62",
            "again.toml:28: requires: the same precondition is given already: again.toml:23",
            "base.toml:47: number: clause “truce/1” is defined already: base.toml:32",
        ]
    );
}

#[test]
fn record_that_changed_is_updated_and_others_are_left_alone() {
    let tracker = Tracker::new();
    tracker.import_text(BASE);
    let position = tracker.log_position();
    let (_, before) = tracker.clause("truce/2");
    let without_second = BASE.split("[[agreement.clause]]\nnumber = \"2\"").next().unwrap();
    let summary = tracker.import_text(&without_second.replace("It ceases.", "It must cease."));
    assert_eq!(summary.clauses, Tally { updated: 1, ..Tally::default() });
    assert_eq!(tracker.log_position(), position + 1);
    assert_eq!(tracker.clause("truce/1").1.content.summary, "It must cease.");
    assert_eq!(tracker.clause("truce/2").1.version, before.version);
}

#[test]
fn corrected_assessment_is_retracted_and_recorded_anew() {
    let tracker = Tracker::new();
    tracker.import_text(BASE);
    let summary = tracker.import_text(&BASE.replace("note = \"Shots.\"", "note = \"Many shots.\""));
    let corrected = AssessmentTally { recorded: 1, retracted: 1, unchanged: 0 };
    assert_eq!(summary.assessments, corrected);
    let (id, _) = tracker.clause("truce/1");
    let mut session = tracker.session();
    let said = assessment::imported_of(session.read().unwrap(), &[id]).unwrap();
    let said: Vec<_> = said.values().flatten().map(|(row, _)| row).collect();
    let reasons: Vec<_> =
        said.iter().map(|row| (row.note.as_str(), row.retraction_reason.as_deref())).collect();
    assert!(reasons.contains(&("Shots.", Some("Corrected in the dossier test.toml"))));
    assert!(reasons.contains(&("Many shots.", None)));
    assert_eq!(reasons.len(), 2);
}

#[test]
fn assessment_that_was_corrected_and_put_back_is_recorded_anew() {
    let tracker = Tracker::new();
    let changed = BASE.replace("note = \"Shots.\"", "note = \"Many shots.\"");
    tracker.import_text(BASE);
    tracker.import_text(&changed);
    let corrected = AssessmentTally { recorded: 1, retracted: 1, unchanged: 0 };
    assert_eq!(tracker.import_text(BASE).assessments, corrected);
    assert!(tracker.import_text(BASE).is_unchanged());
    assert_eq!(tracker.import_text(&changed).assessments, corrected);
    let standing = "SELECT count(*) AS n FROM assessments WHERE retracted_at IS NULL";
    assert_eq!(tracker.count(standing), 1);
}

#[test]
fn assessment_that_was_retracted_by_hand_stays_so() {
    let tracker = Tracker::new();
    tracker.import_text(BASE);
    let (id, _) = tracker.clause("truce/1");
    let mut session = tracker.session();
    let said = assessment::imported_of(session.read().unwrap(), &[id]).unwrap();
    let first = said.values().flatten().map(|(row, _)| row.id).next().unwrap();
    session
        .write(&Editor::operator(), |tx| {
            assessment::retract(tx, Kind::ClauseAssessment, first, "Wrong.", None)
        })
        .unwrap();
    drop(session);
    assert!(tracker.import_text(BASE).is_unchanged());
}

#[test]
fn archived_record_stays_archived_and_as_it_was() {
    let tracker = Tracker::new();
    tracker.import_text(BASE);
    let (clause, _) = tracker.clause("truce/1");
    let mut session = tracker.session();
    let topics = known::topics(session.read().unwrap()).unwrap();
    session
        .write(&Editor::operator(), |tx| {
            record::set_archived::<TopicContent>(tx, topics[0].id, None, true)?;
            record::set_archived::<ClauseContent>(tx, clause, None, true)
        })
        .unwrap();
    drop(session);
    let position = tracker.log_position();
    let changed = BASE
        .replace("name = \"Security\"", "name = \"Safety\"")
        .replace("It ceases.", "It must cease.")
        .replace("note = \"Shots.\"", "note = \"Many shots.\"");
    let summary = tracker.import_text(&changed);
    assert!(summary.is_unchanged());
    assert_eq!(tracker.log_position(), position);
    assert!(tracker.clause("truce/1").1.is_archived);
}

/// Two proposals whose caveats refer to each other, forwards and in circles.
const PROPOSALS: &str = r#"
[[proposal]]
slug = "answer"
title = "Answer"
summary = "An answer."
standing = "OFFICIAL"
made_on = 2020-03-02
proposed_by = ["south"]
addressed_to = ["north"]
responds_to = "offer"

[[proposal.caveat]]
number = "A-1"
kind = "DEMAND"
heading = "More"
summary = "More."
topic = "security"
answers = ["offer/O-1"]

[[proposal]]
slug = "offer"
title = "Offer"
summary = "An offer."
standing = "OFFICIAL"
made_on = 2020-03-01
proposed_by = ["north"]
addressed_to = ["south"]

[[proposal.caveat]]
number = "O-1"
kind = "OFFER"
heading = "Peace"
summary = "Peace."
topic = "security"
in_exchange_for = ["offer/O-2", "offer/O-3"]

[[proposal.caveat]]
number = "O-2"
kind = "DEMAND"
heading = "Land"
summary = "Land."
topic = "security"
in_exchange_for = ["offer/O-1"]

[[proposal.caveat]]
number = "O-3"
kind = "DEMAND"
heading = "Gold"
summary = "Gold."
topic = "security"
"#;

#[test]
fn forward_references_need_one_change_a_record() {
    let tracker = Tracker::new();
    let text = format!("{PROPOSALS}{BASE}");
    let summary = tracker.import_text(&text);
    assert_eq!(summary.caveats, Tally { created: 4, ..Tally::default() });
    assert_eq!(tracker.log_position(), 1 + 2 + 1 + 1 + 2 + 2 + 4 + 1 + 1);
    assert_eq!(tracker.count("SELECT count(*) AS n FROM caveat_answers"), 1);
    assert_eq!(tracker.count("SELECT count(*) AS n FROM caveat_exchanges"), 2);
    assert!(tracker.import_text(&text).is_unchanged());
}

#[test]
fn exchange_said_on_one_side_holds_until_neither_says_it() {
    let tracker = Tracker::new();
    tracker.import_text(&format!("{PROPOSALS}{BASE}"));
    let other_side = PROPOSALS
        .replace("in_exchange_for = [\"offer/O-2\", \"offer/O-3\"]\n", "")
        .replace("heading = \"Gold\"", "heading = \"Gold\"\nin_exchange_for = [\"offer/O-1\"]");
    assert!(tracker.import_text(&other_side).is_unchanged());
    let nobody = other_side
        .replace("heading = \"Gold\"\nin_exchange_for = [\"offer/O-1\"]", "heading = \"Gold\"");
    assert_eq!(tracker.import_text(&nobody).caveats.updated, 1);
    assert_eq!(tracker.count("SELECT count(*) AS n FROM caveat_exchanges"), 1);
    assert!(tracker.import_text(&nobody).is_unchanged());
}

#[test]
fn new_caveat_exchanged_for_one_that_is_there_is_linked_once() {
    let tracker = Tracker::new();
    let without = PROPOSALS.replace(
        "in_exchange_for = [\"offer/O-2\", \"offer/O-3\"]",
        "in_exchange_for = [\"offer/O-2\"]",
    );
    let (without, _) = without.split_once("[[proposal.caveat]]\nnumber = \"O-3\"").unwrap();
    tracker.import_text(&format!("{without}{BASE}"));
    let summary = tracker.import_text(PROPOSALS);
    assert_eq!(summary.caveats, Tally { created: 1, updated: 0, unchanged: 3 });
    assert_eq!(tracker.count("SELECT count(*) AS n FROM caveat_exchanges"), 2);
    assert!(tracker.import_text(PROPOSALS).is_unchanged());
}

#[test]
fn circles_of_references_are_closed_in_a_second_step() {
    let tracker = Tracker::new();
    let circle = BASE.replace(
        "summary = \"A truce.\"",
        "summary = \"A truce.\"\nrelations = [{ kind = \"IMPLEMENTS\", agreement = \"peace\" }]",
    ) + r#"
[[agreement]]
slug = "peace"
title = "Peace"
short_title = "Peace"
kind = "TREATY"
adoption = "Signed."
agreed_on = 2020-06-01
summary = "Peace."
relations = [{ kind = "EXTENDS", agreement = "truce" }]
"#;
    let summary = tracker.import_text(&circle);
    assert_eq!(summary.agreements, Tally { created: 2, ..Tally::default() });
    assert_eq!(tracker.count("SELECT count(*) AS n FROM agreement_relations"), 2);
    assert!(tracker.import_text(&circle).is_unchanged());
}

#[test]
fn reading_names_the_path_that_is_at_fault() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let problem = |path: PathBuf| dossier::read(&[path]).unwrap_err().to_string();
    assert!(problem(path("none")).ends_with("none: there is no such file or folder"));
    std::fs::create_dir(path("empty")).unwrap();
    assert!(problem(path("empty")).contains("empty: the folder holds no dossier"));
    std::fs::write(path("odd.toml"), b"ab\xff").unwrap();
    assert!(
        problem(path("odd.toml")).ends_with("odd.toml: is not a text in UTF-8, from byte 2 on")
    );
}

#[test]
fn ids_do_not_change_on_import() {
    let tracker = Tracker::new();
    tracker.import_text(BASE);
    let (before, _) = tracker.clause("truce/1");
    tracker.import_text(&BASE.replace("Fire", "Ceasefire"));
    let (after, _): (Id<_>, _) = tracker.clause("truce/1");
    assert_eq!(before, after);
}
