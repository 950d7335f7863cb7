//! Changing and forgetting a shop.

use presell_jobs::shops::doors::SECRETS;
use presell_shops::secrets::Place;
use presell_shops::settings::ShopSettings;
use presell_shops::shop::{self, Platform, ShopsError};
use serde::Deserialize;
use ts_rs::TS;

use super::access::{Where, place, unfit};
use super::{NamedShop, ShopView, error, find, shop_of};
use crate::{App, Error, Field, Nothing, Result};

/// A shop to change.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChangeShop {
    /// Its name.
    pub name: String,
    /// The version that was read: a newer one refuses the change.
    #[serde(default)]
    pub version: Option<i64>,
    /// All its settings; none: they stay.
    #[serde(default)]
    pub settings: Option<ShopSettings>,
    /// Another domain or folder; none: it stays.
    #[serde(default)]
    pub address: Option<String>,
    /// Another app that asks for its tokens; empty: the secret is a token itself; none: as it was.
    #[serde(default)]
    pub client_id: Option<String>,
    /// Another token or app's secret. It goes to this computer's keyring and nowhere else.
    #[serde(default)]
    pub secret: Option<String>,
    /// Where another secret is already, such as env:SHOP_TOKEN.
    #[serde(default)]
    pub secret_place: Option<String>,
}

impl std::fmt::Debug for ChangeShop {
    /// Without the secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChangeShop").field("name", &self.name).field("version", &self.version).finish_non_exhaustive()
    }
}

/// Changes a shop: its settings, where it is, how it lets us in. It counts from its next sync on.
pub async fn change_shop(app: &App, args: ChangeShop) -> Result<ShopView> {
    let mut changed = find(app, &args.name).await?;
    let before = changed.secret.clone();
    if args.version.is_some_and(|version| version != changed.version) {
        return Err(error(ShopsError::Changed(changed.name)));
    }
    let mut wrong = Vec::new();
    let mut refuse = |name: &str, message: String| wrong.push(Field { name: name.to_owned(), message });
    for (field, message) in args.settings.iter().flat_map(ShopSettings::check) {
        refuse(field, message);
    }
    if let Some(address) = args.address.as_deref().map(str::trim) {
        if changed.platform == Platform::Shopify && changed.synced_at.is_some() && changed.address != address {
            let known = &changed.address;
            refuse("address", format!("What was written is in {known}. Connect the other one as a shop of its own."));
        }
        let there = Where { platform: changed.platform, address, base_url: changed.base_url.as_deref() };
        if let Some(message) = unfit(app, there, Some(&changed.name)).await? {
            refuse("address", message);
        }
        address.clone_into(&mut changed.address);
    }
    if !wrong.is_empty() {
        return Err(Error::fields(wrong));
    }
    changed.version = args.version.unwrap_or(changed.version);
    changed.settings = args.settings.unwrap_or(changed.settings);
    if let Some(client_id) = args.client_id.map(|id| id.trim().to_owned()) {
        changed.client_id = Some(client_id).filter(|id| !id.is_empty());
    }
    if args.secret.is_some() || args.secret_place.is_some() {
        changed.secret = place(&changed.name, args.secret, args.secret_place).await?;
    }
    let saved = shop::save(&app.db, &changed, &app.actor, app.now().await?).await.map_err(error)?;
    if saved.secret != before {
        forget(&before).await;
    }
    app.changed().await;
    shop_of(app, saved).await
}

/// Forgets a shop, and its secret. What the shop shows stays as it is.
pub async fn remove_shop(app: &App, args: NamedShop) -> Result<Nothing> {
    let gone = find(app, &args.name).await?;
    shop::remove(&app.db, &gone).await?;
    forget(&gone.secret).await;
    app.changed().await;
    Ok(Nothing {})
}

/// Forgets a secret. One that cannot be forgotten opens nothing that Presell still knows.
async fn forget(place: &str) {
    if let Ok(place) = place.parse::<Place>() {
        let _ = SECRETS.forget(&place).await;
    }
}
