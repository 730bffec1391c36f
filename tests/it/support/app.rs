//! A server for a test.

use std::sync::{LazyLock, mpsc};
use std::thread::{self, JoinHandle};

use actix_web::rt::System;
use clausewatch::config::{Config, LogFormat, SingleSignOn, Sockets, Webhooks};
use clausewatch::db::{Access, Db, integrity};
use clausewatch::domain::token::TokenContent;
use clausewatch::domain::viewer::{Admin, Role};
use clausewatch::domain::webhook::RetrySchedule;
use clausewatch::http::client::ProxyHeader;
use clausewatch::limits::Limits;
use clausewatch::server::{Application, Handle};
use serde_json::{Value, json};

use super::database::{Data, Database, Engine};

/// A server with a database.
pub struct TestApp {
    /// The address of the server: `http://127.0.0.1:PORT`.
    pub url: String,
    /// The database URL, as passed to `--database-url`.
    pub database_url: String,
    /// The address of the metrics, if they are enabled.
    pub metrics_url: Option<String>,
    db: Db,
    client: reqwest::blocking::Client,
    analyst: reqwest::blocking::Client,
    handle: Handle,
    thread: Option<JoinHandle<()>>,
    /// The test database. `None` after a restart has moved it, or if another server owns it.
    database: Option<Database>,
    /// For a test that shares its server: the position of the log at the start of the test.
    shared_log_position: Option<i64>,
}

impl TestApp {
    /// Starts a server on a fresh database. For [`Data::SharedSample`], returns the shared server.
    pub fn spawn(engine: Engine, data: Data) -> Self {
        match data {
            Data::SharedSample => Self::shared(engine),
            _ => Self::spawn_with(engine, data, |_| {}),
        }
    }

    /// The server that tests share if they only read the sample. Starting a server and copying its database takes longer than
    /// most of these tests.
    fn shared(engine: Engine) -> Self {
        static SQLITE: LazyLock<TestApp> =
            LazyLock::new(|| TestApp::spawn(Engine::Sqlite, Data::Sample));
        static POSTGRES: LazyLock<TestApp> =
            LazyLock::new(|| TestApp::spawn(Engine::Postgres, Data::Sample));
        let app = match engine {
            Engine::Sqlite => &*SQLITE,
            Engine::Postgres => &*POSTGRES,
        };
        Self {
            url: app.url.clone(),
            database_url: app.database_url.clone(),
            metrics_url: None,
            db: app.db.clone(),
            client: app.client.clone(),
            analyst: app.analyst.clone(),
            handle: app.handle.clone(),
            thread: None,
            database: None,
            shared_log_position: Some(app.log_position()),
        }
    }

    /// Like [`Self::spawn`], but changes the settings with `set` before the start.
    pub fn spawn_with(engine: Engine, data: Data, set: impl FnOnce(&mut Config)) -> Self {
        let database = Database::prepared(engine, data);
        let mut config = config(&database.url, true);
        set(&mut config);
        Self::start(config, database.url.clone(), Some(database))
    }

    /// Starts a server on a database that does not exist yet, as a new user does.
    pub fn spawn_new(engine: Engine, no_sample: bool) -> Self {
        Self::serve(Database::fresh(engine), no_sample)
    }

    /// Starts a server on a database.
    pub fn serve(database: Database, no_sample: bool) -> Self {
        Self::start(config(&database.url, no_sample), database.url.clone(), Some(database))
    }

    /// Starts a server on the sample. `bound` changes the limits of sockets.
    pub fn bounded(engine: Engine, bound: impl FnOnce(&mut Sockets)) -> Self {
        Self::spawn_with(engine, Data::Sample, |config| bound(&mut config.sockets))
    }

    /// Starts another server on the same database.
    pub fn another(&self) -> Self {
        self.another_with(|_| {})
    }

    /// Like [`Self::another`], but changes the settings with `set` before the start.
    pub fn another_with(&self, set: impl FnOnce(&mut Config)) -> Self {
        let mut config = config(&self.database_url, true);
        set(&mut config);
        Self::start(config, self.database_url.clone(), None)
    }

    fn start(config: Config, database_url: String, database: Option<Database>) -> Self {
        let (sender, receiver) = mpsc::channel();
        let thread = thread::spawn(move || {
            System::new().block_on(async move {
                let application = Application::build(&config).expect("the server starts");
                let metrics = application.metrics_address();
                let (db, handle) = (application.db().clone(), application.handle());
                let parts = (application.address(), metrics, db, handle);
                sender.send(parts).expect("the test waits");
                application.run().await.expect("the server runs");
            });
        });
        let (address, metrics, db, handle) = receiver.recv().expect("the server has started");
        let analyst = token(&db, "analyst", Role::Editor);
        Self {
            url: format!("http://{address}"),
            database_url,
            metrics_url: metrics.map(|address| format!("http://{address}/metrics")),
            db,
            client: client(None),
            analyst: client(Some(&analyst)),
            handle,
            thread: Some(thread),
            database,
            shared_log_position: None,
        }
    }

    /// Stops the server and starts it again on the same database. Loads the sample if the database is empty.
    pub fn restart(mut self) -> Self {
        self.stop();
        let database = self.database.take().expect("the test owns the database");
        Self::serve(database, false)
    }

    /// Stops the server as a termination signal does.
    pub fn terminate(mut self) {
        drop(self.handle.stop(true));
        self.thread
            .take()
            .expect("the server runs")
            .join()
            .expect("the server ends without a panic");
    }

    fn stop(&mut self) {
        if let Some(thread) = self.thread.take() {
            // `stop` sends the command at once, so its future need not be awaited. Joining the thread waits for the result.
            drop(self.handle.stop(false));
            let _ = thread.join();
        }
    }

    /// Executes SQL directly on the database, for changes that the API does not allow.
    pub fn execute_sql(&self, sql: &str) {
        use diesel::connection::SimpleConnection;
        use diesel::{Connection, PgConnection, SqliteConnection};
        let done = match self.database_url.strip_prefix("sqlite:") {
            Some(path) => {
                let mut connection = SqliteConnection::establish(path).expect("SQLite opens");
                // The server may hold the write lock.
                connection
                    .batch_execute("PRAGMA busy_timeout = 10000;")
                    .and_then(|()| connection.batch_execute(sql))
            }
            None => PgConnection::establish(&self.database_url)
                .expect("PostgreSQL answers")
                .batch_execute(sql),
        };
        done.expect("the statement runs");
    }

    /// The server's database.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Checks that the derived data matches the records.
    pub fn assert_no_differences(&self) {
        let mut session = self.db.session(Access::Read).expect("a session");
        let differences =
            session.read().and_then(integrity::check).expect("the database can be checked");
        assert!(differences.is_empty(), "{differences:?}");
    }

    /// A new access token.
    pub fn token(&self, name: &str, role: Role) -> String {
        token(&self.db, name, role)
    }

    /// An HTTP client with the token of an editor named `analyst`.
    pub fn analyst(&self) -> &reqwest::blocking::Client {
        &self.analyst
    }

    /// An HTTP client without a token.
    pub fn client(&self) -> &reqwest::blocking::Client {
        &self.client
    }

    /// Sends an operation and returns the whole response. Sends mutations as the editor `analyst`, and other operations
    /// without a token.
    pub fn send(&self, query: &str, variables: Value) -> Value {
        let writes = query.lines().any(|line| line.trim_start().starts_with("mutation"));
        self.send_by(if writes { &self.analyst } else { &self.client }, query, variables)
    }

    /// Sends an operation with the credentials of `client`.
    pub fn send_by(
        &self,
        client: &reqwest::blocking::Client,
        query: &str,
        variables: Value,
    ) -> Value {
        let answer = client
            .post(format!("{}/graphql", self.url))
            .header("accept", "application/graphql-response+json")
            .json(&json!({ "query": query, "variables": variables }))
            .send()
            .expect("the server answers");
        answer.json().expect("the answer is JSON")
    }

    /// Sends an operation that must succeed, and returns its data.
    pub fn data(&self, query: &str, variables: Value) -> Value {
        let mut answer = self.send(query, variables);
        assert!(answer.get("errors").is_none(), "{query}\n{answer:#}");
        answer["data"].take()
    }

    /// Sends an operation that must fail, and returns the code and message of its first error.
    pub fn error(&self, query: &str, variables: Value) -> (String, String) {
        let answer = self.send(query, variables);
        let error = &answer["errors"][0];
        let text = |value: &Value| {
            value.as_str().unwrap_or_else(|| panic!("{query}\n{answer:#}")).to_owned()
        };
        (text(&error["extensions"]["code"]), text(&error["message"]))
    }

    /// The id of a clause.
    pub fn clause_id(&self, agreement: &str, number: &str) -> String {
        let query = "query($a: String!, $n: String!) { clause(agreement: $a, number: $n) { id } }";
        let data = self.data(query, json!({ "a": agreement, "n": number }));
        data["clause"]["id"].as_str().expect("the clause exists").to_owned()
    }

    /// The position of the last change. It shows whether the database was written to.
    pub fn log_position(&self) -> i64 {
        let mut session = self.db.session(Access::Read).expect("a session");
        session
            .read()
            .and_then(clausewatch::db::DbConnection::log_position)
            .expect("the log has a head")
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.stop();
        if let Some(before) = self.shared_log_position
            && !thread::panicking()
        {
            assert_eq!(self.log_position(), before, "a test changed the shared sample");
        }
    }
}

/// Checks that a request was refused with this status and a message that contains `part`.
pub fn assert_refused(response: reqwest::blocking::Response, status: u16, part: &str) {
    let url = response.url().clone();
    assert_eq!(response.status(), status, "{url}");
    let answer: Value = response.json().expect("the answer is JSON");
    let message = answer["errors"][0]["message"].as_str().expect("an error has a message");
    assert!(message.contains(part), "{url}: {message}");
}

/// A builder of HTTP clients for servers on this machine. The clients share one TLS connector, because each new connector
/// reads the certificates of the system. That took 8% of the processor time of all tests.
pub fn client_builder() -> reqwest::blocking::ClientBuilder {
    static CONNECTOR: LazyLock<native_tls::TlsConnector> =
        LazyLock::new(|| native_tls::TlsConnector::new().expect("a TLS connector"));
    reqwest::blocking::Client::builder().no_proxy().tls_backend_preconfigured(CONNECTOR.clone())
}

/// An HTTP client with this access token, or without a token.
pub fn client(token: Option<&str>) -> reqwest::blocking::Client {
    let headers = token.map(|token| {
        let value = format!("Bearer {token}").parse().expect("the token is a valid header value");
        (reqwest::header::AUTHORIZATION, value)
    });
    client_builder()
        .default_headers(headers.into_iter().collect())
        // The server closes idle connections after some seconds. The client must not reuse a connection that is being
        // closed.
        .pool_idle_timeout(std::time::Duration::from_secs(1))
        .build()
        .expect("a client")
}

fn token(db: &Db, name: &str, role: Role) -> String {
    let content = TokenContent { name: name.to_owned(), role, expires_in_days: None };
    let mut session = db.session(Access::Write).expect("a session");
    let made = clausewatch::db::token::create(&mut session, &Admin::operator(), &content);
    made.expect("the token can be created").1.reveal().to_owned()
}

/// The configuration of a test server.
pub fn config(database_url: &str, no_sample: bool) -> Config {
    Config {
        response_cache: bytesize::ByteSize(0),
        database_url: database_url.into(),
        pgbouncer: false,
        bind: ([127, 0, 0, 1], 0).into(),
        connections: Some(3),
        no_sample,
        private: false,
        no_mcp: false,
        review: false,
        trusted_documents: None,
        trusted_documents_only: false,
        sockets: Sockets {
            max_sockets: 100,
            max_sockets_per_address: 50,
            max_operations_per_socket: 20,
            max_message: 65_536,
            socket_init_time: 10,
            socket_slow_time: 10,
            socket_keep_alive: 10,
        },
        // Delivery would send statements during the tests that count statements.
        webhooks: Webhooks {
            no_webhooks: true,
            webhook_private_addresses: false,
            webhook_retry: RetrySchedule::default(),
        },
        log: "warn".to_owned(),
        log_format: LogFormat::Text,
        trusted_proxy: Vec::new(),
        proxy_header: ProxyHeader::default(),
        public_url: None,
        allow_origin: Vec::new(),
        metrics_bind: None,
        min_free_disk: 0,
        stop_delay: 0,
        // Tests send many requests from one address, and query many points in time in one document.
        limits: Limits {
            rate_per_address: 0,
            rate_per_token: 0,
            max_aliases: 5_000,
            ..Limits::DEFAULT
        },
        sso: SingleSignOn::default(),
    }
}
