//! A server for one test.

use std::sync::mpsc;
use std::thread::{self, JoinHandle};

use actix_web::rt::System;
use clausewatch::config::{Config, LogFormat, SingleSignOn, Sockets};
use clausewatch::db::{Access, Db};
use clausewatch::domain::token::TokenContent;
use clausewatch::domain::viewer::{Admin, Role};
use clausewatch::http::client::ProxyHeader;
use clausewatch::limits::Limits;
use clausewatch::server::{Application, Handle};
use serde_json::{Value, json};

use super::database::{Data, Database, Engine};

/// A server on a database of its own.
pub struct TestApp {
    /// Where the server is: `http://127.0.0.1:PORT`.
    pub url: String,
    /// Where its database is, as `--database-url` takes it.
    pub database_url: String,
    /// Where its figures are, if they are served.
    pub metrics_url: Option<String>,
    db: Db,
    client: reqwest::blocking::Client,
    analyst: reqwest::blocking::Client,
    handle: Handle,
    thread: Option<JoinHandle<()>>,
    /// There until a restart takes it along, unless it is that of another server.
    database: Option<Database>,
}

impl TestApp {
    /// Starts a server on a fresh database.
    pub fn spawn(engine: Engine, data: Data) -> Self {
        Self::spawn_with(engine, data, |_| {})
    }

    /// The same, with other settings.
    pub fn spawn_with(engine: Engine, data: Data, set: impl FnOnce(&mut Config)) -> Self {
        let database = Database::prepared(engine, data);
        let mut config = config(&database.url, true);
        set(&mut config);
        Self::start(config, database.url.clone(), Some(database))
    }

    /// Starts a server on a database that is not there yet, as a new user does.
    pub fn spawn_new(engine: Engine, no_sample: bool) -> Self {
        Self::serve(Database::fresh(engine), no_sample)
    }

    /// Starts a server on a database.
    pub fn serve(database: Database, no_sample: bool) -> Self {
        Self::start(config(&database.url, no_sample), database.url.clone(), Some(database))
    }

    /// Starts a server with bounds of its own on the sample.
    pub fn bounded(engine: Engine, bound: impl FnOnce(&mut Sockets)) -> Self {
        Self::spawn_with(engine, Data::Sample, |config| bound(&mut config.sockets))
    }

    /// Starts another server on the same database.
    pub fn another(&self) -> Self {
        self.another_with(|_| {})
    }

    /// The same, with other settings.
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
        }
    }

    /// Stops the server and starts it again on the same database, loading the sample where there is nothing.
    pub fn restart(mut self) -> Self {
        self.stop();
        let database = self.database.take().expect("it is there until now");
        Self::serve(database, false)
    }

    /// Stops the server as a signal to terminate does.
    pub fn terminate(mut self) {
        drop(self.handle.stop(true));
        self.thread.take().expect("it runs").join().expect("it ends well");
    }

    fn stop(&mut self) {
        // The command is sent at once; its answer is not waited for here, but by joining the thread.
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }

    /// Does to the database what no user can.
    pub fn execute_sql(&self, sql: &str) {
        use diesel::connection::SimpleConnection;
        use diesel::{Connection, PgConnection, SqliteConnection};
        let done = match self.database_url.strip_prefix("sqlite:") {
            Some(path) => {
                let mut connection = SqliteConnection::establish(path).expect("SQLite opens");
                // The server may be writing.
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

    /// A new access token.
    pub fn token(&self, name: &str, role: Role) -> String {
        token(&self.db, name, role)
    }

    /// An HTTP client that shows the token of an editor by the name of `analyst`.
    pub fn analyst(&self) -> &reqwest::blocking::Client {
        &self.analyst
    }

    /// An HTTP client that shows no token.
    pub fn client(&self) -> &reqwest::blocking::Client {
        &self.client
    }

    /// Sends an operation and gives the whole answer: a mutation as an editor by the name of `analyst`, anything else
    /// as nobody.
    pub fn send(&self, query: &str, variables: Value) -> Value {
        let writes = query.lines().any(|line| line.trim_start().starts_with("mutation"));
        self.send_by(if writes { &self.analyst } else { &self.client }, query, variables)
    }

    /// Sends an operation as whoever `client` is.
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

    /// Sends an operation that must succeed and gives its data.
    pub fn data(&self, query: &str, variables: Value) -> Value {
        let mut answer = self.send(query, variables);
        assert!(answer.get("errors").is_none(), "{query}\n{answer:#}");
        answer["data"].take()
    }

    /// Sends an operation that must fail and gives the first error's code and message.
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
        data["clause"]["id"].as_str().expect("the clause is there").to_owned()
    }

    /// The position of the last change: whether it moved tells whether anything was written.
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
    }
}

/// An HTTP client that shows an access token, or nothing.
pub fn client(token: Option<&str>) -> reqwest::blocking::Client {
    let headers = token.map(|token| {
        let value = format!("Bearer {token}").parse().expect("a header can hold it");
        (reqwest::header::AUTHORIZATION, value)
    });
    reqwest::blocking::Client::builder()
        .no_proxy()
        .default_headers(headers.into_iter().collect())
        // The server closes idle connections after some seconds. A request must not be sent on one that it is closing.
        .pool_idle_timeout(std::time::Duration::from_secs(1))
        .build()
        .expect("a client")
}

fn token(db: &Db, name: &str, role: Role) -> String {
    let content = TokenContent { name: name.to_owned(), role, expires_in_days: None };
    let mut session = db.session(Access::Write).expect("a session");
    let made = clausewatch::db::token::create(&mut session, &Admin::operator(), &content);
    made.expect("a token can be made").1.reveal().to_owned()
}

/// How a test's server runs.
pub fn config(database_url: &str, no_sample: bool) -> Config {
    Config {
        response_cache: bytesize::ByteSize(0),
        database_url: database_url.into(),
        pgbouncer: false,
        bind: ([127, 0, 0, 1], 0).into(),
        connections: Some(3),
        no_sample,
        private: false,
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
        log: "warn".to_owned(),
        log_format: LogFormat::Text,
        trusted_proxy: Vec::new(),
        proxy_header: ProxyHeader::default(),
        public_url: None,
        allow_origin: Vec::new(),
        metrics_bind: None,
        min_free_disk: 0,
        stop_delay: 0,
        // Tests ask as fast as they can, all from one address.
        // Histories are read at every moment at once.
        limits: Limits {
            rate_per_address: 0,
            rate_per_token: 0,
            max_aliases: 5_000,
            ..Limits::DEFAULT
        },
        sso: SingleSignOn::default(),
    }
}
