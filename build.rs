//! Builds the pages of `web/` into `$OUT_DIR/web`, from where `src/http/assets.rs` embeds them.
//!
//! Nothing is written outside `OUT_DIR`: `web/` is copied there and built by npm and Vite. Without
//! the feature `ui`, nothing is built. If `CLAUSEWATCH_WEB_DIST` is set to a folder, the pages in
//! that folder are embedded, for packaging without Node.js or network.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::{env, fs, io};

const NODE_NEEDED: &str = "Node.js 20.19 or a later version 20, or 22.12 or later";
const PREBUILT: &str = "CLAUSEWATCH_WEB_DIST";
const NEEDED: [&str; 5] =
    ["index.html", "graphiql.html", "pages.json", "labels.json", "documents.json"];

/// The schema of the API. The build checks the operations of the web app against it.
const SCHEMA: &str = "schema.graphql";

/// Entries of `web/` that are not sources. They are created during development.
const NOT_SOURCES: [&str; 2] = ["node_modules", "dist"];

/// The lock file of the installed packages. npm deletes it together with them.
const INSTALLED_LOCK: &str = "node_modules/.installed-package-lock.json";

#[expect(clippy::print_stderr, reason = "how a build script reports errors")]
fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=build.rs");
    // The sample dossiers are embedded, too.
    println!("cargo::rerun-if-changed=data");
    println!("cargo::rerun-if-env-changed={PREBUILT}");
    if env::var_os("CARGO_FEATURE_UI").is_none() {
        return ExitCode::SUCCESS;
    }
    match embed() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!(
                "The web pages (feature `ui`) could not be built: {message}\n\n\
                 Building them requires {NODE_NEEDED},\n\
                 with npm, and access to the npm registry. Otherwise, either\n\
                 - set {PREBUILT} to a folder that contains them (web/dist after\n\
                 \x20 `npm ci && npm run build` in web/), or\n\
                 - omit them with `--no-default-features`."
            );
            ExitCode::FAILURE
        }
    }
}

fn embed() -> Result<(), String> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or("no CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("no OUT_DIR")?);
    let embedded = out.join("web");
    clear(&embedded, &[]).map_err(at(&embedded))?;
    if is_clippy() {
        return Ok(());
    }
    let built = if let Some(prebuilt) = env::var_os(PREBUILT) {
        let prebuilt = root.join(prebuilt);
        println!("cargo::rerun-if-changed={}", prebuilt.display());
        prebuilt
    } else {
        // The sources expect the schema next to their folder.
        let schema = out.join(SCHEMA);
        println!("cargo::rerun-if-changed={SCHEMA}");
        fs::copy(root.join(SCHEMA), &schema).map_err(at(Path::new(SCHEMA)))?;
        build_web(&root.join("web"), &out.join("web-src"), &schema)?
    };
    for file in NEEDED {
        if !built.join(file).is_file() {
            return Err(format!("{} contains no {file}.", built.display()));
        }
    }
    copy(&built, &embedded, &[])?;
    Ok(())
}

/// Whether Clippy runs this script. Clippy has a separate `OUT_DIR`, and no program is built with
/// it, so an empty folder is enough.
fn is_clippy() -> bool {
    const WRAPPER: &str = "RUSTC_WORKSPACE_WRAPPER";
    println!("cargo::rerun-if-env-changed={WRAPPER}");
    env::var(WRAPPER).is_ok_and(|wrapper| wrapper.contains("clippy-driver"))
}

/// Builds a copy of the sources and returns the output folder. Reuses the output of unchanged
/// sources, because Cargo also runs this script when a dossier changes.
fn build_web(sources: &Path, copied: &Path, schema: &Path) -> Result<PathBuf, String> {
    watch(sources).map_err(at(sources))?;
    clear(copied, &NOT_SOURCES).map_err(at(copied))?;
    let mut files = copy(sources, copied, &NOT_SOURCES)?;
    files.push(schema.to_owned());
    let dist = copied.join("dist");
    let stamp = copied.with_extension("stamp");
    let wanted = stamp_of(&files)?;
    if fs::read_to_string(&stamp).is_ok_and(|it| it == wanted) {
        return Ok(dist);
    }
    // The stamp is empty until the build has succeeded, so an interrupted build is repeated.
    fs::write(&stamp, "").map_err(at(&stamp))?;
    check_node()?;
    install(copied)?;
    let mut vite = Command::new("node");
    run(vite.args(["node_modules/vite/bin/vite.js", "build"]).current_dir(copied))?;
    fs::write(&stamp, wanted).map_err(at(&stamp))?;
    Ok(dist)
}

/// A hash of the inputs of the pages: the names and contents of `files`, and this script.
fn stamp_of(files: &[PathBuf]) -> Result<String, String> {
    let mut hasher = DefaultHasher::new();
    include_str!("build.rs").hash(&mut hasher);
    for file in files {
        file.hash(&mut hasher);
        fs::read(file).map_err(at(file))?.hash(&mut hasher);
    }
    Ok(hasher.finish().to_string())
}

/// Makes Cargo watch each source, because watching the folder would include `node_modules`.
fn watch(sources: &Path) -> io::Result<()> {
    for entry in fs::read_dir(sources)? {
        let entry = entry?;
        if !NOT_SOURCES.iter().any(|name| entry.file_name() == *name) {
            println!("cargo::rerun-if-changed={}", entry.path().display());
        }
    }
    Ok(())
}

fn check_node() -> Result<(), String> {
    let printed = run(Command::new("node").arg("--version"))?;
    let mut numbers = printed.trim().trim_start_matches('v').split('.').map(str::parse::<u32>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(20)), Some(Ok(19..))) | (Some(Ok(22)), Some(Ok(12..))) | (Some(Ok(23..)), _) => {
            Ok(())
        }
        _ => Err(format!("Node.js {} cannot run Vite.", printed.trim())),
    }
}

/// Installs the packages of the lock file that the build needs. Their scripts do not run.
fn install(copied: &Path) -> Result<(), String> {
    let lock = copied.join("package-lock.json");
    let wanted = fs::read(&lock).map_err(at(&lock))?;
    let installed = copied.join(INSTALLED_LOCK);
    if fs::read(&installed).is_ok_and(|lock| lock == wanted) {
        return Ok(());
    }
    let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.args(["ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"]);
    run(npm.current_dir(copied))?;
    fs::write(&installed, wanted).map_err(at(&installed))
}

/// Runs a program and returns what it printed.
fn run(command: &mut Command) -> Result<String, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    // With another value of `NODE_ENV`, the build would contain the slow variant of React.
    let output =
        command.env("NODE_ENV", "production").output().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => format!("there is no `{name}` on the PATH."),
            _ => format!("`{name}` does not start: {error}."),
        })?;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(printed);
    }
    let complaint = String::from_utf8_lossy(&output.stderr);
    Err(format!("{command:?} failed ({}):\n{printed}{complaint}", output.status))
}

/// Empties `folder`, but keeps the entries named in `staying`.
fn clear(folder: &Path, staying: &[&str]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if staying.iter().any(|name| entry.file_name() == *name) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
        } else {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Copies a folder, and returns the new files, sorted by name.
fn copy(from: &Path, to: &Path, left_out: &[&str]) -> Result<Vec<PathBuf>, String> {
    let mut made = Vec::new();
    fs::create_dir_all(to).map_err(at(to))?;
    for entry in fs::read_dir(from).map_err(at(from))? {
        let entry = entry.map_err(at(from))?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        // Generated files are not copied: the build generates them again.
        let is_made = entry.file_name().to_string_lossy().ends_with(".gen.ts");
        if is_made || left_out.iter().any(|name| entry.file_name() == *name) {
            continue;
        }
        if source.is_dir() {
            made.append(&mut copy(&source, &target, &[])?);
        } else {
            fs::copy(&source, &target).map_err(at(&source))?;
            made.push(target);
        }
    }
    made.sort();
    Ok(made)
}

fn at(path: &Path) -> impl Fn(io::Error) -> String {
    move |error| format!("{}: {error}.", path.display())
}
