//! The measured queries as hand-written SQL, without GraphQL, access checks or logs. Each query uses prepared
//! statements and writes JSON directly from the rows. The HTTP server library is the same as in Clausewatch.

mod json;
mod postgres;
mod sqlite;

use std::collections::BTreeMap;

use actix_web::{App, HttpResponse, HttpServer, web};
use serde::Deserialize;

use super::process;

/// The parameters of a request. Each query reads the ones that it needs.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Parameters {
    slug: String,
    agreed_from: String,
    status: String,
    topic: String,
    clause: String,
    effective_on: String,
    note: String,
}

/// The actor that the change log names for the updates.
const ACTOR: &str = "By hand";

/// The assessment fields whose values the change log can contain.
struct Assessed {
    id: String,
    status: String,
    effective_on: String,
    momentum: String,
    confidence: String,
    note: String,
}

/// The words of a note as the search index stores them. The rules are simplified, but sufficient for this bench.
fn note_words(note: &str) -> String {
    let words =
        note.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    let words: BTreeMap<String, &str> =
        words.rev().map(|word| (word.to_lowercase(), word)).collect();
    let entries = words.into_iter().map(|(word, spelling)| {
        if word.chars().count() < 3 || !word.chars().all(char::is_alphabetic) {
            return serde_json::json!([word]);
        }
        // The search uses the reversed word to find misspelt words.
        let reversed: String = word.chars().rev().collect();
        serde_json::json!([word, reversed, spelling])
    });
    serde_json::Value::Array(entries.collect()).to_string()
}

/// A value in the change log.
struct ChangedValue<'a> {
    is_after: bool,
    place: i32,
    path: &'static str,
    kind: &'static str,
    refers_to: Option<&'static str>,
    value: std::borrow::Cow<'a, str>,
}

impl Assessed {
    fn values(&self) -> [(&'static str, &'static str, std::borrow::Cow<'_, str>); 6] {
        [
            ("assessment", "reference", (&self.id).into()),
            ("status", "choice", self.status.to_ascii_uppercase().into()),
            ("effective_on", "date", (&self.effective_on).into()),
            ("momentum", "choice", self.momentum.to_ascii_uppercase().into()),
            ("confidence", "choice", self.confidence.to_ascii_uppercase().into()),
            ("note", "text", (&self.note).into()),
        ]
    }

    /// The values that differ from the values of `other`.
    fn changed<'a>(&'a self, other: Option<&Self>, is_after: bool) -> Vec<ChangedValue<'a>> {
        let others = other.map(Self::values);
        let values = self.values().into_iter().enumerate().filter(|(index, value)| {
            others.as_ref().and_then(|others| others.get(*index)) != Some(value)
        });
        (1..)
            .zip(values)
            .map(|(place, (_, (path, kind, value)))| {
                let refers_to = (kind == "reference").then_some("clause_assessment");
                ChangedValue { is_after, place, path, kind, refers_to, value }
            })
            .collect()
    }
}

/// The values that the change log stores for a change.
fn changed_values<'a>(before: Option<&'a Assessed>, after: &'a Assessed) -> Vec<ChangedValue<'a>> {
    let mut values = before.map(|before| before.changed(Some(after), false)).unwrap_or_default();
    values.extend(after.changed(before, true));
    values
}

/// The values as a JSON string, in the format of the change log.
fn changed_text(values: &[ChangedValue<'_>]) -> String {
    let list = |is_after: bool| {
        let values = values
            .iter()
            .filter(|value| value.is_after == is_after)
            .map(|value| serde_json::json!([value.path, value.kind, value.refers_to, value.value]));
        values.collect::<serde_json::Value>()
    };
    // A constraint of the database requires `before` to come first.
    format!(r#"{{"before":{},"after":{}}}"#, list(false), list(true))
}

/// The response to an update.
fn updated(parameters: &Parameters) -> Vec<u8> {
    let mut out = br#"{"data":{"updateClauseStatus":{"clause":{"status":"#.to_vec();
    json::text(&mut out, &parameters.status);
    out.extend_from_slice(br#","statusSince":"#);
    json::text(&mut out, &parameters.effective_on);
    out.extend_from_slice(br#"},"userErrors":[]}}}"#);
    out
}

/// Serves the queries on the database at `database_url` until the process is killed.
///
/// # Errors
/// If the database cannot be opened, or no port is free.
pub fn serve(database_url: &str) -> anyhow::Result<()> {
    let url = database_url.to_owned();
    actix_web::rt::System::new().block_on(async move {
        match url.strip_prefix("sqlite:") {
            Some(path) => serve_sqlite(path.to_owned()).await,
            None => serve_postgres(url).await,
        }
    })
}

async fn serve_sqlite(path: String) -> anyhow::Result<()> {
    // The writers in this process wait for each other, as they do in Clausewatch.
    let writer = web::Data::new(sqlite::Writer::open(&path)?);
    let server = HttpServer::new(move || {
        let path = path.clone();
        let reader = move || {
            let path = path.clone();
            async move { sqlite::Reader::open(&path) }
        };
        App::new()
            .app_data(writer.clone())
            .data_factory(reader)
            .route("/{name}", web::post().to(ask_sqlite))
    });
    let server = server.workers(process::workers()).disable_signals();
    Ok(server.listen(process::listen()?)?.run().await?)
}

async fn serve_postgres(url: String) -> anyhow::Result<()> {
    let server = HttpServer::new(move || {
        let url = url.clone();
        let connections = move || {
            let url = url.clone();
            async move { postgres::Connections::open(&url).await }
        };
        App::new().data_factory(connections).route("/{name}", web::post().to(ask_postgres))
    });
    let server = server.workers(process::workers()).disable_signals();
    Ok(server.listen(process::listen()?)?.run().await?)
}

async fn ask_sqlite(
    name: web::Path<String>,
    parameters: web::Json<Parameters>,
    reader: web::Data<sqlite::Reader>,
    writer: web::Data<sqlite::Writer>,
) -> actix_web::Result<HttpResponse> {
    let answer = match name.as_str() {
        "update" => writer.update(&parameters),
        name => reader.answer(name, &parameters),
    };
    respond(answer)
}

async fn ask_postgres(
    name: web::Path<String>,
    parameters: web::Json<Parameters>,
    connections: web::Data<postgres::Connections>,
) -> actix_web::Result<HttpResponse> {
    respond(connections.answer(&name, &parameters).await)
}

fn respond(answer: anyhow::Result<Vec<u8>>) -> actix_web::Result<HttpResponse> {
    let body =
        answer.map_err(|error| actix_web::error::ErrorInternalServerError(format!("{error:#}")))?;
    Ok(HttpResponse::Ok().content_type("application/json").body(body))
}
