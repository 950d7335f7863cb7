//! Documents already found valid; a client sends the same few again and again.

use std::collections::HashMap;
use std::sync::Arc;

use apollo_compiler::ExecutableDocument;
use apollo_compiler::validation::Valid;

use crate::schema::{Version, schema};

/// More than a client has; a batch of aliases makes a new document each time.
const KEPT: usize = 256;

pub(crate) type Document = Arc<Valid<ExecutableDocument>>;

#[derive(Debug, Default)]
pub(crate) struct Documents(HashMap<(Version, String), Document>);

impl Documents {
    /// The document, or what is wrong with it as the `errors` of an answer.
    pub(crate) fn get(&mut self, version: Version, text: &str) -> Result<Document, serde_json::Value> {
        let key = (version, text.to_owned());
        if let Some(document) = self.0.get(&key) {
            return Ok(document.clone());
        }
        let document = ExecutableDocument::parse_and_validate(schema(version), text, "document.graphql")
            .map_err(|invalid| invalid.errors.iter().map(|error| error.to_json()).collect::<Vec<_>>())
            .map_err(|errors| serde_json::to_value(errors).unwrap_or_default())?;
        if self.0.len() >= KEPT {
            self.0.clear();
        }
        Ok(self.0.entry(key).or_insert_with(|| Arc::new(document)).clone())
    }
}
