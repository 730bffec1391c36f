//! The query plans of lists. With 4,000 clauses, the statements use indexes.

mod data;
mod import;

use std::sync::{Arc, Mutex};

use chrono::NaiveDate;
use clausewatch::db::assessment_list::{self, AssessmentList};
use clausewatch::db::change::Action;
use clausewatch::db::change_list;
use clausewatch::db::clause::{ClauseList, Filter, Order, Parent};
use clausewatch::db::event::{self, EventList};
use clausewatch::db::implementation::{Grouping, Selection};
use clausewatch::db::page::{Direction, List, Page};
use clausewatch::db::party::{PartyAssessmentList, PartyRole};
use clausewatch::db::search::Search;
use clausewatch::db::sequence;
use clausewatch::db::source::{self, SourceList};
use clausewatch::db::timeline::{self, TimelineList};
use clausewatch::db::{DbConnection, Location};
use clausewatch::domain::alphabet;
use clausewatch::domain::id::{Id, of};
use clausewatch::domain::implementation::Weighting;
use clausewatch::domain::perspective::{Perspective, PointInTime};
use clausewatch::domain::search::{run_together, terms};
use clausewatch::domain::sequence::OwnerId;
use clausewatch::domain::status::ClauseStatus;
use clausewatch::domain::{GlobalId, Kind};
use diesel::connection::{Instrumentation, InstrumentationEvent, SimpleConnection};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;
use serde_json::json;

use crate::support::{Data, Engine, TestApp, on_both_databases};
use data::{ASSESSMENTS, cited_sources, content};

/// Writes the data. PostgreSQL gathers table statistics only after some time, so `ANALYZE` gathers them now. SQLite
/// never gathers them automatically.
fn fill(app: &TestApp) {
    app.execute_sql(&content());
    if engine(app) == "postgres" {
        app.execute_sql("ANALYZE");
    }
}

/// The columns of a clause that an API query selects.
const COLUMNS: [&str; 3] = ["clauses.id", "clauses.heading", "clauses.status_since"];

/// Records the statements that a connection sends.
struct Recorder(Arc<Mutex<Vec<String>>>);

impl Instrumentation for Recorder {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            self.0.lock().unwrap().push(query.to_string());
        }
    }
}

fn connect(app: &TestApp) -> DbConnection {
    match Location::parse(&app.database_url).unwrap() {
        Location::Sqlite(path) => {
            let mut connection = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
            connection.register_collation("alphabetical", alphabet::compare).unwrap();
            DbConnection::Sqlite(connection)
        }
        Location::Postgres { .. } => {
            DbConnection::Postgres(PgConnection::establish(&app.database_url).unwrap())
        }
    }
}

/// The generic plan of the statement that `read` sends. On PostgreSQL, `binds` are the bind values, and `types` are
/// their types where PostgreSQL cannot infer them.
fn plan(app: &TestApp, types: &str, binds: &str, read: impl FnOnce(&mut DbConnection)) -> String {
    let sent = statements(app, read);
    assert_eq!(sent.len(), 1, "{sent:#?}");
    explain(app, types, binds, &sent[0])
}

/// The statements that `read` sends.
fn statements(app: &TestApp, read: impl FnOnce(&mut DbConnection)) -> Vec<String> {
    let mut connection = connect(app);
    let sent = Arc::new(Mutex::new(Vec::new()));
    connection.set_instrumentation(Recorder(sent.clone()));
    read(&mut connection);
    connection.set_instrumentation(None::<Box<dyn Instrumentation>>);
    let sent = sent.lock().unwrap();
    sent.iter().map(|statement| statement.split(" -- binds:").next().unwrap().to_owned()).collect()
}

/// The generic plan of a statement. For `types` and `binds`, see [`plan`].
fn explain(app: &TestApp, types: &str, binds: &str, statement: &str) -> String {
    #[derive(QueryableByName)]
    struct Line {
        #[diesel(sql_type = Text)]
        line: String,
    }
    let mut connection = connect(app);
    let lines: Vec<String> = match &mut connection {
        DbConnection::Sqlite(connection) => {
            #[derive(QueryableByName)]
            struct Step {
                #[diesel(sql_type = Text)]
                detail: String,
            }
            let steps: Vec<Step> =
                sql_query(format!("EXPLAIN QUERY PLAN {statement}")).load(connection).unwrap();
            steps.into_iter().map(|step| step.detail).collect()
        }
        DbConnection::Postgres(connection) => {
            connection
                .batch_execute(&format!(
                    "SET jit = off; SET random_page_cost = 1.1; PREPARE asked{types} AS {statement}"
                ))
                .unwrap();
            // The SQL function `plan` returns the lines of EXPLAIN as rows with the column `line`.
            connection
                .batch_execute(
                    "CREATE FUNCTION pg_temp.plan(statement text) RETURNS TABLE (line text) LANGUAGE plpgsql AS \
                     $$ BEGIN RETURN QUERY EXECUTE 'EXPLAIN (COSTS OFF) ' || statement; END $$",
                )
                .unwrap();
            let lines: Vec<Line> = sql_query("SELECT line FROM pg_temp.plan($1)")
                .bind::<Text, _>(format!("EXECUTE asked {binds}"))
                .load(connection)
                .unwrap();
            lines.into_iter().map(|row| row.line).collect()
        }
    };
    lines.join("\n")
}

fn engine(app: &TestApp) -> &'static str {
    if app.database_url.starts_with("sqlite:") { "sqlite" } else { "postgres" }
}

on_both_databases! {
    fn lists_of_clauses_use_indexes(app: Empty) {
        fill(&app);
        let first = Page { size: 50, from_end: false, after: None, before: None };
        let list = |filter: Filter| ClauseList { parent: Parent::None, filter, order: Order::StatusSince, direction: Direction::Descending };
        let narrowed = Filter {
            statuses: Some(vec![ClauseStatus::Partial]),
            topics: Some(vec!["topic-3".to_owned()]),
            ..Filter::default()
        };
        let by_status_and_topic = plan(&app, "", "('partial', 'topic-3', 51)", |connection| {
            let pages = list(narrowed).select(connection, &first, &[""], &COLUMNS).unwrap();
            assert_eq!(pages.by_parent[""].rows.len(), 50);
            let days: Vec<Option<&str>> = (0..pages.rows.len()).map(|row| pages.rows.text(row, 3)).collect();
            assert!(days.is_sorted_by(|day, next| day >= next), "{days:?}");
        });
        assert!(by_status_and_topic.contains("clauses_by_topic"), "{by_status_and_topic}");
        insta::assert_snapshot!(format!("clauses_by_status_and_topic_{}", engine(&app)), by_status_and_topic);

        let newest = plan(&app, "", "(51)", |connection| {
            assert_eq!(list(Filter::default()).select(connection, &first, &[""], &COLUMNS).unwrap().by_parent[""].rows.len(), 50);
        });
        assert!(newest.contains("clauses_by_status_since"), "{newest}");
        insta::assert_snapshot!(format!("newest_clauses_{}", engine(&app)), newest);
    }

    fn filters_of_changes_and_stale_clauses_use_indexes(app: Empty) {
        fill(&app);
        app.execute_sql(
            "INSERT INTO changes (position, recorded_at, actor, action, subject_kind, subject_id) \
             SELECT row_number() OVER (ORDER BY id), '2026-01-01 00:00:00', 'Often', 'created', 'clause', id FROM clauses; \
             UPDATE changes SET actor = 'Seldom', action = 'retracted', subject_kind = 'topic', recorded_at = '2026-01-02 00:00:00' WHERE position > 3990; \
             UPDATE log_head SET position = 4000;",
        );
        if engine(&app) == "postgres" {
            app.execute_sql("ANALYZE");
        }
        let own = |actors: Option<&str>| actors.map(|actor| vec![actor.to_owned()]);
        let everything = change_list::Filter::default;
        for (filter, binds, index, count) in [
            (change_list::Filter { actors: own(Some("Seldom")), ..everything() }, "('0', 'Seldom', 51)", "changes_by_actor", 10),
            (change_list::Filter { actions: Some(vec![Action::Retracted]), ..everything() }, "('0', 'retracted', 51)", "changes_by_action", 10),
            (change_list::Filter { kinds: Some(vec![Kind::Topic]), ..everything() }, "('0', 'topic', 51)", "changes_by_kind", 10),
            (
                change_list::Filter { from: NaiveDate::from_ymd_opt(2026, 1, 2), ..everything() },
                "('0', '2026-01-02 00:00:00', 51)",
                "changes_by_time",
                10,
            ),
            (
                change_list::Filter { agreements: own(Some("a-7")), ..everything() },
                "('0', 'a-7', 'a-7', 'a-7', 'a-7', 'a-7', 'a-7', 'a-7', 'a-7', 51)",
                "changes_by_subject",
                20,
            ),
        ] {
            let plan = plan(&app, "", binds, |connection| {
                let page = change_list::between(connection, &filter, 0, i64::MAX, 50, false).unwrap();
                assert_eq!(page.rows.len(), count, "{filter:?}");
            });
            assert!(plan.contains(index), "{filter:?}:\n{plan}");
            for table in ["changes", "clauses"] {
                let full_scans = [format!("Seq Scan on {table}"), format!("SCAN {table}\n")];
                assert!(!full_scans.iter().any(|step| plan.contains(step)), "{table} is scanned completely:\n{plan}");
            }
        }

        let first = Page { size: 50, from_end: false, after: None, before: None };
        let filter = Filter { checked_before: NaiveDate::from_ymd_opt(2020, 1, 1), ..Filter::default() };
        let list = ClauseList { parent: Parent::None, filter, order: Order::CheckedOn, direction: Direction::Ascending };
        let stale = plan(&app, "", "('2020-01-01', 51)", |connection| {
            assert_eq!(list.select(connection, &first, &[""], &COLUMNS).unwrap().by_parent[""].rows.len(), 50);
        });
        assert!(stale.contains("clauses_by_checked_on"), "{stale}");
    }

    fn filter_by_breaker_uses_an_index(app: Empty) {
        fill(&app);
        let (often, seldom) = (Id::<of::Party>::new(), Id::<of::Party>::new());
        app.execute_sql(&format!(
            "INSERT INTO parties (id, version, slug, name, short_name, kind) \
             VALUES ('{often}', 1, 'often', 'Often', 'Often', 'state'), ('{seldom}', 1, 'seldom', 'Seldom', 'Seldom', 'state'); \
             {ASSESSMENTS} \
             INSERT INTO assessment_breakers (assessment_id, party_id, position) \
             SELECT id, '{often}', 1 FROM assessments WHERE status = 'breached'; \
             INSERT INTO assessment_breakers (assessment_id, party_id, position) \
             SELECT id, '{seldom}', 2 FROM assessments WHERE status = 'breached' ORDER BY id LIMIT 3;"
        ));
        if engine(&app) == "postgres" {
            app.execute_sql("ANALYZE");
        }
        let first = Page { size: 50, from_end: false, after: None, before: None };
        let filter = Filter { breached_by: Some(vec![seldom]), ..Filter::default() };
        let list = ClauseList { parent: Parent::None, filter, order: Order::StatusSince, direction: Direction::Descending };
        let clauses = plan(&app, "", &format!("('{seldom}', 51)"), |connection| {
            assert_eq!(list.select(connection, &first, &[""], &COLUMNS).unwrap().by_parent[""].rows.len(), 3);
        });
        let list = PartyAssessmentList { role: PartyRole::Breaker, point_in_time: PointInTime::default(), differs_from_neutral: None };
        let breaches = plan(&app, "", &format!("('{seldom}', 51)"), |connection| {
            assert_eq!(list.select(connection, &first, &[seldom.as_str()], &["assessments.id"]).unwrap().by_parent[seldom.as_str()].rows.len(), 3);
        });
        assert!(breaches.contains("assessment_breakers_by_party"), "{breaches}");
        assert!(clauses.contains("assessment_breakers_by_party"), "{clauses}");
        for table in ["assessments", "assessment_breakers", "clauses", "trackables"] {
            let full_scans = [format!("Seq Scan on {table}"), format!("SCAN {table}\n")];
            assert!(!full_scans.iter().any(|step| clauses.contains(step)), "{table} is scanned completely:\n{clauses}");
        }
    }

    fn lists_of_sources_and_citations_use_indexes(app: Empty) {
        app.execute_sql(&(content() + &cited_sources()));
        if engine(&app) == "postgres" {
            app.execute_sql("ANALYZE");
        }
        let first = Page { size: 50, from_end: false, after: None, before: None };
        let columns = ["sources.id", "sources.title", "sources.published_on"];
        let sources = |order, filter| SourceList { filter, order, direction: Direction::Ascending };
        let read = |list: &SourceList| {
            plan(&app, "", "(51)", |connection| {
                assert_eq!(list.select(connection, &first, &[""], &columns).unwrap().by_parent[""].rows.len(), 50);
            })
        };
        // The alphabetical order has no index: see ARCHITECTURE.md.
        let by_title = read(&sources(source::Order::Title, source::Filter::default()));
        insta::assert_snapshot!(format!("sources_by_title_{}", engine(&app)), by_title);
        let by_day = read(&sources(source::Order::PublishedOn, source::Filter::default()));
        assert!(by_day.contains("sources_by_published_on"), "{by_day}");
        insta::assert_snapshot!(format!("sources_by_day_{}", engine(&app)), by_day);
        let cited = source::Filter { cited: Some(true), ..source::Filter::default() };
        let cited = read(&sources(source::Order::PublishedOn, cited));
        // PostgreSQL either collects the ids of all cited sources once, or looks up the citations of each source.
        let is_collected = cited.contains("hashed SubPlan");
        for index in ["assessment_evidence_by_source", "event_sources_by_source"] {
            assert!(is_collected || cited.contains(index), "{cited}");
        }

        let parents = sources(source::Order::PublishedOn, source::Filter::default())
            .select(&mut connect(&app), &first, &[""], &columns)
            .unwrap();
        let parents: Vec<&str> = (0..3).map(|row| parents.rows.text(row, 1).unwrap()).collect();
        let binds = format!("('{}', 51)", json!(parents));
        let events = EventList {
            parent: event::Parent::Source,
            filter: event::Filter::default(),
            order: event::Order::Day,
            direction: Direction::Ascending,
        };
        let events = plan(&app, "", &binds, |connection| {
            assert_eq!(events.select(connection, &first, &parents, &["events.id"]).unwrap().by_parent.len(), 3);
        });
        assert!(events.contains("event_sources_by_source"), "{events}");
        let assessments = AssessmentList {
            parent: assessment_list::Parent::Source,
            filter: assessment_list::Filter::default(),
            include_retracted: false,
        };
        let assessments = plan(&app, "", &binds, |connection| {
            assert_eq!(assessments.select(connection, &first, &parents, &["assessments.id"]).unwrap().by_parent.len(), 3);
        });
        assert!(assessments.contains("assessment_evidence_by_source"), "{assessments}");
        for (plan, tables) in [(&events, ["events", "event_sources"]), (&assessments, ["assessments", "assessment_evidence"])] {
            for table in tables {
                let full_scans = [format!("Seq Scan on {table}"), format!("SCAN {table}\n")];
                assert!(!full_scans.iter().any(|step| plan.contains(step)), "{table} is scanned completely:\n{plan}");
            }
        }
    }

    fn counts_by_status_read_only_clauses(app: Empty) {
        fill(&app);
        let selection = |grouping| Selection { filter: Filter::default(), grouping, weighting: Weighting::default(), perspective: Perspective::default() };
        let of_all = plan(&app, "", "", |connection| {
            let counts = selection(Grouping::Topic).counts(connection, None).unwrap();
            assert_eq!(counts.len(), 10);
        });
        assert!(!of_all.contains("trackables") && !of_all.contains("agreements"), "{of_all}");
        insta::assert_snapshot!(format!("counts_of_all_{}", engine(&app)), of_all);
        let agreement = "an agreement".to_owned();
        let of_one = plan(&app, "", &format!("('{agreement}')"), |connection| {
            selection(Grouping::Agreement).counts(connection, Some(std::slice::from_ref(&agreement))).unwrap();
        });
        insta::assert_snapshot!(format!("counts_of_one_agreement_{}", engine(&app)), of_one);
    }

    fn search_uses_the_word_indexes(app: Sample) {
        if engine(&app) == "postgres" {
            app.execute_sql("ANALYZE");
        }
        let query = "border ceasefire";
        let search = Search::prepare(&mut connect(&app), terms(query), run_together(query), None).unwrap();
        let given = r#"[["border", "border", "border", 100, 0], ["ceasefire", "ceasefire", "ceasefirf", 100, 0]]"#;
        let binds = format!("('{given}', 'borderceasefire', 100000, 21)");
        let first = Page { size: 20, from_end: false, after: None, before: None };
        let ranked = plan(&app, "(text, text, integer, integer)", &binds, |connection| {
            assert!(!search.page(connection, &first).unwrap().rows.is_empty());
        });
        for table in ["search_words", "search_notes", "assessment_evidence"] {
            let full_scans = [format!("Seq Scan on {table}"), format!("SCAN {table}\n")];
            assert!(!full_scans.iter().any(|step| ranked.contains(step)), "{table} is scanned completely:\n{ranked}");
        }
        insta::assert_snapshot!(format!("search_{}", engine(&app)), ranked);
    }

    fn sequence_of_an_agreement_reads_its_steps_by_index(app: Empty) {
        fill(&app);
        let data = app.data("{ agreements(first: 1) { nodes { id } } }", json!({}));
        let id = GlobalId::decode(data["agreements"]["nodes"][0]["id"].as_str().unwrap()).unwrap();
        let owner = OwnerId::from_uuid(id.uuid);
        let sent = statements(&app, |connection| {
            sequence::graph(connection, PointInTime::default(), &[owner]).unwrap();
        });
        let plan = explain(&app, "", &format!("('{owner}', '{owner}', '{owner}')"), &sent[0]);
        for scan in ["Seq Scan on trackables step", "Seq Scan on clauses", "SCAN step", "SCAN clauses"] {
            assert!(!plan.contains(scan), "{plan}");
        }
    }
}

/// PostgreSQL would join the views and read the whole timeline for each entry of the agreement. See `db/timeline.rs`.
#[test]
fn timeline_of_some_agreements_is_read_once_on_postgres() {
    let app = TestApp::spawn(Engine::Postgres, Data::SharedSample);
    let list = TimelineList {
        parent: timeline::Parent::None,
        from: None,
        to: None,
        kinds: None,
        agreements: Some(vec!["minsk-2".to_owned()]),
        parties: None,
        text: None,
    };
    let first = Page { size: 50, from_end: false, after: None, before: None };
    let plan = plan(&app, "", "('minsk-2', 51)", |connection| {
        let pages = list.select(connection, &first, &[""], &["timeline.id"]).unwrap();
        assert_eq!(pages.by_parent[""].rows.len(), 50);
    });
    assert!(plan.contains("(hashed SubPlan"), "{plan}");
}
