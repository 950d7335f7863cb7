//! What would be if something were different.

use presell_catalog::what_if::{Changes, Imagined, WhatIfError};
use serde::Deserialize;
use ts_rs::TS;

use super::unknown_sku;
use crate::{App, Error, Field, Result};

/// Most pieces that can be imagined; beyond it a slip of the finger is likelier.
const MOST: i64 = 1_000_000;

/// A product, and what to imagine about it.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WhatIf {
    /// Its SKU.
    pub sku: String,
    /// What to imagine.
    pub changes: Changes,
}

/// What the rules would say of a product with some facts changed, beside what they say now. Nothing is written.
pub async fn what_if(app: &App, args: WhatIf) -> Result<Imagined> {
    let refused = refused(&args.changes);
    if !refused.is_empty() {
        return Err(Error::fields(refused));
    }
    let (store, now, sku) = (app.store().await?, app.now().await?, args.sku.trim());
    match presell_catalog::what_if::what_if(&app.db, &store, sku, &args.changes, now).await {
        Ok(imagined) => Ok(imagined),
        Err(WhatIfError::UnknownSku(sku)) => Err(unknown_sku(app, &sku).await?),
        Err(WhatIfError::Stores(error)) => Err(error.into()),
        Err(error) => Err(Error::NotFound { message: error.to_string() }),
    }
}

fn refused(changes: &Changes) -> Vec<Field> {
    let pieces = [
        ("quantity", changes.quantity, 0),
        ("received", changes.received, 0),
        ("buffer", changes.buffer, 0),
        ("stock", changes.stock, -MOST),
    ];
    let outside = |(_, value, least): &(&str, Option<i64>, i64)| value.is_some_and(|n| !(*least..=MOST).contains(&n));
    let field = |(name, _, least): (&str, Option<i64>, i64)| Field {
        name: name.to_owned(),
        message: format!("Give whole pieces from {least} to {MOST}."),
    };
    pieces.into_iter().filter(outside).map(field).collect()
}
