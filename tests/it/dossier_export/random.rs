//! Random dossiers with every kind of record and field.

use std::fmt::Write;

use crate::differential::random::Random;

const WORDS: [&str; 12] = [
    "peace",
    "Ceasefire",
    "“quoted”",
    "it's",
    "a \"b\"",
    "back\\slash",
    "Україна",
    "line\nbreak",
    "# no comment",
    "[[x]]",
    "'''",
    "ü",
];
const DAYS: [&str; 4] = ["2016-02-29", "2017-01-31", "2018-12-01", "2019-06-15"];
const DATES: [&str; 7] = [
    "2016-02-29",
    "2017-01-31",
    "\"2018-05\"",
    "\"2018\"",
    "\"2019-03~\"",
    "\"2019-02-01/2019-02-14\"",
    "2020-01-01",
];

/// The number of records of each kind.
const COUNT: usize = 4;

/// A random dossier. The same seed always returns the same dossier.
pub fn dossier(seed: u64) -> String {
    let mut generator = Generator { random: Random::new(seed), text: String::new() };
    generator.shared();
    generator.agreements();
    generator.proposals();
    generator.events();
    generator.readings();
    generator.text
}

struct Generator {
    random: Random,
    text: String,
}

impl Generator {
    fn line(&mut self, line: &str) {
        writeln!(self.text, "{line}").expect("strings can be written to");
    }

    /// Writes a field with a probability of one half.
    fn optional(&mut self, line: &str) {
        if self.random.chance(50) {
            self.line(line);
        }
    }

    /// A quoted string. Names contain no line breaks.
    fn words(&mut self, is_name: bool) -> String {
        let count = 1 + self.random.below(4);
        let words: Vec<&str> = (0..count).map(|_| *self.random.pick(&WORDS)).collect();
        let text = words.join(" ");
        let text = if is_name { text.replace('\n', " ") } else { text };
        let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        format!("\"{escaped}\"")
    }

    fn name(&mut self) -> String {
        self.words(true)
    }

    fn prose(&mut self) -> String {
        self.words(false)
    }

    /// The name of a random record of a kind.
    fn one(&mut self, kind: &str) -> String {
        format!("\"{kind}-{}\"", self.random.below(COUNT))
    }

    /// The names of some records of a kind, in random order.
    fn some_names(&mut self, kind: &str) -> String {
        let mut numbers: Vec<usize> = (0..COUNT).collect();
        self.random.shuffle(&mut numbers);
        numbers.truncate(self.random.below(3));
        let names: Vec<String> =
            numbers.iter().map(|number| format!("\"{kind}-{number}\"")).collect();
        format!("[{}]", names.join(", "))
    }

    fn aliases(&mut self) {
        if self.random.chance(30) {
            self.line("aliases = [\"Other name\", \"Інша назва\"]");
        }
    }

    fn external_ids(&mut self) {
        if self.random.chance(30) {
            self.line("external_ids = [{ scheme = \"PA-X\", value = \"12\" }, { scheme = \"UN\", value = \"S/1\" }]");
        }
    }

    /// Random fields that many inline tables can have. Each field starts with a comma.
    fn part(&mut self) -> String {
        let mut part = String::new();
        if self.random.chance(30) {
            let party = self.one("party");
            write!(part, ", held_by = {party}").expect("strings can be written to");
        }
        if self.random.chance(30) {
            let (source, locator) = (self.one("source"), self.name());
            write!(part, ", source = {source}, source_locator = {locator}")
                .expect("strings can be written to");
        }
        if self.random.chance(30) {
            let note = self.prose();
            write!(part, ", confidence = \"LOW\", note = {note}")
                .expect("strings can be written to");
        }
        part
    }

    fn provenance(&mut self) {
        if self.random.chance(40) {
            let (source, locator) = (self.one("source"), self.name());
            self.line(&format!("source = {source}"));
            self.optional(&format!("source_locator = {locator}"));
        }
        let note = self.prose();
        self.optional("confidence = \"HIGH\"");
        self.optional(&format!("note = {note}"));
    }

    fn citations(&mut self, field: &str) {
        if self.random.chance(50) {
            let locator = self.name();
            self.line(&format!(
                "{field} = [\"source-0\", {{ source = \"source-1\", locator = {locator}, quotation = \"Said.\", accessed_on = 2020-01-01 }}]"
            ));
        } else {
            self.optional(&format!("{field} = []"));
        }
    }

    fn shared(&mut self) {
        for number in 0..COUNT {
            let (name, description) = (self.name(), self.prose());
            self.line(&format!("[[topic]]\nslug = \"topic-{number}\"\nname = {name}"));
            self.optional(&format!("description = {description}"));
            if number > 0 {
                self.optional("parent = \"topic-0\"");
            }
            self.external_ids();
            let (name, short) = (self.name(), self.name());
            self.line(&format!(
                "[[party]]\nslug = \"party-{number}\"\nname = {name}\nshort_name = {short}"
            ));
            self.aliases();
            let kind = if number == 3 { "PERSON" } else { "STATE" };
            self.line(&format!("kind = \"{kind}\""));
            if number == 3 {
                self.optional("represents = \"party-1\"");
            }
            let (title, publisher) = (self.name(), self.name());
            self.line(&format!(
                "[[source]]\nslug = \"source-{number}\"\ntitle = {title}\nkind = \"PRESS\""
            ));
            self.optional(&format!("publisher = {publisher}"));
            self.optional(&format!("url = \"https://example.org/{number}?a=b&c='d'\""));
            self.optional("archived_url = \"https://example.org/archive\"");
            self.optional("published_on = 2015-01-01");
            self.optional("language = \"sr-Latn\"");
            self.external_ids();
        }
    }

    fn agreements(&mut self) {
        for number in 0..COUNT {
            let (title, short, adoption, summary) =
                (self.name(), self.name(), self.prose(), self.prose());
            self.line(&format!(
                "[[agreement]]\nslug = \"treaty-{number}\"\ntitle = {title}\nshort_title = {short}\nkind = \"TREATY\"\n\
                 adoption = {adoption}\nagreed_on = 2015-02-12\nsummary = {summary}"
            ));
            self.aliases();
            self.provenance();
            self.optional("place = \"Minsk\"");
            self.optional("covered_from = 2015-02-12");
            self.optional("covered_to = 2022-02-24");
            self.optional("not_covered = \"Maps.\"");
            if number > 0 {
                self.optional("relations = [{ kind = \"AMENDS\", agreement = \"treaty-0\" }, { kind = \"EXTENDS\", agreement = \"treaty-0\" }]");
            }
            self.external_ids();
            self.optional("topic_treatments = [{ scheme = \"PA-X\", code = \"HrGen\", extent = 3 }, { scheme = \"PA-X\", code = \"Ce\", extent = 1 }]");
            for party in 0..self.random.below(3) {
                let role = *self.random.pick(&["SIGNATORY", "GUARANTOR"]);
                self.line(&format!(
                    "[[agreement.party]]\nparty = \"party-{party}\"\nrole = \"{role}\""
                ));
                self.optional("capacity = \"Host\"");
                self.optional("held_by = \"party-2\"");
                self.provenance();
            }
            if self.random.chance(50) {
                self.line("[[agreement.ending]]\nended_on = 2021-01-01\nkind = \"EXPIRED\"");
                self.provenance();
            }
            for clause in 0..COUNT {
                self.clause(number, clause);
            }
        }
    }

    fn clause(&mut self, agreement: usize, number: usize) {
        let (heading, summary, text) = (self.name(), self.prose(), self.prose());
        let topic = self.one("topic");
        self.line(&format!(
            "[[agreement.clause]]\nnumber = \"{number}.a\"\nheading = {heading}\nsummary = {summary}\ntopic = {topic}"
        ));
        let nature = *self.random.pick(&["ONE_OFF", "CONTINUING"]);
        self.line(&format!("nature = \"{nature}\""));
        if number > 0 {
            self.optional("parent = \"0.a\"");
        }
        self.optional(&format!("text = {text}"));
        self.aliases();
        self.optional("weight = 7");
        self.provenance();
        if self.random.chance(50) {
            let (first, second) = (self.part(), self.part());
            self.line(&format!(
                "obligations = [{{ party = \"party-0\", role = \"OBLIGED\"{first} }}, {{ party = \"party-1\", role = \"MONITOR\"{second} }}]"
            ));
        }
        if self.random.chance(50) {
            let basis = *self.random.pick(&[
                "",
                ", due_on = 2015-03-14",
                ", end_of = { period = \"YEAR\", containing = 2015-06-01 }",
                ", after = { days = 30, event = \"event-1\" }",
            ]);
            let (part, rule) = (self.part(), self.prose());
            let mut deadlines =
                format!("{{ rule = {rule}, key = \"first\", phase = \"START\"{basis}{part} }}");
            if self.random.chance(50) {
                deadlines
                    .push_str(", { rule = \"Then\", after = { days = 0, deadline = \"#first\" } }");
            }
            if agreement > 0 && self.random.chance(50) {
                deadlines.push_str(", { rule = \"When done\", after = { days = 1, completion = \"treaty-0/1.a\" } }");
            }
            self.line(&format!("deadlines = [{deadlines}]"));
        }
        if self.random.chance(30) {
            let text = self.prose();
            self.line(&format!("criteria = [{{ status = \"COMPLETE\", text = {text} }}, {{ status = \"BREACHED\", text = \"Shots.\" }}]"));
        }
        self.external_ids();
    }

    fn proposals(&mut self) {
        for number in 0..COUNT {
            let (title, summary) = (self.name(), self.prose());
            let (by, to, agreements) =
                (self.one("party"), self.some_names("party"), self.some_names("treaty"));
            self.line(&format!(
                "[[proposal]]\nslug = \"offer-{number}\"\ntitle = {title}\nsummary = {summary}\nstanding = \"OFFICIAL\"\n\
                 made_on = 2016-01-26\nproposed_by = [{by}]\naddressed_to = {to}\nagreements = {agreements}"
            ));
            self.aliases();
            self.optional("is_package = true");
            if number > 0 {
                self.optional("responds_to = \"offer-0\"");
            }
            self.provenance();
            self.external_ids();
            for caveat in 0..COUNT {
                let (heading, summary, text, topic) =
                    (self.name(), self.prose(), self.prose(), self.one("topic"));
                let (by, to) = (self.some_names("party"), self.some_names("party"));
                let kind = *self.random.pick(&["OFFER", "DEMAND", "CONSEQUENCE"]);
                self.line(&format!(
                    "[[proposal.caveat]]\nnumber = \"C-{caveat}\"\nkind = \"{kind}\"\nheading = {heading}\nsummary = {summary}\n\
                     topic = {topic}\nowed_by = {by}\nowed_to = {to}"
                ));
                self.optional(&format!("text = {text}"));
                if caveat > 0 {
                    self.optional(&format!("in_exchange_for = [\"offer-{number}/C-0\"]"));
                }
                if number > 0 {
                    self.optional("answers = [\"offer-0/C-3\", \"offer-0/C-1\"]");
                }
                let note = self.prose();
                self.optional(&format!(
                    "clause_links = [{{ clause = \"treaty-1/2.a\", kind = \"OVERLAPS\", note = {note} }}, {{ clause = \"treaty-0/0.a\", kind = \"CONFLICTS\" }}]"
                ));
                self.provenance();
                self.external_ids();
            }
        }
    }

    fn events(&mut self) {
        for number in 0..COUNT {
            let (title, summary, date) = (self.name(), self.prose(), *self.random.pick(&DATES));
            let actors = self.some_names("party");
            self.line(&format!(
                "[[event]]\nslug = \"event-{number}\"\nhappened_on = {date}\nkind = \"VOTE\"\ntitle = {title}\nsummary = {summary}\n\
                 actors = {actors}\nconcerns = [\"treaty-{number}/1.a\", \"offer-0\", \"offer-1/C-2\"]"
            ));
            if date == DATES[0] {
                self.optional("ended_on = 2016-03-04");
            }
            self.aliases();
            self.optional("place = \"Paris\"");
            self.optional("confidence = \"LOW\"");
            self.citations("sources");
            self.external_ids();
            self.assessment("event.assessment", &format!("treaty-{number}/0.a"), "PARTIAL", false);
            self.assessment("event.assessment", "offer-0", "TABLED", false);
            if self.random.chance(50) {
                self.line("effective_on = 2021-02-03");
            }
        }
        for number in 0..COUNT {
            self.assessment("assessment", &format!("treaty-{number}/2.a"), "BREACHED", true);
            self.optional("breached_by = [\"party-1\", \"party-0\"]");
            self.assessment("assessment", &format!("offer-{number}/C-1"), "ACCEPTED", true);
        }
    }

    /// Writes an assessment. No two assessments have the same subject, holder and day.
    fn assessment(&mut self, block: &str, of: &str, status: &str, has_date: bool) {
        let note = self.prose();
        self.line(&format!("[[{block}]]\nof = \"{of}\"\nstatus = \"{status}\"\nnote = {note}"));
        if has_date {
            let date = if self.random.chance(50) {
                *self.random.pick(&DATES)
            } else {
                *self.random.pick(&DAYS)
            };
            self.line(&format!("effective_on = {date}"));
            let party = self.one("party");
            self.optional(&format!("held_by = {party}"));
        } else {
            // The holder depends on the number of previous assessments, so it differs for each assessment of a subject.
            let count = self.text.matches("[[event.assessment]]").count();
            let holders = ["party-0", "party-1", "party-2", "party-3"];
            self.line(&format!("held_by = \"{}\"", holders[(count / 2) % 4]));
        }
        self.optional("momentum = \"STALLED\"");
        self.optional("confidence = \"HIGH\"");
        self.citations("evidence");
    }

    fn readings(&mut self) {
        for number in 1..COUNT {
            let kind = *self.random.pick(&["BEFORE_START", "BEFORE_FINISH", "BEFORE_EFFECT"]);
            self.line(&format!(
                "[[precondition]]\nkind = \"{kind}\"\nstep = \"treaty-0/{number}.a\"\nrequires = \"treaty-0/{}.a\"",
                number - 1
            ));
            self.optional("needs = \"BEGUN\"");
            self.optional("held_by = \"party-0\"");
            self.provenance();
            let (term, meaning, party) = (self.name(), self.prose(), self.one("party"));
            self.line(&format!(
                "[[interpretation]]\nof = \"offer-1/C-{number}\"\nmeaning = {meaning}\nheld_by = {party}\nstated_on = 2018-01-0{number}"
            ));
            self.optional(&format!("term = {term}"));
            self.provenance();
        }
    }
}
