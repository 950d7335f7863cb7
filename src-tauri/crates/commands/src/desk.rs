//! What this computer remembers for the person at it: where the data lives, which store the window shows, how it looks and
//! when it may speak. A small file in the person's folder for settings and not rows of the database, since it is needed
//! before a database is open, and differs from computer to computer.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Error, Preferences, Result};

/// The name of the file.
const FILE: &str = "presell.json";

/// What is remembered.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Remembered {
    /// The database that was chosen; none: the file in the person's data folder.
    pub database: Option<String>,
    /// The store that the window shows; none: `default`.
    pub store: Option<String>,
    /// How the window looks, and when it may speak.
    pub preferences: Preferences,
    /// What a newer Presell remembers stays as it is.
    #[serde(flatten)]
    others: Map<String, Value>,
}

/// Reads and writes it. Clones share what they remember; without a folder it lasts as long as the program.
#[derive(Clone, Debug, Default)]
pub struct Desk {
    file: Option<PathBuf>,
    kept: Arc<Mutex<Remembered>>,
}

impl Desk {
    /// The desk whose file is in this folder.
    pub fn in_folder(folder: &Path) -> Desk {
        Desk { file: Some(folder.join(FILE)), kept: Arc::default() }
    }

    /// Its file.
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// What is remembered; nothing where there is no file yet.
    ///
    /// # Errors
    /// The file cannot be read, or was written by hand and is not right.
    pub fn read(&self) -> Result<Remembered> {
        let Some(file) = &self.file else {
            return Ok(self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone());
        };
        let text = match std::fs::read_to_string(file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Remembered::default()),
            Err(error) => {
                return Err(Error::failed(format!("{} could not be read: {error}.", file.display())));
            }
        };
        serde_json::from_str(&text).map_err(|cause| {
            Error::failed(format!(
                "{} is not as Presell writes it: {cause}. Correct it, or remove it: Presell then begins with its defaults.",
                file.display()
            ))
        })
    }

    /// Changes what is remembered, all or nothing.
    ///
    /// # Errors
    /// Those of [`Desk::read`], and of writing the file.
    pub fn change(&self, change: impl FnOnce(&mut Remembered)) -> Result<Remembered> {
        let mut remembered = self.read()?;
        change(&mut remembered);
        if let Some(file) = &self.file {
            write(file, &remembered)?;
        } else {
            self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&remembered);
        }
        Ok(remembered)
    }
}

/// The file appears under its name only when it is complete. It may hold a password, so nobody else may read it.
fn write(file: &Path, remembered: &Remembered) -> Result<()> {
    let failed = |cause: &std::io::Error| {
        Error::failed(format!("{} could not be written: {cause}. Check that you may write there.", file.display()))
    };
    let folder = crate::backup::folder_of(file);
    std::fs::create_dir_all(&folder).map_err(|e| failed(&e))?;
    // A temporary file is its owner's alone, and stays so under its new name.
    let mut draft = tempfile::Builder::new().prefix(".presell-").tempfile_in(&folder).map_err(|e| failed(&e))?;
    let text = serde_json::to_string_pretty(remembered).map_err(|e| Error::failed(e.to_string()))?;
    std::io::Write::write_all(&mut draft, text.as_bytes()).map_err(|e| failed(&e))?;
    draft.persist(file).map_err(|e| failed(&e.error))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preferences::Appearance;

    #[test]
    fn what_is_remembered_outlives_the_program_and_is_the_owners_alone() {
        let folder = tempfile::tempdir().unwrap();
        let desk = Desk::in_folder(&folder.path().join("presell"));
        assert_eq!(desk.read().unwrap(), Remembered::default(), "nothing is remembered at first");
        desk.change(|r| r.database = Some("postgres://ann:secret@db.example/presell".to_owned())).unwrap();
        desk.change(|r| r.preferences.appearance = Appearance::Dark).unwrap();
        let again = Desk::in_folder(&folder.path().join("presell")).read().unwrap();
        assert_eq!(again.preferences.appearance, Appearance::Dark, "another start finds it");
        assert!(again.database.is_some(), "one change leaves the other values as they were");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = desk.file().unwrap().metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "it may hold a password: nobody else may read it");
        }
    }

    #[test]
    fn what_a_newer_version_wrote_stays_and_a_broken_file_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let desk = Desk::in_folder(folder.path());
        std::fs::write(desk.file().unwrap(), r#"{"store": "paris", "later": {"a": 1}}"#).unwrap();
        desk.change(|r| r.store = Some("rome".to_owned())).unwrap();
        let text = std::fs::read_to_string(desk.file().unwrap()).unwrap();
        assert!(text.contains("later") && text.contains("rome"), "values of a newer version must stay: {text}");
        std::fs::write(desk.file().unwrap(), "{").unwrap();
        let error = desk.change(|_| ()).unwrap_err().to_string();
        assert!(error.contains("presell.json"), "a broken file is named and not overwritten: {error}");
    }
}
