//! A shop that reads files: everything it should show as one table, and each sync's changes as another, in a folder.
//!
//! `state` is what the shop shows, `change` the difference of two states, `products` what the shop's owner says there is,
//! `table` their form as CSV. `folder` writes all of it so that a reader never finds half of anything, and a process that ends
//! anywhere leaves the old state or the new one, each with just the changes that led to it. `disk` is the machine below.

mod change;
mod disk;
mod folder;
mod products;
mod state;
mod table;
#[cfg(test)]
pub(crate) mod tests;
mod trouble;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use crate::adapter::{Adapter, Answers, Capabilities, Ledger, Outcome, ShopError};
use crate::model::{Seen, Tags};
use crate::plan::{Expect, Op};
use crate::settings::ShopSettings;
use disk::{Disk, Machine};
use folder::Folder;
use products::Products;
use state::State;

/// A drive that takes longer is taken for one that is away.
const PATIENCE: Duration = Duration::from_secs(60);

/// A shop of files. Clones work on the same folder.
#[derive(Clone)]
pub struct Files {
    inner: Arc<Inner>,
}

struct Inner {
    folder: Folder,
    settings: ShopSettings,
}

/// Makes a folder ready to be a shop: the place of its changes is made, by which Presell knows the folder again.
///
/// # Errors
/// There is no such folder, or nothing can be written there: [`ShopError::Blocked`] or [`ShopError::Away`] says what to do.
pub fn prepare(path: &Path) -> Result<(), ShopError> {
    Folder::new(path.to_owned(), Arc::new(Machine)).prepare()
}

impl Files {
    /// The shop in this folder; nothing is looked at yet.
    pub fn new(path: PathBuf, settings: ShopSettings) -> Files {
        Files::over(Arc::new(Machine), path, settings)
    }

    fn over(disk: Arc<dyn Disk>, path: PathBuf, settings: ShopSettings) -> Files {
        Files { inner: Arc::new(Inner { folder: Folder::new(path, disk), settings }) }
    }

    /// Does what takes a disk, which may be at the other end of a network.
    async fn on_disk<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> Result<T, ShopError> + Send + 'static,
    ) -> Result<T, ShopError> {
        let inner = Arc::clone(&self.inner);
        let path = self.inner.folder.path.display().to_string();
        match tokio::time::timeout(PATIENCE, tokio::task::spawn_blocking(move || work(&inner))).await {
            Ok(Ok(done)) => done,
            Ok(Err(ended)) => Err(ShopError::Answer(format!("The work on the files in {path} ended early: {ended}."))),
            Err(_) => Err(trouble::silent(&path)),
        }
    }
}

impl fmt::Debug for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Files").field("folder", &self.inner.folder.path).finish_non_exhaustive()
    }
}

impl Inner {
    fn find(&self, skus: &[String]) -> Result<Vec<Seen>, ShopError> {
        let (state, products) = (self.folder.read()?, self.folder.products()?);
        let view = View::new(&state, &products, &self.settings);
        Ok(skus
            .iter()
            .flat_map(|sku| (0..products.count(sku)).map(|nth| view.seen(sku, nth)).collect::<Vec<_>>())
            .collect())
    }

    fn see(&self, skus: &[String]) -> Result<Vec<Seen>, ShopError> {
        let (state, products) = (self.folder.read()?, self.folder.products()?);
        let view = View::new(&state, &products, &self.settings);
        Ok(skus.iter().filter(|sku| products.count(sku) > 0).map(|sku| view.seen(sku, 0)).collect())
    }

    fn marked(&self) -> Result<Vec<Seen>, ShopError> {
        let (state, products) = (self.folder.read()?, self.folder.products()?);
        let view = View::new(&state, &products, &self.settings);
        let all = state.rows.keys().map(|sku| view.seen(sku, 0));
        Ok(all.filter(|seen| seen.mark.listing().is_some() || seen.tags != Tags::default()).collect())
    }

    fn submit(&self, ops: &[Op]) -> Result<Vec<Outcome>, ShopError> {
        let after = self.folder.change(|before| {
            if ops.iter().any(|op| self.overtaken(before, op)) {
                return Err(trouble::overtaken(&self.folder.path));
            }
            Ok(before.with(ops, &self.settings))
        })?;
        let digest = |op: &Op| after.rows.get(op.variant.as_ref()?).map(state::Row::digest);
        Ok(ops.iter().map(|op| Outcome::Done(digest(op))).collect())
    }

    /// Whether somebody changed what this operation replaces since it was planned.
    fn overtaken(&self, before: &State, op: &Op) -> bool {
        let there = || op.variant.as_ref().and_then(|sku| before.rows.get(sku)).map(state::Row::digest);
        match (&op.expect, op.step.marks()) {
            (Expect::Any, _) | (_, false) => false,
            (Expect::Absent, true) => there().is_some(),
            (Expect::Digest(digest), true) => there().as_ref() != Some(digest),
        }
    }

    fn test(&self) -> Result<Answers, ShopError> {
        let (state, products) = (self.folder.look()?, self.folder.products()?);
        self.folder.try_writing()?;
        let listed = state.rows.values().filter(|row| row.mark(&self.settings).listing().is_some()).count();
        let notes = vec![
            "The folder can be written.".to_owned(),
            products.to_string(),
            format!("{} shows {listed} as listed.", folder::LISTINGS),
        ];
        Ok(Answers { name: self.folder.path.display().to_string(), notes, ..Answers::default() })
    }
}

/// Both files together: what there is, and what is shown of it.
struct View<'a> {
    state: &'a State,
    products: &'a Products,
    settings: &'a ShopSettings,
    tags: std::collections::HashMap<&'a str, Tags>,
}

impl<'a> View<'a> {
    fn new(state: &'a State, products: &'a Products, settings: &'a ShopSettings) -> View<'a> {
        View { state, products, settings, tags: state.tags(settings) }
    }

    fn seen(&self, sku: &str, nth: usize) -> Seen {
        let row = self.state.rows.get(sku);
        let parent = self.products.parent(sku).unwrap_or(sku);
        Seen {
            variant: if nth == 0 { sku.to_owned() } else { format!("{sku} #{}", nth + 1) },
            parent: parent.to_owned(),
            sku: sku.to_owned(),
            title: parent.to_owned(),
            continues: row.is_some_and(|row| row.sells_without_stock),
            mark: row.map_or(crate::model::Mark::None, |row| row.mark(self.settings)),
            digest: row.map(state::Row::digest),
            tags: self.tags.get(parent).copied().unwrap_or_default(),
            quantity: None,
        }
    }
}

impl Adapter for Files {
    fn capabilities(&self) -> Capabilities {
        Capabilities { tags: true, reads: true, batch: usize::MAX, bulk_from: usize::MAX, whole: true }
    }

    fn test(&self) -> BoxFuture<'_, Result<Answers, ShopError>> {
        self.on_disk(Inner::test).boxed()
    }

    fn find<'a>(&'a self, skus: &'a [String]) -> BoxFuture<'a, Result<Vec<Seen>, ShopError>> {
        let skus = skus.to_vec();
        self.on_disk(move |inner| inner.find(&skus)).boxed()
    }

    fn see<'a>(&'a self, variants: &'a [String]) -> BoxFuture<'a, Result<Vec<Seen>, ShopError>> {
        let variants = variants.to_vec();
        self.on_disk(move |inner| inner.see(&variants)).boxed()
    }

    fn marked<'a>(&'a self) -> BoxFuture<'a, Result<Vec<Seen>, ShopError>> {
        self.on_disk(Inner::marked).boxed()
    }

    fn submit<'a>(&'a self, ops: &'a [Op], ledger: &'a dyn Ledger) -> BoxFuture<'a, Result<Vec<Outcome>, ShopError>> {
        let ops = ops.to_vec();
        async move {
            if !ledger.may_write() {
                return Err(ShopError::Stopped);
            }
            self.on_disk(move |inner| inner.submit(&ops)).await
        }
        .boxed()
    }

    /// A file is there or not: nothing goes on by itself.
    fn settle<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<(), ShopError>> {
        std::future::ready(Ok(())).boxed()
    }
}
