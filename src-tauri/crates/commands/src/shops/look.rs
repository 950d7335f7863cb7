//! What is known of shops, without asking them.

use presell_shops::adapter::Answers;
use presell_shops::diff::{Difference, diff};
use presell_shops::facts::decided_at;
use presell_shops::matrix::{Filter, Matrix, StateCount, matrix};
use presell_shops::settings::ShopSettings;
use presell_shops::shop::{self, Platform, Shop, ShopState};
use presell_store::At;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{NamedShop, find};
use crate::{App, Nothing, Result};

/// One shop.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ShopView {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub platform: Platform,
    /// Its domain or folder.
    pub address: String,
    /// How Presell and the shop get on.
    pub state: ShopState,
    /// Why not well, and what to do.
    pub trouble: Option<String>,
    /// Its settings.
    pub settings: ShopSettings,
    /// Raised by every change.
    pub version: i64,
    /// Where its secret is kept: `keyring`, `file`, `env`, or `none`.
    pub secret: String,
    /// What its last test said: its name, plan, zone, what is missing.
    pub answers: Option<Answers>,
    /// When the lists that it is to show were last decided.
    pub decided_at: Option<At>,
    /// They are older than the shop is set to trust: a sync only takes passed dates off.
    pub stale: bool,
    /// When a sync last ran to its end.
    pub synced_at: Option<At>,
    /// When everything of ours was last read back.
    pub looked_at: Option<At>,
    /// Products that were not found in it, or never looked for.
    pub unlinked: i64,
    /// Products by state.
    pub states: Vec<StateCount>,
}

/// The shop as it is shown.
pub(super) async fn shop_of(app: &App, shop: Shop) -> Result<ShopView> {
    let store = app.store().await?;
    let (now, decided_at) = (app.now().await?, decided_at(&app.db, &shop).await?);
    let oldest = now - chrono::Duration::hours(shop.settings.max_catalog_age_hours);
    let counted = matrix(&app.db, &store, &shop, &Filter { limit: 1, ..Filter::default() }, now).await?;
    Ok(ShopView {
        name: shop.name,
        platform: shop.platform,
        address: shop.address,
        state: shop.state,
        trouble: shop.trouble,
        settings: shop.settings,
        version: shop.version,
        secret: shop.secret.split(':').next().unwrap_or("none").to_owned(),
        answers: shop.answers,
        decided_at: decided_at.map(At),
        stale: decided_at.is_none_or(|at| at < oldest),
        synced_at: shop.synced_at.map(At),
        looked_at: shop.drift_at.map(At),
        unlinked: counted.unlinked,
        states: counted.states,
    })
}

/// The shops of the store, by name.
pub async fn list_shops(app: &App, _: Nothing) -> Result<Vec<ShopView>> {
    let mut views = Vec::new();
    for shop in shop::list(&app.db, app.store().await?.id).await? {
        views.push(shop_of(app, shop).await?);
    }
    Ok(views)
}

/// What a sync would do, without asking the shop.
pub async fn diff_shop(app: &App, args: NamedShop) -> Result<Vec<Difference>> {
    let shop = find(app, &args.name).await?;
    Ok(diff(&app.db, &app.store().await?, &shop, app.now().await?).await?)
}

/// Products in a shop.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BrowseShop {
    /// The shop.
    pub name: String,
    /// Words in SKU or title.
    #[serde(default)]
    pub search: String,
    /// Only products in this state.
    #[serde(default)]
    pub state: Option<String>,
    /// Rows to leave out at the start.
    #[serde(default)]
    pub offset: i64,
    /// Rows at most.
    #[serde(default = "page")]
    pub limit: i64,
}

fn page() -> i64 {
    100
}

/// Products with what they should show in a shop, what they show, and how far that is.
pub async fn browse_shop(app: &App, args: BrowseShop) -> Result<Matrix> {
    let shop = find(app, &args.name).await?;
    let filter = Filter { search: args.search, state: args.state, offset: args.offset, limit: args.limit };
    Ok(matrix(&app.db, &app.store().await?, &shop, &filter, app.now().await?).await?)
}
