//! The official Admin schema, and whether a document and its variables fit it.

use std::fmt;
use std::io::Read;
use std::str::FromStr;
use std::sync::OnceLock;

use apollo_compiler::request::coerce_variable_values;
use apollo_compiler::response::{JsonMap, JsonValue};
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema};
use flate2::read::GzDecoder;
use serde_json::Value;

use crate::one_of;

/// A version of the Admin API whose schema is here; the newest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Version {
    /// July 2026, the oldest that Presell speaks.
    V2026_07,
    /// October 2026.
    V2026_10,
}

impl Version {
    /// Every version, oldest first.
    pub const ALL: [Self; 2] = [Self::V2026_07, Self::V2026_10];

    /// As it stands in the address: `2026-10`.
    pub fn name(self) -> &'static str {
        match self {
            Self::V2026_07 => "2026-07",
            Self::V2026_10 => "2026-10",
        }
    }

    /// The version that answers a request for `asked`: a retired one falls forward to the oldest here; one that never was,
    /// or is not out yet, is answered by nobody.
    pub(crate) fn answering(asked: &str) -> Option<Self> {
        let (year, month) = asked.split_once('-')?;
        let quarterly =
            year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()) && ["01", "04", "07", "10"].contains(&month);
        let oldest = Self::ALL[0];
        asked.parse().ok().or((quarterly && asked < oldest.name()).then_some(oldest))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Version {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|v| v.name() == text).ok_or(())
    }
}

/// The schema of a version, parsed once per process.
#[expect(clippy::expect_used, reason = "the schemas are part of the program, and a test reads each")]
pub fn schema(version: Version) -> &'static Valid<Schema> {
    static OLD: OnceLock<Valid<Schema>> = OnceLock::new();
    static NEW: OnceLock<Valid<Schema>> = OnceLock::new();
    let (cell, packed): (_, &[u8]) = match version {
        Version::V2026_07 => (&OLD, include_bytes!("../schema/admin_2026-07.graphql.gz")),
        Version::V2026_10 => (&NEW, include_bytes!("../schema/admin_2026-10.graphql.gz")),
    };
    cell.get_or_init(|| {
        let schema = Schema::parse(unpack(packed), version.name()).expect("the schema was printed by graphql-js");
        // Checking the whole schema takes longer than reading it; a test does it for every version.
        Valid::assume_valid(schema)
    })
}

#[expect(clippy::expect_used, reason = "the schemas are part of the program, and a test reads each")]
fn unpack(packed: &[u8]) -> String {
    let mut text = String::new();
    GzDecoder::new(packed).read_to_string(&mut text).expect("the schema was packed by gzip");
    text
}

/// Checks a document against a version.
///
/// # Errors
/// What is wrong with it, with line and column, one paragraph per finding.
pub fn validate(document: &str, version: Version) -> Result<Valid<ExecutableDocument>, String> {
    ExecutableDocument::parse_and_validate(schema(version), document, "document.graphql").map_err(|e| e.to_string())
}

/// Checks the variables of one operation of a document, and fills in defaults. Where an input takes exactly one key
/// (`@oneOf`), anything else is refused, an extra `null` too.
///
/// # Errors
/// What does not fit, and where.
pub fn coerce(
    document: &Valid<ExecutableDocument>,
    operation: Option<&str>,
    variables: &Value,
    version: Version,
) -> Result<Valid<JsonMap>, String> {
    let schema = schema(version);
    let operation = document.operations.get(operation).map_err(|e| e.message().to_string())?;
    let variables = match JsonValue::from(variables.clone()) {
        JsonValue::Object(map) => map,
        JsonValue::Null => JsonMap::new(),
        _ => return Err("variables must be an object".into()),
    };
    let coerced = coerce_variable_values(schema, operation, &variables).map_err(|e| e.message().to_string())?;
    one_of::check(schema, operation, &coerced)?;
    Ok(coerced)
}

/// The fields, arguments and input fields of a document that the version calls deprecated, as `Type.field`.
pub fn deprecated(document: &Valid<ExecutableDocument>) -> Vec<String> {
    let mut found = Vec::new();
    for operation in document.operations.iter() {
        for field in operation.all_fields(document) {
            if field.definition.directives.has("deprecated") {
                found.push(field.name.to_string());
            }
            for argument in &field.arguments {
                let definition = field.definition.argument_by_name(&argument.name);
                if definition.is_some_and(|a| a.directives.has("deprecated")) {
                    found.push(format!("{}({})", field.name, argument.name));
                }
            }
        }
    }
    found
}
