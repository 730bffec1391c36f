//! A database for one test, copied from a template.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

use clausewatch::db::{Access, Db, Location};
use tempfile::TempDir;

use super::postgres;
use super::sample::minsk_dossiers;

/// The database engine of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// The content of the database at the start of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Data {
    /// Only the tables.
    Empty,
    /// The sample dossiers of the Minsk agreements ([`minsk_dossiers`]).
    Sample,
    /// Like `Sample`, but on a server that tests share, at the same time. These tests only read, and depend on nothing that
    /// other requests to the server change, such as counters. A test fails if it adds an entry to the change log.
    SharedSample,
    /// All sample dossiers.
    Whole,
}

/// The database of one test. It is removed when the test ends, because hundreds of databases would fill a disk.
pub struct Database {
    /// The database URL, as passed to `--database-url`.
    pub url: String,
    /// The name of the PostgreSQL database.
    name: Option<String>,
    _directory: TempDir,
}

impl Database {
    /// A database without tables. For SQLite, the file does not exist yet.
    pub fn fresh(engine: Engine) -> Self {
        let directory = TempDir::new().expect("a temporary folder");
        match engine {
            Engine::Sqlite => {
                let url = format!("sqlite:{}", directory.path().join("new.db").display());
                Self { url, name: None, _directory: directory }
            }
            Engine::Postgres => {
                let name = fresh_name();
                Self { url: postgres::create(&name), name: Some(name), _directory: directory }
            }
        }
    }

    /// A PostgreSQL database with an encoding other than UTF-8.
    pub fn with_encoding(encoding: &str) -> Self {
        let name = fresh_name();
        let url = postgres::create_with(
            &name,
            &format!("ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C'"),
        );
        Self { url, name: Some(name), _directory: TempDir::new().expect("a temporary folder") }
    }

    /// A database with tables and data.
    pub(super) fn prepared(engine: Engine, data: Data) -> Self {
        let directory = TempDir::new().expect("a temporary folder");
        match engine {
            Engine::Sqlite => {
                let path = directory.path().join("test.db");
                let template = match data {
                    Data::Empty => &*SQLITE_EMPTY,
                    Data::Sample | Data::SharedSample => &*SQLITE_SAMPLE,
                    Data::Whole => &*SQLITE_WHOLE,
                };
                fs::copy(template.file(), &path).expect("the template can be copied");
                let url = format!("sqlite:{}", path.display());
                Self { url, name: None, _directory: directory }
            }
            Engine::Postgres => {
                let template = match data {
                    Data::Empty => &*POSTGRES_EMPTY,
                    Data::Sample | Data::SharedSample => &*POSTGRES_SAMPLE,
                    Data::Whole => &*POSTGRES_WHOLE,
                };
                let name = fresh_name();
                let url = postgres::create_from_template(&name, template);
                Self { url, name: Some(name), _directory: directory }
            }
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(name) = &self.name {
            postgres::remove(name);
        }
    }
}

/// A migrated SQLite file that tests copy.
struct SqliteTemplate(TempDir);

impl SqliteTemplate {
    fn new(data: Data) -> Self {
        let directory = TempDir::new().expect("a temporary folder");
        let path = directory.path().join("template.db");
        prepare(&format!("sqlite:{}", path.display()), data);
        // Moves the write-ahead log into the file that is copied.
        checkpoint_wal(&path);
        Self(directory)
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("template.db")
    }
}

fn checkpoint_wal(path: &Path) {
    use diesel::connection::SimpleConnection;
    use diesel::{Connection, SqliteConnection};
    let mut connection =
        SqliteConnection::establish(&path.display().to_string()).expect("the template opens");
    connection
        .batch_execute("PRAGMA wal_checkpoint(TRUNCATE);")
        .expect("the log is moved into the file");
}

fn prepare(database_url: &str, data: Data) {
    use clausewatch::domain::viewer::Editor;
    use clausewatch::dossier;
    let location = Location::parse(database_url).expect("a database address");
    let db = Db::open(&location, 1).expect("the template opens");
    let dossiers = match data {
        Data::Empty => return,
        Data::Sample | Data::SharedSample => minsk_dossiers(),
        Data::Whole => dossier::embedded(),
    };
    let mut session = db.session(Access::Write).expect("a session");
    dossier::import(&mut session, &Editor::operator(), &dossiers).expect("the sample is valid");
}

static SQLITE_EMPTY: LazyLock<SqliteTemplate> = LazyLock::new(|| SqliteTemplate::new(Data::Empty));
static SQLITE_SAMPLE: LazyLock<SqliteTemplate> =
    LazyLock::new(|| SqliteTemplate::new(Data::Sample));
static SQLITE_WHOLE: LazyLock<SqliteTemplate> = LazyLock::new(|| SqliteTemplate::new(Data::Whole));

static POSTGRES_EMPTY: LazyLock<String> =
    LazyLock::new(|| postgres_template("template_empty", Data::Empty));
static POSTGRES_SAMPLE: LazyLock<String> =
    LazyLock::new(|| postgres_template("template_sample", Data::Sample));
static POSTGRES_WHOLE: LazyLock<String> =
    LazyLock::new(|| postgres_template("template_whole", Data::Whole));

fn postgres_template(name: &str, data: Data) -> String {
    prepare(&postgres::create(name), data);
    name.to_owned()
}

fn fresh_name() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed))
}
