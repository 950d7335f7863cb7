//! Adding a shop.

use presell_jobs::shops::doors;
use presell_shops::settings::ShopSettings;
use presell_shops::shop::{self, NewShop, Platform, ShopsError};
use presell_shops::shopify::Address;
use serde::Deserialize;
use ts_rs::TS;

use super::access::{Where, place, unfit};
use super::{ShopView, error, shop_of};
use crate::{App, Error, Field, Result};

/// A shop to add.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AddShop {
    /// The name people and commands use for it.
    pub name: String,
    /// What kind it is.
    pub platform: Platform,
    /// Its domain, such as my-shop.myshopify.com; of a shop of files, their folder. The demo shop needs none.
    #[serde(default)]
    pub address: String,
    /// Where it is instead, on this computer.
    #[serde(default)]
    pub base_url: Option<String>,
    /// The id of the app that asks for its tokens; without it the secret is a token itself.
    #[serde(default)]
    pub client_id: Option<String>,
    /// The token or the app's secret. It goes to this computer's keyring and nowhere else.
    #[serde(default)]
    pub secret: Option<String>,
    /// Where the secret is already, such as env:SHOP_TOKEN.
    #[serde(default)]
    pub secret_place: Option<String>,
    /// Settings that differ from the usual.
    #[serde(default)]
    pub settings: ShopSettings,
}

impl std::fmt::Debug for AddShop {
    /// Without the secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AddShop").field("name", &self.name).field("platform", &self.platform).finish_non_exhaustive()
    }
}

/// Adds a shop to the store. Nothing is sent to it.
pub async fn add_shop(app: &App, args: AddShop) -> Result<ShopView> {
    let name = args.name.trim().to_owned();
    let mut wrong = Vec::new();
    let mut refuse = |field: &str, message: &str| {
        wrong.push(Field { name: field.to_owned(), message: message.to_owned() });
    };
    if name.is_empty() || name.chars().any(char::is_control) {
        refuse("name", "Give the shop a name.");
    }
    if args.platform == Platform::Shopify && args.secret.is_none() && args.secret_place.is_none() {
        refuse("secret", "Give the token of the shop, or the secret of the app that asks for tokens.");
    }
    for (field, message) in args.settings.check() {
        refuse(field, &message);
    }
    if let Some(url) = &args.base_url
        && let Err(error) = Address::new("", Some(url))
    {
        refuse("baseUrl", &error.to_string());
    }
    let there = Where { platform: args.platform, address: args.address.trim(), base_url: args.base_url.as_deref() };
    if let Some(message) = unfit(app, there, None).await? {
        refuse("address", &message);
    }
    if !wrong.is_empty() {
        return Err(Error::fields(wrong));
    }
    let address = match args.platform {
        Platform::Demo if args.address.trim().is_empty() => doors::demo_state(&name).display().to_string(),
        _ => args.address.trim().to_owned(),
    };
    if shop::find(&app.db, &name).await.is_ok() {
        // Before its secret could take the place of the other one's.
        return Err(error(ShopsError::Taken(name)));
    }
    let secret = place(&name, args.secret, args.secret_place).await?;
    let new = NewShop {
        store_id: app.store().await?.id,
        name,
        platform: args.platform,
        address,
        base_url: args.base_url,
        client_id: args.client_id,
        secret,
        settings: args.settings,
    };
    let added = shop::add(&app.db, &new, &app.actor, app.now().await?).await.map_err(error)?;
    app.changed().await;
    shop_of(app, added).await
}
