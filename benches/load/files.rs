//! The rates and the peak memory of exports over HTTP, and of the commands that read and write files.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

use super::accounting::Processes;
use super::data::{AGREEMENTS, ASSESSMENTS, CLAUSES, agreement_slug};
use super::process;

/// The measured exports: the longest list in each format, and the list of clauses. For each clause, the server also
/// computes whether it is overdue today.
const EXPORTS: [&str; 5] = [
    "assessments.csv",
    "assessments.ndjson",
    "assessments.json",
    "assessments.xlsx",
    "clauses.csv",
];

/// The pause between two measurements of a command's memory. The kernel reports the peak so far, so only growth after
/// the last measurement can be missed.
const PAUSE: Duration = Duration::from_millis(5);

/// The figures of an export or a command.
pub struct Outcome {
    /// The path of the export, or the command.
    pub name: String,
    /// The number of rows, records or log entries.
    pub rows: usize,
    /// The size of the file in bytes.
    pub bytes: u64,
    /// The elapsed time.
    pub elapsed: Duration,
    /// The peak memory of the process, in bytes.
    pub peak: u64,
}

/// Downloads the exports from a server.
///
/// # Errors
/// If a response is not successful.
pub fn exports(server: &process::Process, processes: &Processes) -> anyhow::Result<Vec<Outcome>> {
    let mut outcomes: Vec<Outcome> = Vec::new();
    for name in EXPORTS {
        processes.reset_peak();
        let began = Instant::now();
        let (lines, bytes) = download(server, name)?;
        let elapsed = began.elapsed();
        // The header of a CSV file is not a row. Other formats have the same rows as the CSV file of the list.
        let list = name.split('.').next().unwrap_or_default();
        let csv = outcomes.iter().find(|outcome| outcome.name.ends_with(&format!("{list}.csv")));
        let rows = csv.map_or(lines.saturating_sub(1), |csv| csv.rows);
        let name = format!("/export/{name}");
        outcomes.push(Outcome { name, rows, bytes, elapsed, peak: processes.peak()? });
    }
    Ok(outcomes)
}

/// Runs the commands that read and write files, with the database at `url` and the empty database at `empty`.
///
/// # Errors
/// If a command fails.
pub fn commands(url: &str, empty: &str, folder: &Path, size: u32) -> anyhow::Result<Vec<Outcome>> {
    let records = usize::try_from(size * AGREEMENTS * CLAUSES * ASSESSMENTS)?;
    let path = |name: &str| folder.join(name).display().to_string();
    let (dump, dossiers, sheet) = (path("files.jsonl"), path("files"), path("files.csv"));
    let rows = write_sheet(Path::new(&sheet))?;
    let mut outcomes = Vec::new();
    for (arguments, database, rows, file) in [
        (vec!["dump", &dump], url, records, &dump),
        (vec!["export", &dossiers], url, records, &dossiers),
        (vec!["load", &dump], empty, records, &dump),
        (vec!["record", &sheet, "--dry-run"], empty, rows, &sheet),
        (vec!["record", &sheet], empty, rows, &sheet),
        (vec!["import", "--dry-run", &dossiers], empty, records, &dossiers),
    ] {
        let began = Instant::now();
        let peak = run(&arguments, database)?;
        let name = arguments.iter().filter(|argument| !argument.contains('/')).copied();
        let name = name.collect::<Vec<_>>().join(" ");
        let elapsed = began.elapsed();
        outcomes.push(Outcome { name, rows, bytes: size_of(Path::new(file))?, elapsed, peak });
    }
    fs::remove_file(dump)?;
    fs::remove_dir_all(dossiers)?;
    Ok(outcomes)
}

/// Runs a command, and returns the peak of its resident memory in bytes.
fn run(arguments: &[&str], database: &str) -> anyhow::Result<u64> {
    let mut command = process::program();
    command.args(arguments).args(["--database-url", database]).env_remove("DATABASE_URL");
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn()?;
    let processes = Processes { server: child.id(), postgres: None };
    let mut peak = 0;
    loop {
        // If the command has ended, the kernel reports no peak, so the previous one is kept.
        peak = processes.peak().map_or(peak, |now| now.max(peak));
        if let Some(status) = child.try_wait()? {
            ensure!(status.success(), "{command:?} ended with {status}");
            return Ok(peak);
        }
        thread::sleep(PAUSE);
    }
}

/// Writes a sheet with 125 assessments for each of four clauses per agreement, on days without other assessments. The
/// sheet has 100,000 rows, which is the limit of the command. Returns the number of rows.
fn write_sheet(path: &Path) -> anyhow::Result<usize> {
    let mut file = std::io::BufWriter::new(fs::File::create(path)?);
    writeln!(file, "reference,status,date,note")?;
    let mut rows = 0;
    for agreement in 0..AGREEMENTS {
        for day in 0..125 {
            for clause in 1..=4 {
                let (month, day) = (1 + day / 28, 1 + day % 28);
                let slug = agreement_slug(agreement);
                writeln!(file, "{slug}/{clause},PARTIAL,2024-{month:02}-{day:02},Row {rows}.")?;
                rows += 1;
            }
        }
    }
    file.flush()?;
    Ok(rows)
}

/// The size of a file, or of the files in a folder.
fn size_of(path: &Path) -> anyhow::Result<u64> {
    if path.is_file() {
        return Ok(fs::metadata(path)?.len());
    }
    let mut bytes = 0;
    for entry in fs::read_dir(path)? {
        bytes += size_of(&entry?.path())?;
    }
    Ok(bytes)
}

/// The numbers of lines and bytes of an export.
fn download(server: &process::Process, name: &str) -> anyhow::Result<(usize, u64)> {
    let mut stream = TcpStream::connect(server.address)?;
    let request =
        format!("GET /export/{name} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut reader = BufReader::new(stream);
    let mut status = String::new();
    reader.read_line(&mut status)?;
    ensure!(status.starts_with("HTTP/1.1 200"), "/export/{name}: {status}");
    let mut line = String::new();
    let mut length = None;
    while reader.read_line(&mut line)? > 2 {
        let header = line.split_once(':');
        if let Some((_, value)) =
            header.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        {
            length = Some(value.trim().parse::<u64>()?);
        }
        line.clear();
    }
    let length = length.context("the export has no length")?;
    let (mut lines, mut bytes, mut buffer) = (0, 0, vec![0; 65_536]);
    loop {
        let read = reader.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        let part = buffer.get(..read).unwrap_or_default();
        lines += part.split(|byte| *byte == b'\n').count() - 1;
        bytes += u64::try_from(read)?;
    }
    ensure!(bytes == length, "/export/{name} ended after {bytes} of {length} bytes");
    Ok((lines, bytes))
}
