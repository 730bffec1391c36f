//! The query plans of an import on PostgreSQL.

use std::fmt::Write as _;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Bool, Text};

use crate::support::{Database, Engine, clausewatch, text};

/// The number of rows that sequential scans of a table have read.
#[derive(QueryableByName)]
struct Reads {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    rows: i64,
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    read: i64,
}

/// Whether PostgreSQL has statistics of a table.
#[derive(QueryableByName)]
struct Statistics {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Bool)]
    is_analyzed: bool,
}

/// The tables are empty when the import starts, so PostgreSQL has no statistics of them. It must use indexes all the
/// same.
#[test]
fn import_on_postgres_does_not_scan_a_table_for_every_row() {
    let database = Database::fresh(Engine::Postgres);
    let directory = tempfile::TempDir::new().unwrap();
    let mut dossier = "[[topic]]\nslug = \"arms\"\nname = \"Arms\"\n".to_owned();
    for number in 0..40 {
        write!(
            dossier,
            "[[source]]\nslug = \"s-{number}\"\ntitle = \"Source\"\nkind = \"PRESS\"\n\
             [[party]]\nslug = \"p-{number}\"\nname = \"Party\"\nshort_name = \"Party\"\nkind = \"STATE\"\n\
             [[agreement]]\nslug = \"a-{number}\"\ntitle = \"Agreement\"\nshort_title = \"Agreement\"\nkind = \"TREATY\"\n\
             adoption = \"Signed.\"\nagreed_on = 2010-01-01\nsummary = \"Peace.\"\nsource = \"s-{number}\"\nconfidence = \"HIGH\"\n"
        )
        .unwrap();
        for clause in 1..=5 {
            write!(
                dossier,
                "[[agreement.clause]]\nnumber = \"{clause}\"\nheading = \"Heading\"\nsummary = \"Summary.\"\nnature = \"ONE_OFF\"\n\
                 topic = \"arms\"\nconfidence = \"HIGH\"\nobligations = [{{ party = \"p-{number}\", role = \"OBLIGED\" }}]\n\
                 deadlines = [{{ rule = \"In time\", due_on = 2015-01-01 }}]\n"
            )
            .unwrap();
        }
        for (clause, year) in (1..=5).flat_map(|clause| [(clause, 2011), (clause, 2012)]) {
            write!(
                dossier,
                "[[assessment]]\nof = \"a-{number}/{clause}\"\nstatus = \"PARTIAL\"\neffective_on = {year}-01-01\nnote = \"Note.\"\n\
                 evidence = [\"s-{number}\"]\n"
            )
            .unwrap();
        }
    }
    std::fs::write(directory.path().join("all.toml"), dossier).unwrap();
    let output =
        clausewatch(&["import", "all.toml", "--database-url", &database.url], directory.path());
    assert!(output.status.success(), "{}", text(&output.stderr));

    let mut connection = PgConnection::establish(&database.url).unwrap();
    let tables: Vec<Reads> = sql_query(
        "SELECT relname::text AS name, n_tup_ins AS rows, seq_tup_read AS read FROM pg_stat_user_tables WHERE n_tup_ins >= 40",
    )
    .load(&mut connection)
    .unwrap();
    assert!(
        tables.iter().any(|table| table.name == "assessments" && table.rows == 400),
        "the statistics must include the import"
    );
    for Reads { name, rows, read } in tables {
        assert!(
            read <= 10 * rows,
            "{name}: {rows} rows were written, and sequential scans have read {read}"
        );
    }
}

/// Without statistics, PostgreSQL plans as if every table were small, until its autovacuum runs.
#[test]
fn import_and_load_update_the_statistics_of_postgres() {
    let directory = tempfile::TempDir::new().unwrap();
    let dossier = "[[topic]]\nslug = \"arms\"\nname = \"Arms\"\n";
    std::fs::write(directory.path().join("all.toml"), dossier).unwrap();
    let imported = Database::fresh(Engine::Postgres);
    let loaded = Database::fresh(Engine::Postgres);
    for (arguments, database) in [
        (&["import", "all.toml"][..], &imported),
        (&["dump", "all.ndjson"], &imported),
        (&["load", "all.ndjson"], &loaded),
    ] {
        let arguments = [arguments, &["--database-url", &database.url]].concat();
        let output = clausewatch(&arguments, directory.path());
        assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
    }
    for database in [imported, loaded] {
        let mut connection = PgConnection::establish(&database.url).unwrap();
        let tables: Vec<Statistics> = sql_query(
            "SELECT relname::text AS name, reltuples >= 0 AS is_analyzed FROM pg_class \
             WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
        )
        .load(&mut connection)
        .unwrap();
        assert!(tables.iter().any(|table| table.name == "assessments"));
        for table in tables {
            assert!(table.is_analyzed, "{} has no statistics", table.name);
        }
    }
}
