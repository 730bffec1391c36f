//! Reading a whole list: page after page, in one snapshot. Exports and feeds use it.
//!
//! The server defines the documents. A request only sets their variables, through parameters. A field of `$filter` has a
//! parameter of the same name, such as `agreement`. For a field of another input object, the parameter begins with the name
//! of the variable, as in `orderBy.field`. A field that is itself an input object has no parameter. Each other variable
//! except `$after` has a parameter of the same name.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use apollo_compiler::ast::Type;
use apollo_compiler::executable::{Field, Selection, SelectionSet};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Name, Node};
use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::run::{Authenticated, record_token_use};
use super::{Executor, ReadyOperation};
use crate::db::{Access, DbConnection, Dialect, LogPoint, Session};
use crate::domain::id::TokenId;
use crate::domain::suggestion::did_you_mean;
use crate::domain::text::quote;
use crate::domain::viewer::{Credential, Viewer};
use crate::graphql::engine::coerce;
use crate::graphql::engine::cost::Estimate;
use crate::graphql::engine::input::Input;
use crate::graphql::engine::prepare::Prepared;
use crate::graphql::engine::schema::Schema;
use crate::graphql::error::{self, Code, Error};

/// The variable for the cursor of the previous page.
const AFTER: &str = "after";
/// The variable whose fields are parameters without a prefix.
const FILTER: &str = "filter";

/// A document that reads a page of a list. One root field has the name `rows`, uses the variable `$after`, and selects
/// `nodes` and `pageInfo { hasNextPage endCursor }`. The document may have other root fields.
pub struct ListDocument {
    pub(in crate::graphql) prepared: Arc<Prepared>,
    schema: Arc<Schema>,
    parameters: BTreeMap<String, Parameter>,
}

/// A parameter of a request for a list.
struct Parameter {
    ty: Type,
    /// The variables, or fields of variables, that get the value.
    targets: Vec<Target>,
}

/// A variable, or a field of a variable.
struct Target {
    variable: String,
    field: Option<String>,
}

/// A field that a list selects.
pub struct FieldDescription {
    /// The name of the type, without `[]` and `!`.
    pub type_name: String,
    /// Whether a node has a list of values of this field.
    pub is_list: bool,
    /// The description in the schema.
    pub description: String,
    /// The values of an enum. Empty for other types.
    pub values: Vec<String>,
}

/// The field with this name in the response. Also searches inline fragments.
fn field<'a>(selections: &'a SelectionSet, name: &str) -> Option<&'a Node<Field>> {
    selections.selections.iter().find_map(|selection| match selection {
        Selection::Field(field) => Some(field).filter(|field| field.response_name() == name),
        Selection::InlineFragment(fragment) => field(&fragment.selection_set, name),
        Selection::FragmentSpread(_) => None,
    })
}

/// Reads the pages of a list. Runs on a thread that may block.
pub trait PageReader: Send + 'static {
    /// The result of reading the pages.
    type Output: Send + 'static;

    /// Called before the first page. `point` is the end of the log in the snapshot. Returns whether to read the pages.
    ///
    /// # Errors
    /// After an error, no page is read.
    fn begin(&mut self, point: LogPoint) -> Result<bool, Error>;

    /// Receives the root fields other than `rows`, before the nodes of each page. Default: ignores them.
    fn others(&mut self, _fields: Map<String, Json>) {}

    /// Receives the nodes of a page. Returns whether to read further pages.
    ///
    /// # Errors
    /// After an error, no further pages are read.
    fn page(&mut self, nodes: Vec<Json>) -> Result<bool, Error>;

    /// Runs after the last page.
    ///
    /// # Errors
    /// Fails if the output cannot be completed.
    fn finish(self) -> Result<Self::Output, Error>;
}

/// The response to a [`ListDocument`].
#[derive(Deserialize)]
struct Answer {
    rows: Page,
    #[serde(flatten)]
    others: Map<String, Json>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    nodes: Vec<Json>,
    page_info: PageInfo,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageInfo {
    has_next_page: bool,
    end_cursor: Option<String>,
}

impl ListDocument {
    /// The names of the parameters, in alphabetical order.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        self.parameters.keys().map(String::as_str)
    }

    /// The variables for these parameters. A parameter with an empty value is ignored. The parameter of a list is repeated for
    /// each item.
    ///
    /// # Errors
    /// Fails if a parameter is unknown, invalid, or wrongly repeated. The message contains the valid values.
    pub fn variables(&self, given: &[(String, String)]) -> Result<Map<String, Json>, Error> {
        let mut values: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (name, value) in given.iter().filter(|(_, value)| !value.is_empty()) {
            values.entry(name).or_default().push(value);
        }
        let mut variables = Map::new();
        for (name, texts) in values {
            let parameter =
                self.parameters.get(name).ok_or_else(|| self.unknown_parameter(name))?;
            let value = parameter.value(&self.schema, name, &texts)?;
            for Target { variable, field } in &parameter.targets {
                match field {
                    None => drop(variables.insert(variable.clone(), value.clone())),
                    Some(field) => {
                        let fields = variables
                            .entry(variable.as_str())
                            .or_insert_with(|| Json::Object(Map::new()));
                        if let Json::Object(fields) = fields {
                            fields.insert(field.clone(), value.clone());
                        }
                    }
                }
            }
        }
        self.coerce_variables(&variables)?;
        Ok(variables)
    }

    /// The field at a path within a node. A path consists of names in the response, joined by dots.
    pub fn describe(&self, path: &str) -> Option<FieldDescription> {
        let nodes = field(&self.prepared.operation.selection_set, "rows")?;
        let mut selected = field(nodes.selection_set.as_ref()?, "nodes")?;
        let mut is_list = false;
        for name in path.split('.') {
            selected = field(selected.selection_set.as_ref()?, name)?;
            is_list |= selected.ty().is_list();
        }
        let type_name = selected.ty().inner_named_type();
        let values = match self.schema.definitions.types.get(type_name) {
            Some(ExtendedType::Enum(values)) => values.values.keys().map(Name::to_string).collect(),
            _ => Vec::new(),
        };
        let description = selected.definition.description.as_ref();
        Some(FieldDescription {
            type_name: type_name.to_string(),
            is_list,
            description: description.map(ToString::to_string).unwrap_or_default(),
            values,
        })
    }

    fn unknown_parameter(&self, name: &str) -> Error {
        let suggestion = did_you_mean(name, self.parameters());
        let valid: Vec<String> = self.parameters().map(|name| format!("`{name}`")).collect();
        Code::BadUserInput.error(format!(
            "there is no parameter {}{suggestion}; valid parameters: {}",
            quote(name),
            valid.join(", ")
        ))
    }

    fn coerce_variables(&self, variables: &Map<String, Json>) -> Result<coerce::Variables, Error> {
        let operation = &self.prepared.operation;
        Ok(coerce::variables(&self.schema.definitions, operation, variables)?)
    }
}

impl Parameter {
    fn value(&self, schema: &Schema, name: &str, texts: &[&str]) -> Result<Json, Error> {
        let is_list = self.ty.is_list();
        if let (false, [_, second, ..]) = (is_list, texts) {
            return Err(Code::BadUserInput.error(format!(
                "the parameter `{name}` is repeated, the second time as {}: it accepts one value",
                quote(second)
            )));
        }
        let type_name = self.ty.inner_named_type();
        let items = texts.iter().map(|text| match (type_name.as_str(), *text) {
            ("Boolean", "true") => Ok(Json::Bool(true)),
            ("Boolean", "false") => Ok(Json::Bool(false)),
            ("Boolean", text) => Err(Code::BadUserInput.error(format!(
                "the parameter `{name}`: {} is not a Boolean; valid values: true, false",
                quote(text)
            ))),
            ("Int", text) => Ok(text.parse::<i64>().map_or_else(|_| text.into(), Json::from)),
            (_, text) => Ok(Json::from(text)),
        });
        let mut items = items.collect::<Result<Vec<Json>, Error>>()?;
        let value = match items.pop() {
            Some(item) if !is_list => item,
            item => items.into_iter().chain(item).collect(),
        };
        coerce::coerce(&schema.definitions, &self.ty, Input::Json(&value)).map_err(|mismatch| {
            Code::BadUserInput.error(format!("the parameter `{name}`: {}", mismatch.message))
        })?;
        Ok(value)
    }
}

/// The parameters of the variables of an operation.
fn parameters(schema: &Schema, prepared: &Prepared) -> BTreeMap<String, Parameter> {
    let mut parameters: BTreeMap<String, Parameter> = BTreeMap::new();
    let mut add = |name: String, ty: &Type, target: Target| {
        let new = || Parameter { ty: ty.clone(), targets: Vec::new() };
        parameters.entry(name).or_insert_with(new).targets.push(target);
    };
    for variable in prepared.operation.variables.iter().filter(|variable| variable.name != AFTER) {
        let name = variable.name.to_string();
        match schema.definitions.types.get(variable.ty.inner_named_type()) {
            Some(ExtendedType::InputObject(object)) => {
                for (field, definition) in &object.fields {
                    // Parameters cannot express nested input objects.
                    let inner = schema.definitions.types.get(definition.ty.inner_named_type());
                    if matches!(inner, Some(ExtendedType::InputObject(_))) {
                        continue;
                    }
                    let parameter =
                        if name == FILTER { field.to_string() } else { format!("{name}.{field}") };
                    let target = Target { variable: name.clone(), field: Some(field.to_string()) };
                    add(parameter, &definition.ty, target);
                }
            }
            _ => add(name.clone(), &variable.ty, Target { variable: name, field: None }),
        }
    }
    parameters
}

impl Executor {
    /// Prepares one of the server's own list queries.
    ///
    /// # Errors
    /// Fails with the first error in the document.
    pub fn list_document(&self, text: &str) -> Result<ListDocument, String> {
        let prepared = self.prepare_own(text)?;
        if !prepared.is_cacheable() {
            return Err("the list depends on the viewer or on data outside the log".to_owned());
        }
        let parameters = parameters(&self.schema, &prepared);
        Ok(ListDocument { prepared, schema: self.schema.clone(), parameters })
    }

    /// Reads a list for the viewer with `credential`, and passes each page to `reader`. Returns the output of the reader. The
    /// time limit of a request applies to each page.
    ///
    /// # Errors
    /// Fails if the viewer may not read, an argument is invalid, the database fails, or the reader returns an error.
    pub async fn read_whole_list<R: PageReader>(
        &self,
        document: Arc<ListDocument>,
        variables: Map<String, Json>,
        credential: &Credential,
        reader: R,
    ) -> Result<R::Output, Error> {
        let started = Instant::now();
        let (executor, credential) = (self.clone(), credential.clone());
        let outcome = self
            .in_session(Access::Read, move |session| {
                let list = WholeList { executor: &executor, document: &document, variables };
                list.read(session, &credential, reader)
            })
            .await;
        let outcome_name = if outcome.is_ok() { "ok" } else { "refused" };
        self.metrics.operation("list", outcome_name, started.elapsed());
        let (output, token) = outcome?;
        if let Some(token) = token {
            tokio::spawn(record_token_use(self.db.clone(), token));
        }
        Ok(output)
    }
}

/// A list that [`Executor::read_whole_list`] reads: its document and the variables of the next page.
struct WholeList<'a> {
    executor: &'a Executor,
    document: &'a ListDocument,
    variables: Map<String, Json>,
}

impl WholeList<'_> {
    fn read<R: PageReader>(
        mut self,
        session: &mut Session,
        credential: &Credential,
        mut reader: R,
    ) -> Result<(R::Output, Option<TokenId>), Error> {
        let first = self.start(session, credential);
        let is_closed = first.as_ref().is_err_and(|error| error.code == Code::Unavailable);
        // The database server may have closed an idle connection, so one retry uses a new connection.
        let (Authenticated { viewer, token }, point) =
            if is_closed && self.executor.db.dialect() == Dialect::Postgres {
                session.renew()?;
                self.start(session, credential)?
            } else {
                first?
            };
        self.executor.db.advance_log(point);
        if reader.begin(point)? {
            while let Some(cursor) = self.page(session, &viewer, &mut reader)? {
                self.variables.insert(AFTER.to_owned(), cursor.into());
            }
        }
        Ok((reader.finish()?, token))
    }

    /// Begins the snapshot.
    fn start(
        &self,
        session: &mut Session,
        credential: &Credential,
    ) -> Result<(Authenticated, LogPoint), Error> {
        let authenticated = self.executor.authenticate(session, credential)?;
        let point = session.read().and_then(DbConnection::log_point);
        Ok((authenticated, point.map_err(|failure| error::mask(&failure))?))
    }

    /// Reads a page. Returns the cursor after which the next page begins, if there is one.
    fn page(
        &self,
        session: &mut Session,
        viewer: &Viewer,
        reader: &mut impl PageReader,
    ) -> Result<Option<String>, Error> {
        let ready = ReadyOperation {
            prepared: self.document.prepared.clone(),
            variables: self.document.coerce_variables(&self.variables)?,
            estimate: Estimate::default(),
            digest: [0; 32],
        };
        let deadline = Instant::now() + self.executor.limits.request_time();
        let response = self.executor.answer(session, &ready, viewer, None, deadline)?;
        if let Some(error) = response.errors.first() {
            return Err(error.error.clone());
        }
        let data = response.data().unwrap_or_default();
        let Answer { rows, others } = serde_json::from_slice(data).map_err(Error::internal)?;
        reader.others(others);
        let wants_more = reader.page(rows.nodes)?;
        let next = rows.page_info.end_cursor.filter(|_| rows.page_info.has_next_page);
        Ok(next.filter(|_| wants_more))
    }
}
