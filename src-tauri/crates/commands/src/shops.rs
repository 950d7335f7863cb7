//! The shops of a store: added, tested, looked at, synced.

mod access;
mod add;
mod change;
mod look;
mod work;

pub use add::{AddShop, add_shop};
pub use change::{ChangeShop, change_shop, remove_shop};
use look::shop_of;
pub use look::{BrowseShop, ShopView, browse_shop, diff_shop, list_shops};
pub use work::{ShopSynced, ShopTested, SyncShop, check_drift, link_shop, sync_shop, test_shop};

use presell_shops::shop::{self, Shop, ShopsError};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{App, Error, Result};

/// A shop, named.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NamedShop {
    /// Its name.
    pub name: String,
}

/// The shop of this name.
pub(crate) async fn find(app: &App, name: &str) -> Result<Shop> {
    shop::find(&app.db, name).await.map_err(error)
}

pub(crate) fn error(error: ShopsError) -> Error {
    let message = error.to_string();
    match error {
        ShopsError::Store(error) => error.into(),
        ShopsError::Unknown(_) => Error::NotFound { message },
        ShopsError::Taken(_) => Error::fields(vec![crate::Field { name: "name".to_owned(), message }]),
        ShopsError::Changed(_) => Error::Refused { message },
    }
}
