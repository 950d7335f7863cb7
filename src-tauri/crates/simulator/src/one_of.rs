//! `@oneOf`: an input of which exactly one key may be given. The compiler reads the directive but does not enforce it.

use apollo_compiler::executable::Operation;
use apollo_compiler::response::{JsonMap, JsonValue};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Name, Schema};

/// Looks through the variables of an operation.
pub(crate) fn check(schema: &Schema, operation: &Operation, variables: &JsonMap) -> Result<(), String> {
    for definition in &operation.variables {
        if let Some(value) = variables.get(definition.name.as_str()) {
            look(schema, definition.ty.inner_named_type(), value, &definition.name)?;
        }
    }
    Ok(())
}

/// Looks through the arguments of a field, which may be written out in the document.
pub(crate) fn look(schema: &Schema, kind: &Name, value: &JsonValue, at: &str) -> Result<(), String> {
    match value {
        JsonValue::Array(items) => {
            items.iter().enumerate().try_for_each(|(i, item)| look(schema, kind, item, &format!("{at}.{i}")))
        }
        JsonValue::Object(given) => {
            let Some(ExtendedType::InputObject(input)) = schema.types.get(kind) else { return Ok(()) };
            if input.directives.has("oneOf") && (given.len() != 1 || given.values().any(JsonValue::is_null)) {
                return Err(format!("{at}: {kind} requires exactly one argument, and it may not be null"));
            }
            given.iter().try_for_each(|(key, value)| match input.fields.get(key.as_str()) {
                Some(field) => look(schema, field.ty.inner_named_type(), value, &format!("{at}.{}", key.as_str())),
                None => Ok(()),
            })
        }
        _ => Ok(()),
    }
}
