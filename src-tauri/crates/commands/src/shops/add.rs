//! Adding, changing and forgetting a shop.

use std::path::Path;

use presell_jobs::shops::doors::{self, SECRETS};
use presell_shops::file;
use presell_shops::secrets::{Place, Secret};
use presell_shops::settings::ShopSettings;
use presell_shops::shop::{self, NewShop, Platform, Shop};
use presell_shops::shopify::Address;
use serde::Deserialize;
use ts_rs::TS;

use super::{NamedShop, ShopView, error, find, shop_of};
use crate::{App, Error, Field, Nothing, Result};

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
    if args.platform == Platform::Shopify && args.address.trim().is_empty() {
        refuse("address", "Give the shop's domain, such as my-shop.myshopify.com.");
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
    } else if args.platform == Platform::Shopify
        && args.base_url.is_none()
        && !args.address.trim().is_empty()
        && let Err(error) = Address::new(args.address.trim(), None)
    {
        refuse("address", &error.to_string());
    }
    let store_id = app.store().await?.id;
    if args.platform == Platform::File
        && let Some(message) = unfit(app, store_id, args.address.trim()).await?
    {
        refuse("address", &message);
    }
    if !wrong.is_empty() {
        return Err(Error::fields(wrong));
    }
    let address = match args.platform {
        Platform::Demo if args.address.trim().is_empty() => doors::demo_state(&name).display().to_string(),
        _ => args.address.trim().to_owned(),
    };
    let secret = place(&name, args.secret, args.secret_place).await?;
    let new = NewShop {
        store_id,
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

/// Why a folder cannot be a shop; none: it can, and is ready.
async fn unfit(app: &App, store_id: i64, folder: &str) -> Result<Option<String>> {
    let path = Path::new(folder);
    if !path.is_absolute() {
        return Ok(Some("Give the folder from its beginning on, as your file manager shows it.".to_owned()));
    }
    let same = |shop: &Shop| shop.platform == Platform::File && Path::new(&shop.address) == path;
    if let Some(other) = shop::list(&app.db, store_id).await?.into_iter().find(same) {
        return Ok(Some(format!(
            "This folder is the shop \"{}\" already. Each shop needs one of its own.",
            other.name
        )));
    }
    let path = path.to_owned();
    let prepared = tokio::task::spawn_blocking(move || file::prepare(&path)).await;
    Ok(match prepared {
        Ok(ready) => ready.err().map(|error| error.to_string()),
        Err(error) => Some(format!("The folder could not be looked at: {error}.")),
    })
}

/// Puts the secret where it is kept: the keyring, or a file for this user only where there is none.
async fn place(name: &str, secret: Option<String>, given: Option<String>) -> Result<String> {
    let refused = |message: String| Error::fields(vec![Field { name: "secret".to_owned(), message }]);
    if let Some(given) = given {
        let place: Place = given.parse().map_err(|error| refused(format!("{error}")))?;
        return Ok(place.to_string());
    }
    let Some(secret) = secret.map(Secret::from) else { return Ok("none".to_owned()) };
    let keyring = Place::Keyring(name.to_owned());
    if SECRETS.keep(&keyring, secret.clone()).await.is_ok() {
        return Ok(keyring.to_string());
    }
    let file = Place::File(name.to_owned());
    SECRETS.keep(&file, secret).await.map_err(|error| refused(error.to_string()))?;
    Ok(file.to_string())
}

/// A shop to change.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChangeShop {
    /// Its name.
    pub name: String,
    /// The version that was read: a newer one refuses the change.
    #[serde(default)]
    pub version: Option<i64>,
    /// All its settings.
    pub settings: ShopSettings,
}

/// Changes the settings of a shop. They count from its next sync on.
pub async fn change_shop(app: &App, args: ChangeShop) -> Result<ShopView> {
    let mut changed = find(app, &args.name).await?;
    let wrong = args.settings.check().into_iter().map(|(field, message)| Field { name: field.to_owned(), message });
    let wrong: Vec<Field> = wrong.collect();
    if !wrong.is_empty() {
        return Err(Error::fields(wrong));
    }
    changed.version = args.version.unwrap_or(changed.version);
    changed.settings = args.settings;
    let saved = shop::save(&app.db, &changed, &app.actor, app.now().await?).await.map_err(error)?;
    app.changed().await;
    shop_of(app, saved).await
}

/// Forgets a shop, and its secret. What the shop shows stays as it is.
pub async fn remove_shop(app: &App, args: NamedShop) -> Result<Nothing> {
    let gone = find(app, &args.name).await?;
    shop::remove(&app.db, &gone).await?;
    if let Ok(place) = gone.secret.parse::<Place>() {
        // One that cannot be forgotten opens nothing that Presell still knows.
        let _ = SECRETS.forget(&place).await;
    }
    app.changed().await;
    Ok(Nothing {})
}
