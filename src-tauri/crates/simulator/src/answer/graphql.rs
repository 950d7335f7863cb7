//! One request to the API: who asks, is it sound, can it be afforded, then what it says; and the trouble on the way.

use apollo_compiler::executable::{Operation, Selection};
use serde_json::{Value, json};

use super::cost::{self, MOST};
use super::documents::Document;
use super::execute::execute;
use super::reply::{Reply, errors};
use super::session::Origin;
use super::trouble::{after, before, refusal};
use crate::faults::Trouble;
use crate::journal::By;
use crate::schema::{Version, coerce, deprecated};
use crate::world::World;

const LONGEST_ARRAY: usize = 250;
const THROTTLED: &str = "https://shopify.dev/api/usage/rate-limits";
const BAD_TOKEN: &str = "[API] Invalid API key or access token (unrecognized login or wrong password)";

/// A request as it came in.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) version: &'a str,
    pub(crate) token: &'a str,
    pub(crate) body: &'a [u8],
    pub(crate) base_url: &'a str,
}

/// A request whose document and variables are sound.
struct Sound {
    document: Document,
    operation: Option<String>,
    variables: apollo_compiler::validation::Valid<apollo_compiler::response::JsonMap>,
}

impl World {
    /// Answers a request.
    pub(crate) fn graphql(&mut self, call: &Call<'_>) -> Reply {
        let now = self.look_at_the_clock();
        self.note_others();
        self.requests += 1;
        let request = format!("{:08x}-{now:x}", self.requests);
        let Some(version) = Version::answering(call.version) else {
            return Reply::refused(404, "Not Found").with("x-request-id", request);
        };
        let body: Value = serde_json::from_slice(call.body).unwrap_or_default();
        let sound = self.sound(version, &body);
        let names = sound.as_ref().map(names).unwrap_or_default();
        let troubles = self.trouble.strike(&names.iter().map(String::as_str).collect::<Vec<_>>(), now);
        let mut answering = version.name().to_owned();
        for trouble in &troubles {
            self.meddle(trouble, &body, call.token);
            if let Trouble::FallForward { version } = trouble {
                answering.clone_from(version);
            }
        }
        let reply = match self.turned_away(call.token).or_else(|| before(&troubles, &request)) {
            Some(reply) => reply,
            None if troubles.contains(&Trouble::Throttled) => self.throttled(0),
            None => match sound {
                Err(errors) => Reply::json(200, &json!({"errors": errors})),
                Ok(sound) => self.answered(call, version, &request, sound, &troubles),
            },
        };
        reply.with("x-request-id", request).with("x-shopify-api-version", answering)
    }

    fn sound(&mut self, version: Version, body: &Value) -> Result<Sound, Value> {
        let Some(text) = body["query"].as_str() else {
            return Err(json!("query is missing"));
        };
        let document = self.documents.get(version, text)?;
        let operation = body["operationName"].as_str().map(str::to_owned);
        let variables = coerce(&document, operation.as_deref(), &body["variables"], version).map_err(|problem| {
            json!([{"message": problem, "extensions": {"code": "INVALID_VARIABLE", "value": body["variables"],
                "problems": [{"path": [], "explanation": problem}]}}])
        })?;
        Ok(Sound { document, operation, variables })
    }

    fn turned_away(&self, token: &str) -> Option<Reply> {
        let access = &self.shop.access;
        if let Some((status, errors)) = access.standing.refusal() {
            return Some(Reply::refused(status, errors));
        }
        (!access.knows(token, self.shop.now)).then(|| Reply::refused(401, BAD_TOKEN))
    }

    fn answered(
        &mut self,
        call: &Call<'_>,
        version: Version,
        request: &str,
        sound: Sound,
        troubles: &[Trouble],
    ) -> Reply {
        let Sound { document, operation: name, variables } = sound;
        let Ok(operation) = document.operations.get(name.as_deref()) else {
            return Reply::json(200, &json!({"errors": [{"message": "No operation named so"}]}));
        };
        if let Some(length) =
            longest(&serde_json::to_value(&*variables).unwrap_or_default()).filter(|n| *n > LONGEST_ARRAY)
        {
            let message =
                format!("The input array size of {length} is greater than the maximum allowed of {LONGEST_ARRAY}.");
            return Reply::json(200, &errors(&message, json!({"code": "MAX_INPUT_SIZE_EXCEEDED"})));
        }
        let requested = cost::requested(&document, operation, &variables);
        if requested > MOST {
            let message = format!("Query cost is {requested}, which exceeds the single query max cost limit ({MOST}).");
            let extensions =
                json!({"code": "MAX_COST_EXCEEDED", "cost": requested, "maxCost": MOST, "documentation": THROTTLED});
            return Reply::json(200, &errors(&message, extensions));
        }
        let (plan, now) = (self.shop.plan, self.shop.now);
        if !self.bucket.take(requested, plan, now) {
            return self.throttled(requested);
        }
        let origin = Origin {
            version,
            base_url: call.base_url.to_owned(),
            request: request.to_owned(),
            document: operation.name.as_ref().map(ToString::to_string),
            by: By::Request,
            refusal: refusal(troubles),
            bulk_fails_after: troubles.iter().find_map(|t| match t {
                Trouble::BulkFails { after_lines } => Some(*after_lines),
                _ => None,
            }),
            seed: self.requests,
        };
        let index = self.take_index();
        let done = execute(
            &mut self.shop,
            index.as_ref().map(|(_, shop)| &**shop),
            &origin,
            (&document, operation, &variables),
            false,
        );
        self.keep_index(index);
        let actual = cost::actual(&document, operation, &variables, &done.data).min(requested);
        self.bucket.refund(requested - actual, plan);
        let mut said = json!({"data": done.data, "extensions": {"cost": self.price(requested, json!(actual))}});
        if !done.errors.is_empty() {
            said["errors"] = json!(done.errors);
        }
        if !done.warnings.is_empty() {
            said["extensions"]["search"] = json!(done.warnings);
        }
        let reply = after(troubles, request, said);
        let deprecated = deprecated(&document);
        let answered = reply.1;
        for mut write in done.writes {
            write.answered = answered;
            self.unsaved |= !write.changes.is_empty();
            self.journal.add(write);
        }
        match deprecated.is_empty() {
            true => reply.0,
            false => reply.0.with("x-shopify-api-deprecated-reason", deprecated.join(", ")),
        }
    }

    fn throttled(&mut self, requested: u64) -> Reply {
        self.throttled += 1;
        let mut said = errors("Throttled", json!({"code": "THROTTLED", "documentation": THROTTLED}));
        said["extensions"] = json!({"cost": self.price(requested, Value::Null)});
        Reply::json(200, &said)
    }

    fn price(&mut self, requested: u64, actual: Value) -> Value {
        let plan = self.shop.plan;
        let available = self.bucket.available(plan, self.shop.now).floor();
        json!({"requestedQueryCost": requested, "actualQueryCost": actual, "throttleStatus":
            {"maximumAvailable": plan.bucket(), "currentlyAvailable": available, "restoreRate": plan.restore()}})
    }
}

/// The names by which a fault may mean this request.
fn names(sound: &Sound) -> Vec<String> {
    let Ok(operation) = sound.document.operations.get(sound.operation.as_deref()) else { return Vec::new() };
    let own = operation.name.as_ref().map(ToString::to_string);
    own.into_iter().chain(fields(operation)).collect()
}

fn fields(operation: &Operation) -> impl Iterator<Item = String> + '_ {
    operation.selection_set.selections.iter().filter_map(|selection| match selection {
        Selection::Field(field) => Some(field.name.to_string()),
        _ => None,
    })
}

fn longest(value: &Value) -> Option<usize> {
    match value {
        Value::Array(items) => Some(items.len()).max(items.iter().filter_map(longest).max()),
        Value::Object(fields) => fields.values().filter_map(longest).max(),
        _ => None,
    }
}
