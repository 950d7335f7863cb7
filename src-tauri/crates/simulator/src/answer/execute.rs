//! Runs a checked document against the shop.

use apollo_compiler::ExecutableDocument;
use apollo_compiler::executable::Operation;
use apollo_compiler::resolvers::Execution;
use apollo_compiler::response::JsonMap;
use apollo_compiler::validation::Valid;
use serde_json::{Value, json};

use super::object::{Object, Thing};
use super::session::{Origin, Session};
use crate::journal::Write;
use crate::schema::schema;
use crate::shop::Shop;

/// What came out.
#[derive(Debug)]
pub(crate) struct Executed {
    pub(crate) data: Value,
    pub(crate) errors: Vec<Value>,
    /// What the search has to say about fields it ignored.
    pub(crate) warnings: Vec<Value>,
    pub(crate) writes: Vec<Write>,
}

/// `endless`: connections give all they have, as a bulk query reads them.
pub(crate) fn execute(
    shop: &mut Shop,
    index: Option<&Shop>,
    origin: &Origin,
    (document, operation, variables): (&Valid<ExecutableDocument>, &Operation, &Valid<JsonMap>),
    endless: bool,
) -> Executed {
    let session = Session::new(shop, index, origin, variables, endless);
    let thing = if operation.is_mutation() { Thing::Mutation } else { Thing::Query };
    let root = Object { session: &session, thing };
    let execution =
        Execution::new(schema(origin.version), document).operation(operation).coerced_variable_values(variables);
    match execution.execute_sync(&root) {
        Ok(response) => Executed {
            data: serde_json::to_value(&response.data).unwrap_or_default(),
            errors: session.worded(serde_json::to_value(&response.errors).unwrap_or_default()),
            warnings: session.warnings.take(),
            writes: session.writes.take(),
        },
        Err(error) => Executed {
            data: Value::Null,
            errors: vec![json!({"message": error.message().to_string()})],
            warnings: Vec::new(),
            writes: session.writes.take(),
        },
    }
}
