//! What the names in a file of customer orders stand for.

use presell_catalog::stores::{self, Store, StoresError};
use rustc_hash::FxHashMap;

use super::plan::Resolved;
use super::rows::{ItemRow, Rows};
use crate::intake::Job;
use crate::lookup::{self, Products};
use crate::problem::{Check, Problem};
use crate::request::ImportError;
use crate::texts::Text;

/// What the names in the file stand for.
pub(super) struct Found {
    pub(super) products: Products,
    /// The store of the import first, then those that the file names.
    pub(super) stores: Vec<Store>,
    by_name: FxHashMap<Text, usize>,
}

impl Found {
    pub(super) async fn look_up(job: &Job<'_>, rows: &Rows) -> Result<Found, ImportError> {
        let mut tx = job.db.begin_read().await?;
        let skus: Vec<Text> = rows.skus.iter().map(|(sku, _)| sku).collect();
        let products = lookup::products(&mut tx, &rows.skus, &skus, job.request.create).await?;
        let mut found = Found { products, stores: vec![job.store.clone()], by_name: FxHashMap::default() };
        for (text, code) in rows.stores.iter() {
            match stores::find(&mut tx, code).await {
                Ok(store) if store.id == job.store.id => drop(found.by_name.insert(text, 0)),
                Ok(store) => {
                    found.by_name.insert(text, found.stores.len());
                    found.stores.push(store);
                }
                Err(StoresError::Unknown(_)) => {}
                Err(other) => return Err(other.into()),
            }
        }
        tx.rollback().await?;
        Ok(found)
    }

    /// V6, V7: whether product and store of a row are known or may be added.
    pub(super) fn accepts(&self, job: &mut Job<'_>, names: &Rows, row: &ItemRow) -> bool {
        let at = u64::from(row.row);
        let product = job.check_product(at, names.skus.get(row.sku), self.products.get(row.sku));
        let store = row.store.is_none_or(|store| {
            self.by_name.contains_key(&store) || {
                let name = names.stores.get(store);
                let message = format!("There is no store {name}. Correct it, or leave the cell empty.");
                job.findings.add(Problem::refused(Check::V7, at, message).with_value(name))
            }
        });
        product && store && job.findings.out(at).is_none()
    }

    /// The row with the keys of what it names.
    pub(super) fn resolve<'a>(&self, row: &'a ItemRow) -> Resolved<'a> {
        let store = row.store.and_then(|store| self.by_name.get(&store).copied()).unwrap_or(0);
        Resolved { row, product: self.products.id(row.sku), store }
    }
}
