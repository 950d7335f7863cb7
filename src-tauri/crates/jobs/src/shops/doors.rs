//! The way into each shop, kept open: what was learned of its limits, and its token, serve the next run too.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use presell_shops::adapter::{Adapter, ShopError};
use presell_shops::secrets::{Place, Secret, Secrets};
use presell_shops::shop::{Platform, Shop};
use presell_shops::shopify::{Access, Config, Shopify};
use presell_simulator::{Options, Simulator};
use presell_store::{Db, on};
use tokio::sync::Mutex;

/// The secrets of this machine.
pub static SECRETS: LazyLock<Secrets> = LazyLock::new(|| Secrets::new(folder().join("secrets.json")));

/// Where this person's data is; `PRESELL_DATA` names another place.
fn folder() -> PathBuf {
    use etcetera::BaseStrategy;
    let named = std::env::var_os("PRESELL_DATA").map(PathBuf::from);
    let own = || etcetera::choose_base_strategy().map(|base| base.data_dir().join("presell"));
    named.or_else(|| own().ok()).unwrap_or_else(|| PathBuf::from("."))
}

/// Where the state of a demo shop of this name is kept.
pub fn demo_state(name: &str) -> PathBuf {
    let plain: String = name.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    folder().join("demo-shops").join(format!("{plain}.json"))
}

type Open = HashMap<(i64, i64), Arc<dyn Adapter>>;
static OPEN: LazyLock<Mutex<Open>> = LazyLock::new(Mutex::default);
static DEMO: LazyLock<Mutex<HashMap<PathBuf, Simulator>>> = LazyLock::new(Mutex::default);

/// The adapter of a shop. A demo shop first gets what is on the lists and new to it.
///
/// # Errors
/// Its secret is not there, or its address is none: [`ShopError::Disconnected`] says which.
pub async fn open(db: &Db, shop: &Shop) -> Result<Arc<dyn Adapter>, ShopError> {
    let adapter = adapter(shop).await?;
    if shop.platform == Platform::Demo && shop.base_url.is_none() {
        stock(db, shop).await?;
    }
    Ok(adapter)
}

async fn adapter(shop: &Shop) -> Result<Arc<dyn Adapter>, ShopError> {
    let mut open = OPEN.lock().await;
    let key = (shop.id, shop.version);
    if let Some(adapter) = open.get(&key).filter(|_| shop.id != 0) {
        return Ok(Arc::clone(adapter));
    }
    let adapter = Arc::new(Shopify::new(config(shop).await?)?);
    open.retain(|(id, _), _| *id != shop.id);
    open.insert(key, adapter.clone());
    Ok(adapter)
}

async fn config(shop: &Shop) -> Result<Config, ShopError> {
    let user_agent = concat!("presell/", env!("CARGO_PKG_VERSION")).to_owned();
    let settings = shop.settings.clone();
    if shop.platform == Platform::Demo {
        let base_url = match &shop.base_url {
            Some(url) => url.clone(),
            None => demo(Path::new(&shop.address)).await?,
        };
        let access = Access::Token(Secret::from(presell_simulator::shop::Access::TOKEN));
        let domain = "demo.myshopify.com".to_owned();
        return Ok(Config { domain, base_url: Some(base_url), access, settings, user_agent });
    }
    let place: Place = shop.secret.parse().map_err(|error| ShopError::Disconnected(format!("{error}")))?;
    let secret = SECRETS.read(&place).await.map_err(|error| ShopError::Disconnected(error.to_string()))?;
    let access = match &shop.client_id {
        Some(client_id) => Access::ClientCredentials { client_id: client_id.clone(), client_secret: secret },
        None => Access::Token(secret),
    };
    Ok(Config { domain: shop.address.clone(), base_url: shop.base_url.clone(), access, settings, user_agent })
}

/// The address of the demo shop whose state is in this file. The first process that asks opens the shop; the others go to it.
async fn demo(state: &Path) -> Result<String, ShopError> {
    let trouble =
        |error: &dyn std::fmt::Display| ShopError::Away(format!("The demo shop could not be opened: {error}"));
    let mut open = DEMO.lock().await;
    if let Some(simulator) = open.get(state) {
        return Ok(simulator.base_url().to_owned());
    }
    if let Some(parent) = state.parent() {
        std::fs::create_dir_all(parent).map_err(|error| trouble(&error))?;
    }
    let port = state.with_extension("port");
    let lock = std::fs::File::create(state.with_extension("lock")).map_err(|error| trouble(&error))?;
    if lock.try_lock().is_err() {
        return std::fs::read_to_string(&port).map_err(|error| trouble(&error));
    }
    let options = Options { state: Some(state.to_owned()), ..Options::default() };
    let simulator = Simulator::start(options).await.map_err(|error| trouble(&error))?;
    let url = simulator.base_url().to_owned();
    std::fs::write(&port, &url).map_err(|error| trouble(&error))?;
    // The lock lives as long as the process: who holds it is the shop.
    std::mem::forget(lock);
    open.insert(state.to_owned(), simulator);
    Ok(url)
}

/// Listed products that the demo shop never sold, so that there is something to sell before anybody has an account. What was
/// written once and is gone was taken out by somebody, and stays out.
const NEW_TO_IT: &str = "SELECT p.sku, p.title, p.parent FROM member m JOIN product p ON p.id = m.product_id
    LEFT JOIN shop_variant v ON v.shop_id = $2 AND v.product_id = p.id
    WHERE m.store_id = $1 AND (v.product_id IS NULL OR NOT v.written) ORDER BY p.sku";

/// Adds what is new to a demo shop that this process holds; its holder does it for the others.
async fn stock(db: &Db, shop: &Shop) -> Result<(), ShopError> {
    let found: Result<Vec<(String, String, String)>, _> =
        on!(db, p => sqlx::query_as(NEW_TO_IT).bind(shop.store_id).bind(shop.id).fetch_all(p).await);
    let rows = found.map_err(|error| ShopError::Away(error.to_string()))?;
    let open = DEMO.lock().await;
    let Some(simulator) = open.get(Path::new(&shop.address)) else { return Ok(()) };
    let mut held = simulator.shop();
    let mut parents: HashMap<String, u64> = HashMap::new();
    for (sku, title, parent) in rows {
        if let Some(there) = held.variant(&sku).map(|variant| variant.product) {
            parents.insert(parent, there);
            continue;
        }
        match parents.get(&parent).filter(|_| !parent.is_empty()) {
            Some(product) => {
                held.add_variant(*product, &sku);
            }
            None => {
                let name = if title.is_empty() { &sku } else { &title };
                let product = held.add_product(name, [&*sku]);
                parents.insert(parent, product);
            }
        }
    }
    Ok(())
}
