//! The data set: dossiers of fictional agreements, identical in every run.
//!
//! Each agreement has 20 clauses in four groups of five. In each group, the first clause is the parent of the other
//! four. Each clause except the first requires the previous one. Each clause has ten assessments: eight in the neutral
//! record and two held by a party.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use chrono::{Days, NaiveDate};

/// The number of agreements in the data set at size 1.
pub const AGREEMENTS: u32 = 200;
/// The number of clauses per agreement.
pub const CLAUSES: u32 = 20;
/// The number of assessments per clause.
pub const ASSESSMENTS: u32 = 10;
/// The number of topics.
const TOPICS: u32 = 8;
const PARTIES: u32 = 40;
const SOURCES: u32 = 60;
/// The number of clauses in a group, which consists of a parent and its parts.
const GROUP: u32 = 5;

/// The statuses of the assessments.
pub const STATUSES: [&str; 6] =
    ["NOT_STARTED", "MINIMAL", "PARTIAL", "COMPLETE", "BREACHED", "SUSPENDED"];
const KINDS: [&str; 5] = ["TREATY", "PROTOCOL", "DECLARATION", "MEMORANDUM", "RESOLUTION"];
const PLACES: [&str; 5] = ["Geneva", "Oslo", "São Paulo", "Nairobi", "Sarajevo"];
const MOMENTA: [&str; 4] = ["ADVANCING", "STEADY", "STALLED", "REGRESSING"];
const CONFIDENCES: [&str; 3] = ["LOW", "MEDIUM", "HIGH"];

/// The sentences that the texts consist of. Some contain quotes and non-ASCII letters, so that responses need escaping.
const SENTENCES: [&str; 6] = [
    "The parties withdraw their forces behind the agreed line within thirty days.",
    "Observers report that the “line of contact” is quiet, with few exceptions.",
    "The commission meets each month and publishes what it finds.",
    "One side calls the provision \"suspended\"; the other side denies this.",
    "Détenus and missing persons are exchanged all for all.",
    "Elections are held under the law that both sides have agreed.",
];

/// Pseudo-random numbers (SplitMix64). The same seed gives the same data on every machine.
struct Random(u64);

impl Random {
    /// A number below `bound`.
    fn below(&mut self, bound: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        u32::try_from(mixed % u64::from(bound.max(1))).unwrap_or_default()
    }

    fn choose<'a>(&mut self, among: &[&'a str]) -> &'a str {
        let index = self.below(u32::try_from(among.len()).unwrap_or(u32::MAX));
        usize::try_from(index).ok().and_then(|index| among.get(index)).copied().unwrap_or_default()
    }

    fn text(&mut self, sentences: u32) -> String {
        let chosen: Vec<&str> = (0..sentences).map(|_| self.choose(&SENTENCES)).collect();
        chosen.join(" ")
    }
}

/// The slug of an agreement.
pub fn agreement_slug(number: u32) -> String {
    format!("agreement-{number:03}")
}

/// The slug of a topic.
pub fn topic_slug(number: u32) -> String {
    format!("topic-{number}")
}

/// The slugs of all topics.
pub fn topics() -> impl Iterator<Item = String> {
    (0..TOPICS).map(topic_slug)
}

/// The date of an agreement, from 1990 to 2009.
pub fn agreed_on(number: u32) -> NaiveDate {
    NaiveDate::default()
        .checked_add_days(Days::new(7_305 + 36 * u64::from(number)))
        .unwrap_or_default()
}

/// Writes the dossiers of `agreements` agreements into a folder: one file for each, and one file for shared records.
///
/// # Errors
/// If a file in the folder cannot be written.
pub fn write_dossiers(folder: &Path, agreements: u32) -> anyhow::Result<()> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join("shared.toml"), shared())?;
    for number in 0..agreements {
        let file = folder.join(format!("{}.toml", agreement_slug(number)));
        fs::write(file, agreement(number)?)?;
    }
    Ok(())
}

/// A TOML string. The escapes of JSON are also valid in TOML.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A dossier with the topics, parties and sources.
fn shared() -> String {
    let mut toml = String::new();
    for (number, slug) in topics().enumerate() {
        let _ = writeln!(toml, "[[topic]]\nslug = \"{slug}\"\nname = \"Topic {number}\"");
    }
    for number in 0..PARTIES {
        let _ = writeln!(
            toml,
            "[[party]]\nslug = \"party-{number}\"\nname = \"Republic {number}\"\nshort_name = \"R{number}\"\nkind = \"STATE\""
        );
    }
    for number in 0..SOURCES {
        let _ = writeln!(
            toml,
            "[[source]]\nslug = \"source-{number}\"\ntitle = \"Report {number}\"\nkind = \"MONITOR_REPORT\"\n\
             url = \"https://reports.example/{number}\"\npublished_on = 2010-01-01"
        );
    }
    toml
}

fn agreement(number: u32) -> anyhow::Result<String> {
    // Each agreement has its own seed, so its content does not depend on the number of agreements.
    let mut random = Random(u64::from(number) + 1);
    let (slug, agreed_on) = (agreement_slug(number), agreed_on(number));
    let first_party = random.below(PARTIES);
    let mut toml = String::new();
    writeln!(
        toml,
        "[[agreement]]\nslug = \"{slug}\"\ntitle = \"Agreement {number} on the Settlement of the Conflict\"\n\
         short_title = \"Agreement {number}\"\nkind = \"{}\"\nadoption = \"Signed by all parties.\"\nagreed_on = {agreed_on}\n\
         place = \"{}\"\nsummary = {}\nsource = \"source-{}\"\nconfidence = \"HIGH\"",
        random.choose(&KINDS),
        random.choose(&PLACES),
        quoted(&random.text(3)),
        random.below(SOURCES),
    )?;
    for (offset, role) in (0..).zip(["SIGNATORY", "SIGNATORY", "GUARANTOR", "MEDIATOR"]) {
        let party = (first_party + offset * 7) % PARTIES;
        writeln!(toml, "[[agreement.party]]\nparty = \"party-{party}\"\nrole = \"{role}\"")?;
    }
    let mut others = String::new();
    let mut before: Option<String> = None;
    for position in 0..CLAUSES {
        let (group, part) = (position / GROUP + 1, position % GROUP);
        let clause = if part == 0 { group.to_string() } else { format!("{group}.{part}") };
        writeln!(toml, "[[agreement.clause]]\nnumber = \"{clause}\"")?;
        if part > 0 {
            writeln!(toml, "parent = \"{group}\"")?;
        }
        writeln!(
            toml,
            "heading = \"Provision {clause} of agreement {number}\"\nsummary = {}\nnature = \"{}\"\ntopic = \"{}\"\n\
             confidence = \"HIGH\"\nobligations = [{{ party = \"party-{first_party}\", role = \"OBLIGED\" }}, \
             {{ party = \"party-{}\", role = \"MONITOR\" }}]",
            quoted(&random.text(2)),
            random.choose(&["ONE_OFF", "CONTINUING"]),
            topic_slug(random.below(TOPICS)),
            (first_party + 1 + random.below(PARTIES - 1)) % PARTIES,
        )?;
        let mut day = agreed_on;
        for turn in 0..ASSESSMENTS {
            day = day.checked_add_days(Days::new(20 + u64::from(random.below(100)))).unwrap_or(day);
            writeln!(
                others,
                "[[assessment]]\nof = \"{slug}/{clause}\"\nstatus = \"{}\"\neffective_on = {day}\nmomentum = \"{}\"\n\
                 confidence = \"{}\"\nnote = {}",
                random.choose(&STATUSES),
                random.choose(&MOMENTA),
                random.choose(&CONFIDENCES),
                quoted(&random.text(1)),
            )?;
            if turn % 5 == 3 {
                writeln!(others, "held_by = \"party-{first_party}\"")?;
            }
            if turn % 4 == 0 {
                writeln!(others, "evidence = [\"source-{}\"]", random.below(SOURCES))?;
            }
        }
        if let Some(before) = before.replace(clause.clone()) {
            writeln!(
                others,
                "[[precondition]]\nkind = \"BEFORE_START\"\nstep = \"{slug}/{clause}\"\nrequires = \"{slug}/{before}\""
            )?;
        }
    }
    Ok(toml + &others)
}
