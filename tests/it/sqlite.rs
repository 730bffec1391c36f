//! The compile options and settings of SQLite.

use clausewatch::db::{Access, DbConnection};
use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::support::{Data, Engine, TestApp};

#[derive(QueryableByName)]
struct Setting {
    #[diesel(sql_type = Text)]
    value: String,
}

fn setting(connection: &mut DbConnection, sql: &str) -> String {
    diesel::sql_query(sql).get_result::<Setting>(connection).expect("SQLite answers").value
}

#[test]
fn sqlite_is_durable_and_keeps_prepared_statements() {
    let app = TestApp::spawn(Engine::Sqlite, Data::Empty);
    let mut session = app.db().session(Access::Write).expect("a session");
    let connection = session.read().expect("a connection");
    let mut ask = |sql: &str| setting(connection, sql);
    // Without the query planner stability guarantee (QPSG), SQLite re-prepares each statement that has a bound LIMIT.
    assert_eq!(ask("SELECT CAST(sqlite_compileoption_used('ENABLE_QPSG') AS TEXT) AS value"), "1");
    // With these options, connections share no locks.
    for option in ["THREADSAFE=2", "DEFAULT_MEMSTATUS=0"] {
        let sql = format!("SELECT CAST(sqlite_compileoption_used('{option}') AS TEXT) AS value");
        assert_eq!(ask(&sql), "1", "{option}");
    }
    assert_eq!(ask("SELECT journal_mode AS value FROM pragma_journal_mode"), "wal");
    assert_eq!(
        ask("SELECT CAST(synchronous AS TEXT) AS value FROM pragma_synchronous"),
        "2",
        "synchronous must be FULL"
    );
    assert_eq!(ask("SELECT CAST(foreign_keys AS TEXT) AS value FROM pragma_foreign_keys"), "1");
}
