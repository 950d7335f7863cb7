//! A thing of the API while its fields are read: the official schema says which there are, `read` and `write` what they say.

use apollo_compiler::Name;
use apollo_compiler::ast::Type;
use apollo_compiler::resolvers::{FieldError, ObjectValue, ResolveInfo, ResolvedValue};
use apollo_compiler::schema::ExtendedType;
use serde_json::{Map, Value};

use super::session::Session;
use crate::gid::Gid;
use crate::{one_of, read, write};

pub(crate) enum Thing {
    Query,
    Mutation,
    /// Has an id; its fields are read when they are asked for.
    Entity(Gid),
    /// Has its fields with it. Within them an entity is written as its id.
    Record(String, Map<String, Value>),
}

pub(crate) struct Object<'a, 's> {
    pub(crate) session: &'a Session<'s>,
    pub(crate) thing: Thing,
}

/// A field being read: its name, its arguments, and the idempotency key on it.
pub(crate) struct Asked {
    pub(crate) field: String,
    pub(crate) arguments: Value,
    pub(crate) key: Option<String>,
}

impl Asked {
    /// An argument as text.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.arguments[name].as_str().unwrap_or_default()
    }
}

impl ObjectValue for Object<'_, '_> {
    fn type_name(&self) -> &str {
        match &self.thing {
            Thing::Query => "QueryRoot",
            Thing::Mutation => "Mutation",
            Thing::Entity(gid) => &gid.kind,
            Thing::Record(kind, _) => kind,
        }
    }

    fn resolve_field<'a>(&'a self, info: &'a ResolveInfo<'a>) -> Result<ResolvedValue<'a>, FieldError> {
        let asked = self.asked(info)?;
        let value = match &self.thing {
            Thing::Query => read::root(self.session, &asked)?,
            Thing::Mutation => write::root(self.session, &asked)?,
            Thing::Entity(gid) => read::entity(self.session, gid, &asked)?,
            Thing::Record(_, fields) => fields.get(&asked.field).cloned().map(|value| narrowed(value, &asked)),
        };
        let value = value.ok_or_else(|| self.session.not_simulated(self.type_name(), &asked.field))?;
        Ok(self.resolved(value, &info.field_definition().ty, info))
    }
}

impl Object<'_, '_> {
    fn asked(&self, info: &ResolveInfo<'_>) -> Result<Asked, FieldError> {
        let field = info.field_name().to_owned();
        for definition in &info.field_definition().arguments {
            if let Some(value) = info.arguments().get(definition.name.as_str()) {
                one_of::look(info.schema(), definition.ty.inner_named_type(), value, &definition.name)
                    .map_err(|message| self.session.error("argumentLiteralsIncompatible", message))?;
            }
        }
        let arguments = serde_json::to_value(info.arguments()).unwrap_or_default();
        let directive = info.field_selections()[0].directives.get("idempotent");
        let key = directive.and_then(|d| d.specified_argument_by_name("key")).map(|key| match key.as_variable() {
            Some(variable) => self.session.variable(variable),
            None => key.as_str().unwrap_or_default().to_owned(),
        });
        Ok(Asked { field, arguments, key })
    }

    fn resolved<'a>(&'a self, value: Value, ty: &'a Type, info: &'a ResolveInfo<'a>) -> ResolvedValue<'a> {
        match value {
            Value::Null => ResolvedValue::null(),
            Value::Array(items) if ty.is_list() => {
                let inner = ty.item_type();
                ResolvedValue::list(items.into_iter().map(move |item| self.resolved(item, inner, info)))
            }
            Value::String(id) if is_object(ty.inner_named_type(), info) => {
                let entity = Gid::parse(&id).filter(|gid| read::exists(self.session, gid));
                ResolvedValue::nullable_object(
                    entity.map(|gid| Object { session: self.session, thing: Thing::Entity(gid) }),
                )
            }
            Value::Object(fields) if is_object(ty.inner_named_type(), info) => {
                let kind = fields.get("__typename").and_then(Value::as_str);
                let kind = kind.unwrap_or(ty.inner_named_type().as_str()).to_owned();
                ResolvedValue::object(Object { session: self.session, thing: Thing::Record(kind, fields) })
            }
            leaf => ResolvedValue::leaf(leaf),
        }
    }
}

/// A list in a record of which the document wants some: `quantities(names: ["available"])`.
fn narrowed(value: Value, asked: &Asked) -> Value {
    match (value, asked.arguments["names"].as_array()) {
        (Value::Array(items), Some(names)) => items.into_iter().filter(|item| names.contains(&item["name"])).collect(),
        (value, _) => value,
    }
}

fn is_object(name: &Name, info: &ResolveInfo<'_>) -> bool {
    matches!(
        info.schema().types.get(name),
        Some(ExtendedType::Object(_) | ExtendedType::Interface(_) | ExtendedType::Union(_))
    )
}
