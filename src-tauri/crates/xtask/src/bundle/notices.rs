//! The licences of what others wrote and our programs contain: each text once, under the names it counts for.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::paths;
use crate::process::{cargo, run_quietly};

/// What is shipped; all that these are built from comes with them.
const SHIPPED: [&str; 2] = ["presell-desktop", "presell-cli"];
/// What the pages contain; the rest of `ui/node_modules` builds and tests them.
const IN_THE_PAGES: [&str; 3] = ["svelte", "@tauri-apps/api", "@fontsource-variable/inter"];
/// How files with a licence are called.
const NAMES: [&str; 4] = ["licen", "copying", "copyright", "notice"];

/// Writes them to `file`, compressed.
///
/// # Errors
/// Something names no licence at all, or the file cannot be written.
pub(super) fn write(file: &Path) -> Result<()> {
    let mut texts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, licence, folder) in crates()?.into_iter().chain(packages()?) {
        let Some(licence) = licence else { bail!("{name} names no licence") };
        let mut found = texts_in(Path::new(&folder));
        let title = format!("{name} ({licence})");
        if found.is_empty() {
            // Its authors sent the name of the licence only.
            found.push(format!("Licensed as {licence}.\n"));
        }
        for text in found {
            texts.entry(text).or_default().insert(title.clone());
        }
    }
    let mut all = String::from("Presell contains free software of others. Their names and licences:\n");
    for (text, names) in &texts {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        all.push_str(&format!("\n{}\n{}\n\n{}\n", "=".repeat(80), names.join("\n"), text.trim()));
    }
    packed(&all, file)
}

/// Writes a text as Debian wants documents: compressed, and the same bytes for the same text.
///
/// # Errors
/// The file cannot be written.
pub(super) fn packed(text: &str, file: &Path) -> Result<()> {
    let open = fs::File::create(file).with_context(|| format!("{} is not writable", file.display()))?;
    let mut gzip = Command::new("gzip").args(["-9n"]).stdin(Stdio::piped()).stdout(open).spawn()?;
    gzip.stdin.take().context("gzip reads what it packs")?.write_all(text.as_bytes())?;
    if !gzip.wait()?.success() {
        bail!("gzip did not pack {}", file.display());
    }
    Ok(())
}

/// Name with version, licence, folder.
type Work = (String, Option<String>, String);

/// The crates that become part of a shipped program on this system.
fn crates() -> Result<Vec<Work>> {
    let host = run_quietly(Command::new("rustc").args(["--print", "host-tuple"]))?;
    let mut metadata = cargo();
    metadata.args(["metadata", "--format-version", "1", "--locked", "--filter-platform", &host]);
    let metadata: Value = serde_json::from_str(&run_quietly(&mut metadata)?)?;
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let packages: HashMap<String, Value> =
        list(&metadata["packages"]).into_iter().map(|package| (text(&package["id"]), package)).collect();
    let nodes: HashMap<String, Value> =
        list(&metadata["resolve"]["nodes"]).into_iter().map(|node| (text(&node["id"]), node)).collect();
    let shipped = packages.iter().filter(|(_, package)| SHIPPED.contains(&text(&package["name"]).as_str()));
    let mut open: Vec<String> = shipped.map(|(id, _)| id.clone()).collect();
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        if !seen.insert(id.clone()) {
            continue;
        }
        for dependency in list(&nodes[&id]["deps"]) {
            // Null is a dependency of the program itself; others build or test it.
            if list(&dependency["dep_kinds"]).iter().any(|kind| kind["kind"].is_null()) {
                open.push(text(&dependency["pkg"]));
            }
        }
    }
    let foreign = seen.iter().map(|id| &packages[id]).filter(|package| !package["source"].is_null());
    let works = foreign.map(|package| {
        let licence = package["license"].as_str().or(package["license_file"].as_str()).map(ToOwned::to_owned);
        let manifest = text(&package["manifest_path"]);
        let folder = manifest.rsplit_once(['/', '\\']).map_or("", |(folder, _)| folder).to_owned();
        (format!("{} {}", text(&package["name"]), text(&package["version"])), licence, folder)
    });
    Ok(works.collect())
}

/// What npm brought into the pages.
fn packages() -> Result<Vec<Work>> {
    let work = |name: &&str| {
        let folder = paths::root().join("ui/node_modules").join(name);
        let manifest: Value = serde_json::from_str(&fs::read_to_string(folder.join("package.json"))?)?;
        let version = manifest["version"].as_str().unwrap_or_default();
        let licence = manifest["license"].as_str().map(ToOwned::to_owned);
        Ok((format!("{name} {version}"), licence, folder.display().to_string()))
    };
    IN_THE_PAGES.iter().map(work).collect()
}

fn texts_in(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    let named = files.filter(|file| {
        let name = file.file_name().to_string_lossy().to_lowercase();
        NAMES.iter().any(|start| name.starts_with(start))
    });
    named.filter_map(|file| fs::read_to_string(file.path()).ok()).map(|text| text.replace('\r', "")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_inside_is_named_with_its_licence() {
        let works: Vec<Work> =
            crates().expect("cargo knows them").into_iter().chain(packages().expect("npm too")).collect();
        let without: Vec<&str> = works.iter().filter(|work| work.1.is_none()).map(|work| work.0.as_str()).collect();
        assert!(without.is_empty(), "nothing is shipped that names no licence: {without:?}");
        for wanted in ["tauri ", "sqlx ", "svelte "] {
            assert!(works.iter().any(|work| work.0.starts_with(wanted)), "{wanted}is inside, so it is named");
        }
        assert!(!works.iter().any(|work| work.0.starts_with("tauri-build ")), "what only builds is not inside");
        let folder = tempfile::tempdir().expect("a folder for the test");
        let file = folder.path().join("third-party.txt.gz");
        write(&file).expect("the texts are written");
        let read = run_quietly(Command::new("gzip").args(["-dc"]).arg(&file)).expect("it is packed");
        for wanted in ["tauri ", "svelte ", "Permission is hereby granted", "SIL OPEN FONT LICENSE"] {
            assert!(read.contains(wanted), "{wanted}is in the file");
        }
    }
}
