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
    packed(&text_of(crates()?.into_iter().chain(packages(&paths::root().join("ui/node_modules"))?))?, file)
}

/// All names and licences, and each text once.
fn text_of(works: impl Iterator<Item = Work>) -> Result<String> {
    let mut texts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, licence, folder) in works {
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
    Ok(all)
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

/// What npm brought into the pages; `folder` is where it keeps what it fetched.
fn packages(folder: &Path) -> Result<Vec<Work>> {
    let work = |name: &&str| {
        let folder = folder.join(name);
        let manifest = fs::read_to_string(folder.join("package.json"))
            .with_context(|| format!("{name} is not there: run `npm ci` in ui/"))?;
        let manifest: Value = serde_json::from_str(&manifest)?;
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

    /// As `npm ci` leaves them, so that the test needs no network and no order among the checks.
    fn fetched() -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder for the test");
        for name in IN_THE_PAGES {
            let place = folder.path().join(name);
            fs::create_dir_all(&place).expect("a folder for the package");
            fs::write(place.join("package.json"), r#"{"version":"1.2.3","license":"MIT"}"#).expect("its manifest");
            fs::write(place.join("LICENSE.md"), format!("The licence of {name}.\r\n")).expect("its licence");
        }
        folder
    }

    #[test]
    fn everything_inside_is_named_with_its_licence() {
        let fetched = fetched();
        let mut works = crates().expect("cargo knows them");
        works.extend(packages(fetched.path()).expect("npm's too"));
        let without: Vec<&str> = works.iter().filter(|work| work.1.is_none()).map(|work| work.0.as_str()).collect();
        assert!(without.is_empty(), "nothing is shipped that names no licence: {without:?}");
        assert!(!works.iter().any(|work| work.0.starts_with("tauri-build ")), "what only builds is not inside");
        let text = text_of(works.into_iter()).expect("all have one");
        for wanted in ["tauri 2", "sqlx 0", "svelte 1.2.3 (MIT)", "Permission is hereby granted", "of svelte.\n"] {
            assert!(text.contains(wanted), "{wanted:?} is in the text");
        }
    }

    #[test]
    fn what_names_no_licence_is_refused_and_what_is_not_fetched_says_how() {
        let unnamed = ("mystery 1.0".to_owned(), None, String::new());
        let refused = text_of([unnamed].into_iter()).expect_err("nobody may ship it");
        assert!(refused.to_string().contains("mystery 1.0"), "the one without is named: {refused}");
        let empty = tempfile::tempdir().expect("a folder for the test");
        let missing = packages(empty.path()).expect_err("nothing was fetched");
        assert!(missing.to_string().contains("npm ci"), "it says what to do: {missing}");
    }

    #[test]
    fn a_packed_text_is_the_same_bytes_each_time() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let (one, two) = (folder.path().join("one.gz"), folder.path().join("two.gz"));
        packed("the text", &one).expect("it is packed");
        packed("the text", &two).expect("and once more");
        assert_eq!(fs::read(&one).expect("one"), fs::read(&two).expect("two"), "no time or name inside");
        let read = run_quietly(Command::new("gzip").args(["-dc"]).arg(&one)).expect("it unpacks");
        assert_eq!(read, "the text", "and it is what went in");
    }
}
