//! The tables are equal on both databases and in `src/db/schema.rs`, and the databases enforce their constraints.
//!
//! Tables are compared as sets of lines, such as `parties.name text not null` or `clauses unique (id, agreement_id)`.

#![expect(clippy::unwrap_used, reason = "a message would not help to explain these failures")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use clausewatch::db::{Db, DbConnection, Location};
use diesel::connection::SimpleConnection;
use diesel::migration::{Migration, MigrationSource};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;
use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use serde_json::json;

use crate::support::{Engine, TestApp, on_both_databases};

type Lines = BTreeSet<String>;

const SQLITE: [&str; 6] = [
    r#"SELECT m.name || '.' || c.name || ' ' || lower(c.type) || CASE c."notnull" WHEN 1 THEN ' not null' ELSE '' END AS line
       FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'"#,
    "SELECT m.name || ' primary key (' || (SELECT group_concat(name, ', ') FROM
         (SELECT name FROM pragma_table_info(m.name) WHERE pk > 0 ORDER BY pk)) || ')' AS line
     FROM sqlite_master m WHERE m.type = 'table'",
    r#"SELECT m.name || CASE l."unique" WHEN 1 THEN ' unique (' ELSE ' index (' END || (SELECT group_concat(coalesce(name, 'expression'), ', ') FROM
           (SELECT name FROM pragma_index_info(l.name) ORDER BY seqno)) || ')' AS line
       FROM sqlite_master m, pragma_index_list(m.name) l WHERE m.type = 'table' AND l.origin <> 'pk'"#,
    r#"SELECT m.name || ' (' || (SELECT group_concat("from", ', ') FROM
           (SELECT "from" FROM pragma_foreign_key_list(m.name) WHERE id = f.id ORDER BY seq)) || ') references ' || f."table" || ' (' ||
           (SELECT group_concat("to", ', ') FROM (SELECT "to" FROM pragma_foreign_key_list(m.name) WHERE id = f.id ORDER BY seq)) || ')' AS line
       FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND f.seq = 0"#,
    "SELECT name || ' has checks: ' || ((length(sql) - length(replace(sql, 'CHECK (', ''))) / 7) AS line
     FROM sqlite_master WHERE type = 'table' AND sql LIKE '%CHECK (%'",
    "SELECT m.name || ' view (' || (SELECT group_concat(name, ', ') FROM
         (SELECT name FROM pragma_table_info(m.name) ORDER BY cid)) || ')' AS line
     FROM sqlite_master m WHERE m.type = 'view'",
];

const POSTGRES: [&str; 6] = [
    "SELECT table_name || '.' || column_name || ' ' || replace(data_type, ' without time zone', '')
         || CASE is_nullable WHEN 'NO' THEN ' not null' ELSE '' END AS line
     FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE'",
    "SELECT c.relname || ' primary key (' || (SELECT string_agg(a.attname, ', ' ORDER BY k.n) FROM unnest(i.indkey::int2[]) WITH ORDINALITY k (attnum, n)
         JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum) || ')' AS line
     FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE i.indisprimary AND c.relnamespace = 'public'::regnamespace",
    "SELECT c.relname || CASE WHEN i.indisunique THEN ' unique (' ELSE ' index (' END
         || (SELECT string_agg(coalesce(a.attname, 'expression'), ', ' ORDER BY k.n) FROM unnest(i.indkey::int2[]) WITH ORDINALITY k (attnum, n)
         LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum AND k.attnum > 0) || ')' AS line
     FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE NOT i.indisprimary AND c.relnamespace = 'public'::regnamespace",
    "SELECT c.relname || ' (' || (SELECT string_agg(a.attname, ', ' ORDER BY k.n) FROM unnest(f.conkey) WITH ORDINALITY k (attnum, n)
         JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.attnum) || ') references ' || r.relname || ' ('
         || (SELECT string_agg(a.attname, ', ' ORDER BY k.n) FROM unnest(f.confkey) WITH ORDINALITY k (attnum, n)
         JOIN pg_attribute a ON a.attrelid = f.confrelid AND a.attnum = k.attnum) || ')' AS line
     FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid JOIN pg_class r ON r.oid = f.confrelid WHERE f.contype = 'f'",
    "SELECT c.relname || ' has checks: ' || count(*) AS line
     FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid
     WHERE f.contype = 'c' AND c.relnamespace = 'public'::regnamespace GROUP BY c.relname",
    "SELECT table_name || ' view (' || string_agg(column_name, ', ' ORDER BY ordinal_position) || ')' AS line
     FROM information_schema.columns JOIN information_schema.views USING (table_schema, table_name)
     WHERE table_schema = 'public' GROUP BY table_name",
];

fn connect(app: &TestApp) -> DbConnection {
    match app.database_url.strip_prefix("sqlite:") {
        Some(path) => {
            let mut connection = SqliteConnection::establish(path).unwrap();
            connection
                .batch_execute("PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000")
                .unwrap();
            DbConnection::Sqlite(connection)
        }
        None => DbConnection::Postgres(PgConnection::establish(&app.database_url).unwrap()),
    }
}

/// The tables of the database, read from its catalogue.
fn tables(connection: &mut DbConnection) -> Lines {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        line: String,
    }
    let queries = match connection {
        DbConnection::Sqlite(_) => SQLITE,
        DbConnection::Postgres(_) => POSTGRES,
    };
    let mut lines = Lines::new();
    for query in queries {
        let rows: Vec<Row> = sql_query(query).load(connection).unwrap();
        lines.extend(rows.into_iter().map(|row| row.line));
    }
    // Excludes Diesel's own table.
    lines.retain(|line| !line.starts_with("__diesel"));
    lines
}

/// The columns, primary keys and views in `src/db/schema.rs`.
fn described() -> Lines {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/db/schema.rs");
    let source = fs::read_to_string(path).unwrap();
    let (tables, views) = source.split_once("// Views").unwrap();
    let mut lines = Lines::new();
    for view in views.split("diesel::table! {").skip(1) {
        let (head, rest) = view.split_once('{').unwrap();
        let columns = rest.split('}').next().unwrap().lines();
        let names: Vec<&str> =
            columns.filter_map(|line| Some(line.trim().split_once(" -> ")?.0)).collect();
        let name = head.trim().split(" (").next().unwrap();
        lines.insert(format!("{name} view ({})", names.join(", ")));
    }
    for table in tables.split("diesel::table! {").skip(1) {
        let (head, rest) = table.split_once('{').unwrap();
        let (name, key) = head.trim().split_once(" (").unwrap();
        lines.insert(format!("{name} primary key ({}", key.trim()));
        for column in rest.split('}').next().unwrap().split(',') {
            let Some((column, ty)) = column.trim().split_once(" -> ") else { continue };
            let (ty, bound) = match ty.strip_prefix("Nullable<") {
                Some(ty) => (ty.trim_end_matches('>'), ""),
                None => (ty, " not null"),
            };
            let ty = match ty {
                "Bool" => "boolean".to_owned(),
                ty => ty.to_lowercase(),
            };
            lines.insert(format!("{name}.{column} {ty}{bound}"));
        }
    }
    lines
}

#[track_caller]
fn assert_same(one: &Lines, other: &Lines) {
    let only = |one: &Lines, other: &Lines| one.difference(other).cloned().collect::<Vec<_>>();
    let (first, second) = (only(one, other), only(other, one));
    assert!(
        first.is_empty() && second.is_empty(),
        "only in the first set: {first:#?}\nonly in the second set: {second:#?}"
    );
}

fn folder(engine: Engine) -> PathBuf {
    let name = match engine {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
    };
    Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(name)
}

fn migration_names(engine: Engine) -> Vec<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder(engine)).unwrap() {
        let path = entry.unwrap().path();
        for file in ["up.sql", "down.sql"] {
            assert!(path.join(file).is_file(), "{} has no {file}", path.display());
        }
        names.push(path.file_name().unwrap().to_str().unwrap().to_owned());
    }
    names.sort();
    names
}

#[test]
fn migrations_of_both_databases_have_the_same_names() {
    let names = migration_names(Engine::Sqlite);
    assert_eq!(names, migration_names(Engine::Postgres));
    assert!(names.len() >= 5, "{names:?}");
}

#[test]
fn fresh_databases_of_both_engines_have_the_same_tables() {
    let of = |engine| tables(&mut connect(&TestApp::spawn_new(engine, true)));
    let (sqlite, postgres) = (of(Engine::Sqlite), of(Engine::Postgres));
    assert_same(&sqlite, &postgres);
    for line in [
        "parties.name text not null",
        "changes.position bigint not null",
        "proposals.is_package boolean not null",
        "assessments.retracted_at timestamp",
        "proposal_parties primary key (proposal_id, role, party_id)",
        "clauses unique (agreement_id, number)",
        "obligations unique (clause_id, party_id, role, expression)",
        "clauses (parent_id, agreement_id) references clauses (id, agreement_id)",
        "assessments index (trackable_id, effective_on, recorded_at, id)",
        "trackables has checks: 4",
        "timeline view (id, day, rank, kind, is_shown)",
    ] {
        assert!(sqlite.contains(line), "{line} is not in {sqlite:#?}");
    }
}

on_both_databases! {
    fn tables_match_the_source(app: Empty) {
        let mut found = tables(&mut connect(&app));
        let described = described();
        // A view that only other views use need not be in `src/db/schema.rs`.
        found.retain(|line| line.contains('.') || line.contains(" primary key ") || described.contains(line));
        assert!(described.len() > 200, "{described:#?}");
        assert_same(&found, &described);
    }

    fn migrations_can_be_reverted_and_repeated_with_data(app: Sample) {
        fn down<DB: diesel::backend::Backend>(
            connection: &mut impl MigrationHarness<DB>,
            migrations: &FileBasedMigrations,
        ) -> String
        where
            FileBasedMigrations: MigrationSource<DB>,
        {
            connection.revert_last_migration(migrations.clone()).unwrap().to_string()
        }
        fn up<DB: diesel::backend::Backend>(
            connection: &mut impl MigrationHarness<DB>,
            migrations: &FileBasedMigrations,
        ) -> String
        where
            FileBasedMigrations: MigrationSource<DB>,
        {
            let pending = connection.pending_migrations(migrations.clone()).unwrap();
            let migration: &dyn Migration<DB> = &pending[0];
            connection.run_migration(migration).unwrap().to_string()
        }
        let mut connection = connect(&app);
        let engine = match connection {
            DbConnection::Sqlite(_) => Engine::Sqlite,
            DbConnection::Postgres(_) => Engine::Postgres,
        };
        let migrations = FileBasedMigrations::from_path(folder(engine)).unwrap();
        let down = |connection: &mut DbConnection| match connection {
            DbConnection::Sqlite(connection) => down(connection, &migrations),
            DbConnection::Postgres(connection) => down(connection, &migrations),
        };
        let up = |connection: &mut DbConnection| match connection {
            DbConnection::Sqlite(connection) => up(connection, &migrations),
            DbConnection::Postgres(connection) => up(connection, &migrations),
        };
        let count = migration_names(engine).len();
        let mut before = vec![tables(&mut connection)];
        let mut reverted = Vec::new();
        for _ in 0..count {
            reverted.push(down(&mut connection));
            before.push(tables(&mut connection));
        }
        assert_same(before.last().unwrap(), &Lines::new());
        for stage in before.iter().rev().skip(1) {
            assert_eq!(up(&mut connection), reverted.pop().unwrap());
            assert_same(&tables(&mut connection), stage);
        }
        drop(connection);
        assert_eq!(app.data("{ agreements { totalCount } }", json!({})), json!({ "agreements": { "totalCount": 0 } }));
    }

    fn database_of_a_newer_version_is_rejected(app: Empty) {
        app.execute_sql("INSERT INTO __diesel_schema_migrations (version) VALUES ('29991231000009')");
        let location = Location::parse(&app.database_url).unwrap();
        let message = Db::open(&location, 1).err().expect("opening the database should fail").to_string();
        assert!(message.contains("created by a newer version of Clausewatch"), "{message}");
        assert!(message.contains("29991231000009"), "{message}");
        app.execute_sql("DELETE FROM __diesel_schema_migrations WHERE version = '29991231000009'");
        assert!(Db::open(&location, 1).is_ok(), "without the unknown migration, the database can be opened");
    }

    fn constraints_reject_invalid_rows(app: Sample) {
        let mut connection = connect(&app);
        connection.batch_execute("INSERT INTO trackables (id, kind, version, status) VALUES ('new-clause', 'clause', 1, 'unassessed')").unwrap();
        let clause = |id: &str, agreement: &str, number: &str, parent: &str| {
            format!(
                "INSERT INTO clauses (id, agreement_id, number, position, parent_id, heading, summary, nature, topic_id, confidence, folded) \
                 SELECT {id}, {agreement}, {number}, position, {parent}, heading, summary, nature, topic_id, confidence, folded FROM clauses \
                 WHERE id = (SELECT min(id) FROM clauses)"
            )
        };
        let assessment = |kind: &str, status: &str| {
            format!(
                "INSERT INTO assessments (id, trackable_id, trackable_kind, status, effective_on, recorded_at, momentum, confidence, note, recorded_by, imported) \
                 SELECT 'new-assessment', trackable_id, {kind}, {status}, effective_on, recorded_at, momentum, confidence, note, recorded_by, imported FROM assessments \
                 WHERE id = (SELECT min(id) FROM assessments WHERE trackable_kind = 'clause')"
            )
        };
        let other_agreement = "(SELECT max(id) FROM agreements WHERE id <> (SELECT agreement_id FROM clauses WHERE id = (SELECT min(id) FROM clauses)))";
        let (check, foreign, unique) = ("check constraint", "foreign key constraint", "unique constraint");
        for (statement, constraint) in [
            ("INSERT INTO trackables (id, kind, version, status) VALUES ('new', 'clause', 1, 'tabled')".to_owned(), check),
            ("INSERT INTO trackables (id, kind, version, status) VALUES ('new', 'caveat', 1, 'unassessed')".to_owned(), check),
            ("INSERT INTO trackables (id, kind, version, status) VALUES ('new', 'clause', 0, 'unassessed')".to_owned(), check),
            ("INSERT INTO trackables (id, kind, version, status, status_since) VALUES ('new', 'clause', 1, 'partial', '2020-01-01')".to_owned(), check),
            ("INSERT INTO caveat_exchanges SELECT min(id), min(id) FROM caveats".to_owned(), check),
            ("INSERT INTO caveat_exchanges SELECT max(id), min(id) FROM caveats".to_owned(), check),
            (clause("'nothing'", "agreement_id", "'new'", "NULL"), foreign),
            (clause("'new-clause'", "'nothing'", "'new'", "NULL"), foreign),
            (clause("'new-clause'", other_agreement, "'new'", "id"), foreign),
            (clause("'new-clause'", "agreement_id", "number", "NULL"), unique),
            (assessment("'proposal'", "'tabled'"), foreign),
            (assessment("'clause'", "'tabled'"), check),
            ("DELETE FROM agreements".to_owned(), foreign),
            ("INSERT INTO log_head (id, position) VALUES (2, 0)".to_owned(), check),
        ] {
            let failure = connection.batch_execute(&statement).expect_err(&statement).to_string();
            assert!(failure.to_lowercase().contains(constraint), "{statement}: {failure}");
        }
        // The same statements succeed with valid values.
        for statement in [
            clause("'new-clause'", "agreement_id", "'new'", "id"),
            assessment("'clause'", "'partial'"),
        ] {
            connection.batch_execute(&statement).unwrap_or_else(|error| panic!("{statement}: {error}"));
        }
    }
}
