//! The watched folder: `products/`, `inventory/` … hold what waits, `done/` and `refused/` what was taken or not.

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::time::SystemTime;

use presell_imports::headers::Kind;
use presell_scheduler::{Failure, reason};

/// Kinds in the order they are taken: what others refer to goes first.
const ORDER: [Kind; 5] = [Kind::Products, Kind::Inventory, Kind::PurchaseOrders, Kind::Receipts, Kind::Orders];

pub(super) struct Folder(PathBuf);

/// A file that waits. Two looks that are equal say that nobody wrote to it between them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Waiting {
    /// Where the kind stands in the order of taking, then how old the file is, then its name.
    place: usize,
    modified: Option<SystemTime>,
    /// Folder of its kind and name, e.g. `inventory/monday.csv`.
    pub(super) name: String,
    bytes: u64,
}

impl Folder {
    /// The folder must be there; the folders in it are made.
    pub(super) fn open(path: &str) -> Result<Folder, Failure> {
        let folder = PathBuf::from(path);
        if !folder.is_dir() {
            let message = format!("There is no folder {path} on this computer. Make it, or change importPath.");
            return Err(Failure::permanent(reason::BAD_PARAMETERS, message));
        }
        for kind in ORDER {
            let inside = folder.join(kind.as_str());
            fs::create_dir_all(&inside).map_err(|error| not_usable(&inside, &error))?;
        }
        Ok(Folder(folder))
    }

    /// Itself, and where files come to.
    pub(super) fn places(&self) -> Vec<PathBuf> {
        std::iter::once(self.0.clone()).chain(ORDER.iter().map(|kind| self.0.join(kind.as_str()))).collect()
    }

    /// What waits, in the order to take it. Hidden and half-downloaded files are none.
    pub(super) fn waiting(&self) -> Result<Vec<Waiting>, Failure> {
        let mut found = Vec::new();
        for (place, kind) in ORDER.iter().enumerate() {
            let inside = self.0.join(kind.as_str());
            let entries = fs::read_dir(&inside).map_err(|error| not_usable(&inside, &error))?;
            for entry in entries.flatten() {
                let name = entry.file_name().to_string_lossy().into_owned();
                let unfinished = [".tmp", ".part", ".crdownload", ".filepart"].iter().any(|end| name.ends_with(end));
                // One that vanishes meanwhile was taken by somebody.
                let Ok(about) = entry.metadata() else { continue };
                if about.is_file() && !unfinished && !name.starts_with(['.', '~']) {
                    let name = format!("{}/{name}", kind.as_str());
                    found.push(Waiting { place, modified: about.modified().ok(), name, bytes: about.len() });
                }
            }
        }
        found.sort();
        Ok(found)
    }

    /// Kind and path of a file; a name that leads out of the folder is refused.
    pub(super) fn find(&self, name: &str) -> Result<(Kind, PathBuf), Failure> {
        let parts: Vec<Component<'_>> = Path::new(name).components().collect();
        let kind = match parts.as_slice() {
            [Component::Normal(kind), Component::Normal(_)] => {
                ORDER.into_iter().find(|k| kind.to_str() == Some(k.as_str()))
            }
            _ => None,
        };
        let message =
            || format!("\"{name}\" is no file of the folder. Give kind and name, such as inventory/monday.csv.");
        let kind = kind.ok_or_else(|| Failure::permanent(reason::BAD_PARAMETERS, message()))?;
        Ok((kind, self.0.join(name)))
    }

    /// Where the file goes, `done` or `refused`; a name that is taken there gets the number of the run.
    pub(super) fn place(&self, outcome: &str, kind: Kind, path: &Path, run: i64) -> Result<PathBuf, Failure> {
        let inside = self.0.join(outcome).join(kind.as_str());
        fs::create_dir_all(&inside).map_err(|error| not_usable(&inside, &error))?;
        let name = path.file_name().unwrap_or_default();
        let wanted = inside.join(name);
        if !wanted.exists() {
            return Ok(wanted);
        }
        let (stem, end) = (path.file_stem().unwrap_or_default(), path.extension().unwrap_or_default());
        let name = format!("{} (run {run}).{}", stem.to_string_lossy(), end.to_string_lossy());
        Ok(inside.join(name.trim_end_matches('.')))
    }
}

/// Moves a file; one that somebody took away meanwhile is none of ours any more.
pub(super) fn carry(from: &Path, to: &Path) -> Result<(), Failure> {
    match fs::rename(from, to) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(not_usable(to, &error)),
    }
}

pub(super) fn not_usable(path: &Path, error: &std::io::Error) -> Failure {
    let message = format!("{} cannot be used: {error}. Check that Presell may read and write there.", path.display());
    Failure::permanent("FOLDER", message)
}
