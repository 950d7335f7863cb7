//! The way into each shop, kept open: what was learned of its limits, and its token, serve the next run too.

use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use presell_shops::adapter::{Adapter, ShopError};
use presell_shops::file::Files;
use presell_shops::secrets::{Place, Secret, Secrets};
use presell_shops::shop::{Platform, Shop};
use presell_shops::shopify::{Access, Config, Shopify};
use presell_simulator::{Offered, Options, Simulator, offer};
use presell_store::{Db, StoreError, on};
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

/// Open doors by shop, with the version and the place they were opened for.
type Open = HashMap<i64, ((i64, Option<String>), Arc<dyn Adapter>)>;
static OPEN: LazyLock<Mutex<Open>> = LazyLock::new(Mutex::default);
/// A demo shop and the lock of its state: who holds the lock is the shop.
type Demos = HashMap<PathBuf, (Simulator, File)>;
static DEMO: LazyLock<Mutex<Demos>> = LazyLock::new(Mutex::default);

/// The adapter of a shop. A demo shop first gets what is on the lists and new to it.
///
/// # Errors
/// Its secret is not there, or its address is none: [`ShopError::Disconnected`] says which.
pub async fn open(db: &Db, shop: &Shop) -> Result<Arc<dyn Adapter>, ShopError> {
    let base_url = match (shop.platform, &shop.base_url) {
        (Platform::Demo, None) => Some(demo(Path::new(&shop.address)).await?),
        (_, given) => given.clone(),
    };
    if let (Platform::Demo, Some(url)) = (shop.platform, &base_url) {
        stock(db, shop, url).await?;
    }
    let mut open = OPEN.lock().await;
    let opened_for = (shop.version, base_url.clone());
    if let Some((_, adapter)) = open.get(&shop.id).filter(|(now, _)| *now == opened_for) {
        return Ok(Arc::clone(adapter));
    }
    let adapter: Arc<dyn Adapter> = match shop.platform {
        Platform::File => Arc::new(Files::new(PathBuf::from(&shop.address), shop.settings.clone())),
        Platform::Shopify | Platform::Demo => Arc::new(Shopify::new(config(shop, base_url).await?)?),
    };
    open.insert(shop.id, (opened_for, adapter.clone()));
    Ok(adapter)
}

/// Closes the demo shops that live in this process; each keeps its state.
pub async fn close() {
    for (_, (simulator, lock)) in DEMO.lock().await.drain() {
        simulator.shutdown().await;
        // Only now may another process open it: all of its state is written.
        drop(lock);
    }
}

async fn config(shop: &Shop, base_url: Option<String>) -> Result<Config, ShopError> {
    let user_agent = concat!("presell/", env!("CARGO_PKG_VERSION")).to_owned();
    let settings = shop.settings.clone();
    if shop.platform == Platform::Demo {
        let access = Access::Token(Secret::from(presell_simulator::shop::Access::TOKEN));
        let domain = "demo.myshopify.com".to_owned();
        return Ok(Config { domain, base_url, access, settings, user_agent });
    }
    let place: Place = shop.secret.parse().map_err(|error| ShopError::Disconnected(format!("{error}")))?;
    let secret = SECRETS.read(&place).await.map_err(|error| ShopError::Disconnected(error.to_string()))?;
    let access = match &shop.client_id {
        Some(client_id) => Access::ClientCredentials { client_id: client_id.clone(), client_secret: secret },
        None => Access::Token(secret),
    };
    Ok(Config { domain: shop.address.clone(), base_url, access, settings, user_agent })
}

/// How long a process waits for another one that is just opening or closing the demo shop.
const PATIENCE: Duration = Duration::from_secs(5);

/// The address of the demo shop whose state is in this file. The first process that asks opens the shop; the others go to it.
async fn demo(state: &Path) -> Result<String, ShopError> {
    let mut open = DEMO.lock().await;
    if let Some((simulator, _)) = open.get(state) {
        return Ok(simulator.base_url().to_owned());
    }
    if let Some(parent) = state.parent() {
        std::fs::create_dir_all(parent).map_err(|error| away(&error))?;
    }
    let port = state.with_extension("port");
    let lock = File::create(state.with_extension("lock")).map_err(|error| away(&error))?;
    let asked = Instant::now();
    while lock.try_lock().is_err() {
        // Whoever holds the lock is the shop, as soon as it answers at the place it wrote down.
        if let Ok(url) = std::fs::read_to_string(&port)
            && tokio::net::TcpStream::connect(url.trim_start_matches("http://")).await.is_ok()
        {
            return Ok(url);
        }
        if asked.elapsed() > PATIENCE {
            return Err(away(&"another program has it, and does not answer"));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let options = Options { state: Some(state.to_owned()), ..Options::default() };
    let simulator = Simulator::start(options).await.map_err(|error| away(&error))?;
    let url = simulator.base_url().to_owned();
    std::fs::write(&port, &url).map_err(|error| away(&error))?;
    open.insert(state.to_owned(), (simulator, lock));
    Ok(url)
}

/// A demo shop sells whatever is on the lists: it takes up the products that are looked for in it next.
async fn stock(db: &Db, shop: &Shop, url: &str) -> Result<(), ShopError> {
    let sql = "SELECT p.sku, p.title, p.parent FROM product p
         JOIN member m ON m.product_id = p.id AND m.store_id = $1
         LEFT JOIN shop_variant v ON v.product_id = p.id AND v.shop_id = $2
         WHERE v.product_id IS NULL ORDER BY p.parent, p.id";
    let wanted: Result<Vec<(String, String, String)>, StoreError> =
        on!(db, p => sqlx::query_as(sql).bind(shop.store_id).bind(shop.id).fetch_all(p).await);
    let wanted = wanted.map_err(|error| away(&error))?;
    let mut products: Vec<Offered> = Vec::new();
    let mut of = "";
    for (sku, title, parent) in &wanted {
        match products.last_mut().filter(|_| !parent.is_empty() && *parent == of) {
            Some(product) => product.skus.push(sku.clone()),
            None => {
                let title = if title.is_empty() { sku.clone() } else { title.clone() };
                products.push(Offered { title, skus: vec![sku.clone()] });
            }
        }
        of = parent;
    }
    if products.is_empty() { Ok(()) } else { offer(url, &products).await.map_err(|error| away(&error)) }
}

fn away(error: &dyn std::fmt::Display) -> ShopError {
    ShopError::Away(format!("The demo shop could not be opened: {error}."))
}
