//! `presell refresh`, `catalog`, `why` and `exclude`.

use presell_catalog::rules::Class;
use presell_commands::{
    App, ExcludeProducts, Explain, ListCatalog, RefreshCatalog, Result, exclude_products, explain, list_catalog,
    refresh_catalog,
};

use crate::arguments::Refresh;
use crate::output::{Ending, Output};
use crate::render;

/// Changes handed to a program; beyond this many they are only counted.
const CHANGES_AS_JSON: usize = 1_000_000;
/// Changes shown to a person.
pub(crate) const CHANGES_SHOWN: usize = 50;

pub(crate) async fn refresh(app: &App, output: Output, asked: Refresh) -> Result<Ending> {
    let dry_run = asked.dry_run;
    let request = RefreshCatalog {
        dry_run,
        full: asked.full,
        skus: asked.sku,
        as_of: asked.as_of,
        confirm: asked.confirm,
        max_change_percent: asked.max_change_percent,
        list_changes: if output.json { CHANGES_AS_JSON } else { CHANGES_SHOWN },
    };
    let refreshed = refresh_catalog(app, request).await?;
    output.answer(&refreshed, |refreshed| render::refreshed(refreshed, dry_run))?;
    Ok(Ending::Done)
}

pub(crate) async fn list(app: &App, output: Output, category: Option<Class>, search: Option<String>) -> Result<Ending> {
    let filtered = category.is_some() || search.is_some();
    let listed = list_catalog(app, ListCatalog { category, search }).await?;
    let zone = app.store().await?.zone;
    output.answer(listed.as_slice(), |listed| render::catalog(listed, zone, filtered))?;
    Ok(Ending::Done)
}

pub(crate) async fn why(app: &App, output: Output, sku: String) -> Result<Ending> {
    let why = explain(app, Explain { sku }).await?;
    let zone = app.store().await?.zone;
    output.answer(&why, |why| render::why(why, zone))?;
    Ok(Ending::Done)
}

pub(crate) async fn exclude(app: &App, output: Output, skus: Vec<String>, excluded: bool) -> Result<Ending> {
    let done = exclude_products(app, ExcludeProducts { skus, excluded }).await?;
    output.answer(&done, |done| {
        let what = if done.excluded { "Kept out of pre-selling" } else { "Let in again" };
        format!("{what}: {}.\nBring the lists up to date with: presell refresh\n", done.skus.join(", "))
    })?;
    Ok(Ending::Done)
}
