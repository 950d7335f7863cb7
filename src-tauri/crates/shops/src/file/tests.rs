//! Folders on a disk that ends, fills up, or is not there.

mod faults;
mod forms;
mod whole;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{DateTime, Duration, NaiveDate, TimeZone, Utc};
use presell_catalog::rules::Class;

use super::change::{Change, What};
use super::disk::{Disk, Machine};
use super::state::{Row, State};
use super::{Files, table};
use crate::adapter::{Outcome, ShopError};
use crate::model::Listing;
use crate::plan::{Expect, Op, Step};
use crate::settings::ShopSettings;

/// How a disk goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ill {
    /// The process ends before it is done, a file half-written.
    EndsBefore,
    /// The process ends when it was just done.
    EndsAfter,
    /// There is no room, from here on.
    Full,
}

/// A disk that goes wrong at its n-th call.
pub(crate) struct Frail {
    ill: Ill,
    at: usize,
    calls: AtomicUsize,
}

impl Frail {
    pub(crate) fn new(ill: Ill, at: usize) -> Arc<Frail> {
        Arc::new(Frail { ill, at, calls: AtomicUsize::new(0) })
    }

    /// Whether what was asked of it was too little for it to go wrong.
    pub(crate) fn held(&self) -> bool {
        self.calls.load(Ordering::Relaxed) <= self.at
    }

    fn touch(&self, work: impl FnOnce() -> io::Result<()>, half: impl FnOnce()) -> io::Result<()> {
        let call = self.calls.fetch_add(1, Ordering::Relaxed);
        let ended = || Err(io::Error::other("the process has ended"));
        match self.ill {
            _ if call < self.at => work(),
            Ill::Full => work(),
            Ill::EndsBefore if call == self.at => {
                half();
                ended()
            }
            Ill::EndsAfter if call == self.at => work().and_then(|()| ended()),
            Ill::EndsBefore | Ill::EndsAfter => ended(),
        }
    }
}

impl Disk for Frail {
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let half = || fs::write(path, &bytes[..bytes.len() / 2]).expect("the test's own disk has room");
        if self.ill == Ill::Full && self.calls.load(Ordering::Relaxed) >= self.at {
            self.calls.fetch_add(1, Ordering::Relaxed);
            half();
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.touch(|| Machine.write(path, bytes), half)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.touch(|| Machine.rename(from, to), || ())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.touch(|| Machine.remove(path), || ())
    }

    fn keep(&self, folder: &Path) -> io::Result<()> {
        self.touch(|| Machine.keep(folder), || ())
    }

    fn now(&self) -> DateTime<Utc> {
        noon()
    }
}

/// A shop of files on this disk.
pub(crate) fn on(disk: &Arc<Frail>, path: &Path) -> Files {
    Files::over(disk.clone(), path.to_owned(), ShopSettings::default())
}

/// A shop of files on a sound disk.
pub(crate) fn sound(path: &Path) -> Files {
    on(&Frail::new(Ill::Full, usize::MAX), path)
}

/// A folder that is ready.
pub(crate) fn ready() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    super::prepare(folder.path()).expect("it can be prepared");
    folder
}

/// The names of all changes, in order; a file that is staged has no business here.
pub(crate) fn changes(path: &Path) -> Vec<String> {
    let mut names: Vec<String> = files(&path.join("changes"));
    names.sort();
    let jsons = names.iter().filter_map(|name| name.strip_suffix(".json").map(str::to_owned)).collect::<Vec<_>>();
    let csvs = names.iter().filter(|name| name.ends_with(".csv")).count();
    assert_eq!(
        (jsons.len() * 2, csvs),
        (names.len(), jsons.len()),
        "each change is there in both forms, and nothing else is: {names:?}"
    );
    jsons
}

fn files(path: &Path) -> Vec<String> {
    fs::read_dir(path)
        .expect("a folder")
        .map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect()
}

/// What somebody has who followed all changes, line by line, from an empty shop; and the last of them.
fn followed(path: &Path) -> State {
    let mut state = State::default();
    for name in changes(path) {
        let bytes = fs::read(path.join("changes").join(format!("{name}.json"))).expect("it can be read");
        let change: Change = serde_json::from_slice(&bytes).expect("it is whole");
        assert_eq!(change.previous, state.change, "each change names the one before it");
        assert_eq!(
            fs::read(path.join("changes").join(format!("{name}.csv"))).expect("it can be read"),
            table::of_change(&change),
            "both forms say the same"
        );
        for line in change.operations {
            let row = state.rows.entry(line.sku).or_insert_with(|| Row { parent: line.parent, ..Row::default() });
            match line.operation {
                What::Stop => row.sells_without_stock = false,
                What::Sell => row.sells_without_stock = true,
                What::Mark => {
                    (row.class, row.promise_date, row.quantity) = (line.class, line.promise_date, line.quantity);
                }
                What::Unmark => (row.class, row.promise_date, row.quantity) = (None, None, None),
                What::Tag => row.tags.extend(line.tag),
                What::Untag => row.tags.retain(|tag| Some(tag) != line.tag.as_ref()),
            }
        }
        state.change = Some(name);
    }
    state
}

/// The rules of a folder that must hold whenever nobody is writing.
pub(crate) fn check(path: &Path) -> usize {
    let bytes = fs::read(path.join("listings.json")).ok();
    let state = bytes.map_or_else(State::default, |bytes| State::parse(&bytes).expect("the state is whole"));
    assert_eq!(followed(path), state, "who follows all changes has what the listings show");
    if state != State::default() {
        let table = fs::read(path.join("listings.csv")).expect("the table is there");
        assert_eq!(table, table::of_state(&state), "the table shows the same");
    }
    let left: Vec<String> = files(path).into_iter().filter(|name| name.ends_with(".part")).collect();
    assert!(left.is_empty(), "nothing half-done is left: {left:?}");
    state.rows.values().filter(|row| row.class.is_some()).count()
}

fn noon() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2027, 1, 4, 12, 0, 0).single().expect("a moment")
}

fn day(days: i64) -> NaiveDate {
    noon().date_naive() + Duration::days(days)
}

fn op(step: Step, sku: &str, listing: Option<Listing>) -> Op {
    let variant = (!matches!(step, Step::TagOn(_) | Step::TagOff(_))).then(|| sku.to_owned());
    Op { step, parent: sku.to_owned(), variant, products: vec![1], listing, expect: Expect::Any }
}

fn listing(days: i64) -> Listing {
    Listing { class: Class::PreOrder, promise_date: day(days), cap: 10 }
}

/// What lists a SKU.
fn lists(sku: &str, days: i64) -> Vec<Op> {
    vec![
        op(Step::Mark, sku, Some(listing(days))),
        op(Step::TagOn(Class::PreOrder), sku, None),
        op(Step::Sell, sku, None),
    ]
}

/// What takes it off.
fn takes_off(sku: &str) -> Vec<Op> {
    vec![op(Step::Stop, sku, None), op(Step::TagOff(Class::PreOrder), sku, None), op(Step::Unmark, sku, None)]
}

fn path(folder: &tempfile::TempDir) -> PathBuf {
    folder.path().to_owned()
}

fn submit(files: &Files, ops: &[Op]) -> Result<Vec<Outcome>, ShopError> {
    files.inner.submit(ops)
}
