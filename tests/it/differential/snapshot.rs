//! A snapshot of the server's data, read by plain queries. The reference implementation responds from the snapshot.

use std::cmp::Reverse;
use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::schema::{Field, Kind, Schema, base};
use super::vocabulary::{Choice, Vocabulary};
use crate::support::TestApp;

/// The number of records that one query reads.
const RECORDS: usize = 100;

/// Delimiters of a placeholder for an id or a cursor, such as `<<Clause 3>>`. Saved documents are used with other
/// databases, in which ids and cursors differ.
const OPEN: &str = "<<";
const CLOSE: &str = ">>";

pub struct Snapshot {
    entries: Vec<Value>,
    /// The type of each record, keyed by id.
    types: BTreeMap<String, String>,
    /// The ids of the records of each type, in the order of discovery.
    pub records: BTreeMap<String, Vec<String>>,
    /// The cursors of each root list, keyed by its field and the index of its arguments.
    pub cursors: BTreeMap<(String, usize), Vec<String>>,
    /// The ids of records that must still be read.
    queue: VecDeque<String>,
}

/// Reads the names that the generator uses as arguments.
pub fn read_vocabulary(app: &TestApp) -> Vocabulary {
    let query = "{ agreements(first: 200) { nodes { slug clauses(first: 200) { nodes { number } } } } \
                 clauses(first: 200) { nodes { source { url } viewpoints { heldBy { slug } } } } topics { slug } \
                 proposals(first: 200) { nodes { slug } } caveats(first: 200) { nodes { number } } }";
    let data = app.data(query, json!({}));
    let texts = |list: &Value, name: &str| -> Vec<String> {
        let nodes = list.as_array().expect("a list").iter();
        nodes.map(|node| node[name].as_str().expect("a name").to_owned()).collect()
    };
    // Parties with the most assessments come first, because the generated arguments use the first parties of the list.
    let mut holders: BTreeMap<&str, usize> = BTreeMap::new();
    for clause in data["clauses"]["nodes"].as_array().expect("a list") {
        for viewpoint in clause["viewpoints"].as_array().expect("a list") {
            if let Some(slug) = viewpoint["heldBy"]["slug"].as_str() {
                *holders.entry(slug).or_default() += 1;
            }
        }
    }
    let mut holders: Vec<(&str, usize)> = holders.into_iter().collect();
    holders.sort_by_key(|(slug, count)| (Reverse(*count), *slug));
    let agreements = data["agreements"]["nodes"].as_array().expect("a list").iter();
    let clauses = agreements.flat_map(|agreement| {
        let slug = agreement["slug"].as_str().expect("a slug").to_owned();
        let numbers = texts(&agreement["clauses"]["nodes"], "number").into_iter().take(2);
        numbers.map(move |number| (slug.clone(), number))
    });
    let sources = data["clauses"]["nodes"].as_array().expect("a list").iter();
    let mut addresses: Vec<String> =
        sources.filter_map(|clause| clause["source"]["url"].as_str().map(str::to_owned)).collect();
    addresses.dedup();
    Vocabulary {
        addresses,
        clauses: clauses.take(12).collect(),
        agreements: texts(&data["agreements"]["nodes"], "slug"),
        parties: holders.into_iter().map(|(slug, _)| slug.to_owned()).collect(),
        topics: texts(&data["topics"], "slug"),
        proposals: texts(&data["proposals"]["nodes"], "slug"),
        caveats: texts(&data["caveats"]["nodes"], "number"),
    }
}

impl Snapshot {
    /// Reads every value that documents may select.
    pub fn read(app: &TestApp, schema: &Schema, vocabulary: &Vocabulary) -> Self {
        let mut snapshot = Self {
            entries: Vec::new(),
            types: BTreeMap::new(),
            records: BTreeMap::new(),
            cursors: BTreeMap::new(),
            queue: VecDeque::new(),
        };
        for field in &schema.get("Query").fields {
            for (number, choice) in vocabulary.choices("Query", field).iter().enumerate() {
                snapshot.read_root(app, schema, field, number, choice);
            }
        }
        while let Some(first) = snapshot.queue.pop_front() {
            let ty = snapshot.types[&first].clone();
            let mut ids = vec![first];
            let (types, queue) = (&snapshot.types, &mut snapshot.queue);
            queue.retain(|id| {
                let is_taken = ids.len() < RECORDS && types[id] == ty;
                if is_taken {
                    ids.push(id.clone());
                }
                !is_taken
            });
            snapshot.read_records(app, schema, vocabulary, &ty, &ids);
        }
        snapshot
    }

    /// The message that passes the data to the reference implementation.
    pub fn message(&self) -> Value {
        let missing: Vec<String> = self
            .records
            .keys()
            .filter_map(|ty| self.resolve_one(&format!("missing {ty}")))
            .collect();
        json!({ "entries": self.entries, "types": self.types, "missing": missing })
    }

    /// Replaces placeholders with the ids and cursors of this database.
    pub fn resolve(&self, text: &str) -> String {
        let mut resolved = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once(OPEN) {
            resolved.push_str(before);
            let known = after.split_once(CLOSE);
            let known = known.and_then(|(name, after)| Some((self.resolve_one(name)?, after)));
            let (id, after) = known.unwrap_or((OPEN.to_owned(), after));
            resolved.push_str(&id);
            rest = after;
        }
        resolved + rest
    }

    fn resolve_one(&self, name: &str) -> Option<String> {
        let words: Vec<&str> = name.split(' ').collect();
        match words.as_slice() {
            ["missing", ty] => {
                let mut bytes = URL_SAFE_NO_PAD.decode(self.records.get(*ty)?.first()?).ok()?;
                *bytes.last_mut()? ^= 0x55;
                Some(URL_SAFE_NO_PAD.encode(bytes))
            }
            ["cursor", list, choice, number] => {
                let cursors = self.cursors.get(&((*list).to_owned(), choice.parse().ok()?))?;
                cursors.get(number.parse::<usize>().ok()? % cursors.len().max(1)).cloned()
            }
            [ty, number] => {
                let ids = self.records.get(*ty)?;
                ids.get(number.parse::<usize>().ok()? % ids.len()).cloned()
            }
            _ => None,
        }
    }

    fn enter(&mut self, owner: &str, field: &Field, choice: &Choice, value: &Value) {
        self.entries.push(json!({
            "owner": owner, "field": field.name, "arguments": choice.arguments, "value": value, "fails": choice.fails,
        }));
        self.discover(value);
    }

    /// Queues the records in a value that have not been read yet.
    fn discover(&mut self, value: &Value) {
        match value {
            Value::Object(object) => {
                if let (Some(Value::String(ty)), Some(Value::String(id))) =
                    (object.get("__typename"), object.get("id"))
                    && self.types.insert(id.clone(), ty.clone()).is_none()
                {
                    self.records.entry(ty.clone()).or_default().push(id.clone());
                    self.queue.push_back(id.clone());
                }
                object.values().for_each(|value| self.discover(value));
            }
            Value::Array(items) => items.iter().for_each(|item| self.discover(item)),
            _ => {}
        }
    }

    fn read_root(
        &mut self,
        app: &TestApp,
        schema: &Schema,
        field: &Field,
        number: usize,
        choice: &Choice,
    ) {
        if choice.fails {
            return self.enter("", field, choice, &Value::Null);
        }
        let mut asked = Asked::default();
        let text = asked.field("value", schema, field, choice, "first: 200 after: $after");
        if Vocabulary::is_connection(schema, field) {
            asked.definitions.push("$after: String".to_owned());
        }
        let query = asked.query(&text);
        if !Vocabulary::is_connection(schema, field) {
            let data = app.data(&query, Value::Object(asked.values));
            return self.enter("", field, choice, &data["value"]);
        }
        let (mut edges, mut after) = (Vec::new(), Value::Null);
        loop {
            let mut values = asked.values.clone();
            values.insert("after".to_owned(), after);
            let data = app.data(&query, Value::Object(values));
            let page = &data["value"];
            edges.extend(page["edges"].as_array().expect("a list").iter().cloned());
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] != true {
                break;
            }
        }
        let cursors = edges.iter().filter_map(|edge| edge["cursor"].as_str().map(str::to_owned));
        self.cursors.insert((field.name.clone(), number), cursors.collect());
        self.enter("", field, choice, &Value::Array(edges));
    }

    fn read_records(
        &mut self,
        app: &TestApp,
        schema: &Schema,
        vocabulary: &Vocabulary,
        ty: &str,
        ids: &[String],
    ) {
        let mut asked = Asked::default();
        let mut columns: Vec<(String, &Field, Choice)> = Vec::new();
        let mut text = String::new();
        for field in &schema.get(ty).fields {
            for choice in vocabulary.choices(ty, field) {
                let name = format!("f{}", columns.len());
                if !choice.fails {
                    let field = asked.field(&name, schema, field, &choice, "first: 200");
                    write!(text, " {field}").expect("strings can be written to");
                }
                columns.push((name, field, choice));
            }
        }
        asked.definitions.push("$ids: [ID!]!".to_owned());
        asked.values.insert("ids".to_owned(), json!(ids));
        let query = asked.query(&format!("nodes(ids: $ids) {{ id ... on {ty} {{{text} }} }}"));
        let data = app.data(&query, Value::Object(asked.values));
        let nodes = data["nodes"].as_array().expect("a list");
        for (id, node) in ids.iter().zip(nodes) {
            assert_eq!(node["id"], **id);
            for (name, field, choice) in &columns {
                let mut value = &node[name];
                if Vocabulary::is_connection(schema, field) && !choice.fails {
                    if value["pageInfo"]["hasNextPage"] == true {
                        continue;
                    }
                    value = &value["edges"];
                }
                self.enter(id, field, choice, value);
            }
        }
    }
}

/// The variables of a query that is being built.
#[derive(Default)]
struct Asked {
    definitions: Vec<String>,
    values: Map<String, Value>,
}

impl Asked {
    fn query(&self, selections: &str) -> String {
        let definitions = self.definitions.join(", ");
        let definitions =
            if definitions.is_empty() { definitions } else { format!("query({definitions}) ") };
        format!("{definitions}{{ {selections} }}")
    }

    /// The field with an alias, its arguments as variables, and `paging` if it returns a connection.
    fn field(
        &mut self,
        name: &str,
        schema: &Schema,
        field: &Field,
        choice: &Choice,
        paging: &str,
    ) -> String {
        let mut arguments = String::new();
        for (argument, value) in choice.arguments.as_object().expect("arguments") {
            let definition = field.arguments.iter().find(|definition| definition.name == *argument);
            let ty = &definition.unwrap_or_else(|| panic!("no argument {argument}")).ty;
            let variable = format!("{name}_{argument}");
            write!(arguments, " {argument}: ${variable}").expect("strings can be written to");
            self.definitions.push(format!("${variable}: {ty}"));
            self.values.insert(variable, value.clone());
        }
        if Vocabulary::is_connection(schema, field) {
            write!(arguments, " {paging}").expect("strings can be written to");
        }
        let arguments =
            if arguments.is_empty() { arguments } else { format!("({})", arguments.trim()) };
        format!("{name}: {}{arguments} {}", field.name, selection(schema, base(&field.ty)))
    }
}

/// The selection that reads a value of this type. For a record, it selects only the type and the id.
fn selection(schema: &Schema, ty: &str) -> String {
    let definition = schema.get(ty);
    if definition.kind == Kind::Leaf {
        return String::new();
    }
    if schema.has_id(ty) {
        return "{ __typename ... on Node { id } }".to_owned();
    }
    if ty.ends_with("Connection") {
        let edge = base(&schema.field(ty, "edges").ty);
        let node = selection(schema, base(&schema.field(edge, "node").ty));
        return format!(
            "{{ pageInfo {{ hasNextPage endCursor }} edges {{ cursor node {node} }} }}"
        );
    }
    let mut text = "{ __typename".to_owned();
    let members: &[String] =
        if definition.kind == Kind::Object { &[] } else { &definition.possible };
    for member in members {
        let fields = selection(schema, member);
        write!(text, " ... on {member} {fields}").expect("strings can be written to");
    }
    for field in definition.fields.iter().filter(|field| field.arguments.is_empty()) {
        write!(text, " {} {}", field.name, selection(schema, base(&field.ty)))
            .expect("strings can be written to");
    }
    text + " }"
}
