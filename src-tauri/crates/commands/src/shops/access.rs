//! Where a shop is, and how it lets us in.

use std::path::Path;

use presell_jobs::shops::doors::SECRETS;
use presell_shops::file;
use presell_shops::secrets::{Place, Secret};
use presell_shops::shop::{self, Platform, Shop};
use presell_shops::shopify::Address;

use crate::{App, Error, Field, Result};

/// Where a shop is said to be.
pub(super) struct Where<'a> {
    pub(super) platform: Platform,
    pub(super) address: &'a str,
    pub(super) base_url: Option<&'a str>,
}

/// Why a shop cannot be there; none: it can, and a folder is ready. `own` is the shop that moves there.
pub(super) async fn unfit(app: &App, there: Where<'_>, own: Option<&str>) -> Result<Option<String>> {
    match there.platform {
        Platform::Demo => Ok(None),
        Platform::Shopify if there.address.is_empty() => {
            Ok(Some("Give the shop's domain, such as my-shop.myshopify.com.".to_owned()))
        }
        // On this computer a domain is only a name.
        Platform::Shopify if there.base_url.is_some() => Ok(None),
        Platform::Shopify => Ok(Address::new(there.address, None).err().map(|error| error.to_string())),
        Platform::File => unfit_folder(app, Path::new(there.address), own).await,
    }
}

async fn unfit_folder(app: &App, path: &Path, own: Option<&str>) -> Result<Option<String>> {
    if !path.is_absolute() {
        return Ok(Some("Give the folder from its beginning on, as your file manager shows it.".to_owned()));
    }
    let same = |shop: &Shop| shop.platform == Platform::File && Path::new(&shop.address) == path;
    let shops = shop::list(&app.db, app.store().await?.id).await?;
    if let Some(other) = shops.into_iter().find(|shop| same(shop) && own != Some(&*shop.name)) {
        return Ok(Some(format!(
            "This folder is the shop \"{}\" already. Each shop needs one of its own.",
            other.name
        )));
    }
    let path = path.to_owned();
    Ok(match tokio::task::spawn_blocking(move || file::prepare(&path)).await {
        Ok(ready) => ready.err().map(|error| error.to_string()),
        Err(error) => Some(format!("The folder could not be looked at: {error}.")),
    })
}

/// Puts the secret where it is kept: the keyring, or a file for this user only where there is none.
pub(super) async fn place(name: &str, secret: Option<String>, given: Option<String>) -> Result<String> {
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
