//! The TypeScript side of the command list: every request and answer, reachable types included, and the topics.

use std::any::TypeId;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use presell_catalog::coming::Coming;
use presell_catalog::listings::Listed;
use presell_catalog::standing::ReasonsProgress;
use presell_catalog::what_if::Imagined;
use presell_commands::*;
use presell_imports::{Import, Undone};
use serde::de::DeserializeOwned;
use serde_json::{Map, json};
use ts_rs::{Config, TS, TypeVisitor};

/// Where the types are kept, from the root of the project.
pub(crate) const FILE: &str = "ui/src/generated/commands.ts";

/// All types reachable from the commands, by name.
struct Types<'a> {
    config: &'a Config,
    seen: BTreeSet<TypeId>,
    found: BTreeMap<String, String>,
}

impl TypeVisitor for Types<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        if T::output_path().is_some() {
            let declared = format!("{}export {}\n", T::docs().unwrap_or_default(), T::decl(self.config));
            let other = self.found.insert(T::ident(self.config), declared.clone());
            assert!(
                other.is_none_or(|other| other == declared),
                "two types of the commands are called {}; rename one",
                T::ident(self.config)
            );
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

macro_rules! describe {
    ($($name:ident($req:ty) -> $res:ty, reads [$($r:ident),*], writes [$($w:ident),*];)*) => {
        /// The whole module.
        pub(crate) fn module() -> String {
            // JSON delivers numbers; every number of ours is far below 2^53.
            let config = Config::new().with_large_int("number");
            let mut types = Types { config: &config, seen: BTreeSet::new(), found: BTreeMap::new() };
            types.visit::<Error>();
            types.visit::<Topic>();
            let mut index = String::new();
            let mut topics = String::new();
            $(
                types.visit::<$req>();
                types.visit::<$res>();
                let _ = writeln!(index, "  {}: [{}, {}];", stringify!($name), asked::<$req>(&config), <$res>::name(&config));
                let reads: Vec<Topic> = vec![$(Topic::$r),*];
                let writes: Vec<Topic> = vec![$(Topic::$w),*];
                let _ = writeln!(topics, "  {}: {{ reads: {}, writes: {} }},", stringify!($name), list(&reads), list(&writes));
            )*
            let types = types.found.into_values().collect::<Vec<_>>().join("\n");
            format!(
                "// Made from the command list by `cargo xtask types`. Changes are lost; a test compares.\n\n{types}\n\
                 /** Every command: its request and its answer. */\nexport interface Commands {{\n{index}}}\n\n\
                 /** What each command reads, and what it makes stale. */\n\
                 export const TOPICS: {{ [K in keyof Commands]: {{ reads: readonly Topic[]; writes: readonly Topic[] }} }} = {{\n{topics}}};\n"
            )
        }
    };
}
presell_commands::with_commands!(describe);

/// A request as a caller writes it: only what it cannot do without is required.
fn asked<T: TS + DeserializeOwned>(config: &Config) -> String {
    let name = T::name(config);
    match required::<T>() {
        Some(fields) if fields.is_empty() => format!("Partial<{name}>"),
        Some(fields) => {
            let fields: Vec<String> = fields.iter().map(|field| format!("\"{field}\"")).collect();
            format!("Partial<{name}> & Pick<{name}, {}>", fields.join(" | "))
        }
        None => name,
    }
}

/// The fields that the request does not deserialise without, found by trying; none if that cannot be found out.
fn required<T: DeserializeOwned>() -> Option<Vec<String>> {
    let samples = [json!("x"), json!(1), json!([]), json!({}), json!(false), json!("2026-01-31")];
    let mut given = Map::new();
    loop {
        let error = match serde_json::from_value::<T>(given.clone().into()) {
            Ok(_) => return Some(given.keys().cloned().collect()),
            Err(error) => error.to_string(),
        };
        let field = error.strip_prefix("missing field `")?.split('`').next()?.to_owned();
        if given.contains_key(&field) {
            // It is missing in something inside another field.
            return None;
        }
        let fits = samples.iter().find(|sample| {
            let with = Map::from_iter(given.clone().into_iter().chain([(field.clone(), (*sample).clone())]));
            serde_json::from_value::<T>(with.into()).err().is_none_or(|e| e.to_string().starts_with("missing field"))
        })?;
        given.insert(field, fits.clone());
    }
}

fn list(topics: &[Topic]) -> String {
    serde_json::to_string(topics).unwrap_or_default().replace(',', ", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_types_are_those_of_the_commands() {
        let committed = std::fs::read_to_string(format!("{}/../../../{FILE}", env!("CARGO_MANIFEST_DIR")));
        assert_eq!(
            committed.unwrap_or_default(),
            module(),
            "a command or its types changed; write them anew with: cargo xtask types"
        );
    }
}
