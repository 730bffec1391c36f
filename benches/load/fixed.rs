//! A server that reads the request and returns bytes that it loaded when it started. Its cost is the minimum for a
//! response with the HTTP server library that Clausewatch uses.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use actix_web::{App, HttpResponse, HttpServer, web};

use super::process;

/// Serves the content of each file in the folder `answers` at `/NAME`, until the process is killed.
///
/// # Errors
/// If a file cannot be read, or no port is free.
pub fn serve(answers: &Path) -> anyhow::Result<()> {
    let mut bodies = HashMap::new();
    for entry in fs::read_dir(answers)? {
        let entry = entry?;
        let body = web::Bytes::from(fs::read(entry.path())?);
        bodies.insert(entry.file_name().to_string_lossy().into_owned(), body);
    }
    let bodies = web::Data::new(bodies);
    actix_web::rt::System::new().block_on(async move {
        let server = HttpServer::new(move || {
            App::new().app_data(bodies.clone()).route("/{name}", web::post().to(answer))
        });
        let server = server.workers(process::workers()).disable_signals();
        Ok(server.listen(process::listen()?)?.run().await?)
    })
}

async fn answer(
    name: web::Path<String>,
    bodies: web::Data<HashMap<String, web::Bytes>>,
    _request: web::Bytes,
) -> HttpResponse {
    match bodies.get(name.as_str()) {
        Some(body) => HttpResponse::Ok().content_type("application/json").body(body.clone()),
        None => HttpResponse::NotFound().finish(),
    }
}
