//! What everybody on the stage shares: the shop, the store, the nodes.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use presell_commands::{
    AddShop, App, ChangeSetting, Clock, EnableJob, ImportFile, JobSetting, Machine, add_shop, change_setting,
    enable_job, import_file,
};
use presell_imports::headers::Kind;
use presell_shops::settings::ShopSettings;
use presell_shops::shop::Platform;
use presell_simulator::shop::{Access, Standing};
use presell_simulator::{Faults, Options, Simulator};
use presell_store::{Address, on};
use serde_json::{Map, json};

use super::assortment::{self, styles};
use super::judge::Name;
use crate::director::fleet::Fleet;
use crate::director::node_process::NodeProcess;
use crate::director::tally::Tally;

/// The shop's name.
pub(super) const SHOP: &str = "main";
/// The job that syncs.
pub(super) const SYNC: &str = "JOB_PREORDER_CAT_SYC";
/// The job that reads back, and puts right what others changed.
pub(super) const DRIFT: &str = "PS_DRIFT_CHECK";
/// An answer of the shop takes so long: a sync is then at work most of the time, and trouble meets it there.
const LATENCY: Duration = Duration::from_millis(25);

/// A job, how often it runs, and what is set.
type Job = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

const JOBS: &[Job] = &[
    ("JOB_REL_PREODR_CAT", "4s", &[]),
    ("JOB_ADD_PREORD_VRT", "1d", &[]),
    ("JOB_RMV_PREORD_VRT", "1d", &[]),
    ("JOB_ADD_BACKORD_VRT", "1d", &[]),
    ("JOB_RMV_BACKORD_VRT", "1d", &[]),
    (SYNC, "2s", &[]),
    (DRIFT, "5s", &[("repair", "repair")]),
];

pub(super) struct Stage {
    pub(super) app: App,
    pub(super) simulator: Simulator,
    pub(super) fleet: Fleet,
    pub(super) tally: Tally,
    pub(super) lease: Duration,
    /// What variants of the shop are called, also those that are gone.
    names: Mutex<HashMap<String, Name>>,
    folder: PathBuf,
}

impl Stage {
    /// Opens the shop, fills the store, connects the two, switches the jobs on and starts the nodes.
    pub(super) async fn set(address: &Address, lease: u64, folder: &Path, logs: &Path) -> Result<Stage> {
        let locks = folder.join("locks");
        std::fs::create_dir_all(&locks)?;
        let app = App::open(address.clone(), "default", chrono_tz::Europe::Madrid, Clock::Database, "anna").await?;
        let app = app.on(Machine { host: "chaos".to_owned(), locks: Some(locks.clone()) });
        let witnesses = if app.db.is_postgres() { include_str!("postgres.sql") } else { include_str!("sqlite.sql") };
        let made = on!(&app.db, p => sqlx::raw_sql(witnesses).execute(p).await.map(|_| ()));
        made.context("this database has been played on before; give an empty one")?;
        let options = Options { shop: Some(assortment::shop()), latency: LATENCY, ..Options::default() };
        let simulator = Simulator::start(options).await?;
        connect(&app, simulator.base_url()).await?;

        let fleet = Fleet::of(nodes(address, lease, &locks, logs))?;
        let lease = Duration::from_millis(lease);
        let (names, folder) = (Mutex::default(), folder.to_owned());
        let stage = Stage { app, simulator, fleet, tally: Tally::default(), lease, names, folder };
        stage.learn_names();
        let stock: String = skus().iter().map(|sku| format!("{sku},WH,0\n")).collect();
        stage.bring_in(Kind::Inventory, &format!("sku,facility,quantity\n{stock}")).await?;
        for (job, every, parameters) in JOBS {
            let parameters = Map::from_iter(parameters.iter().map(|(name, value)| ((*name).to_owned(), json!(value))));
            let setting = JobSetting { every: Some((*every).to_owned()), parameters, ..JobSetting::default() };
            enable_job(&stage.app, EnableJob { id: (*job).to_owned(), setting }).await?;
        }
        Ok(stage)
    }

    /// Imports a file, as a person does who has looked at it.
    pub(super) async fn bring_in(&self, kind: Kind, text: &str) -> Result<()> {
        let path = self.folder.join("file.csv");
        std::fs::write(&path, text)?;
        let file = ImportFile { confirm: true, create: Some(true), ..ImportFile::new(kind, path) };
        import_file(&self.app, file).await?;
        Ok(())
    }

    /// All trouble of the shop ends: it is open and answers what it is asked.
    pub(super) fn calm(&self) {
        self.simulator.set_faults(Faults::default());
        self.simulator.shop().access.standing = Standing::Open;
    }

    /// Writes down what variants there are now; a deleted one has no name any more.
    pub(super) fn learn_names(&self) {
        let shop = self.simulator.shop();
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        for (number, variant) in &shop.variants {
            let product = format!("gid://shopify/Product/{}", variant.product);
            let name = Name { sku: variant.sku.clone(), product };
            names.insert(format!("gid://shopify/ProductVariant/{number}"), name);
        }
    }

    pub(super) fn names(&self) -> HashMap<String, Name> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Everything that is ordered.
pub(super) fn skus() -> Vec<String> {
    styles().into_iter().flat_map(|(_, skus)| skus).chain([assortment::TWIN.to_owned()]).collect()
}

async fn connect(app: &App, base_url: &str) -> Result<()> {
    let setting = ChangeSetting { key: "max_change_percent".to_owned(), value: "100".to_owned() };
    change_setting(app, setting).await?;
    let shop = AddShop {
        name: SHOP.to_owned(),
        platform: Platform::Shopify,
        address: "demo.myshopify.com".to_owned(),
        base_url: Some(base_url.to_owned()),
        client_id: Some(Access::CLIENT.to_owned()),
        secret: None,
        secret_place: Some("env:SHOP_SECRET".to_owned()),
        // The brake has tests of its own.
        settings: ShopSettings { max_delist_percent: 100, ..ShopSettings::default() },
    };
    add_shop(app, shop).await?;
    Ok(())
}

/// Two nodes. The second has no lock file, so that others wait for its lease; the first is provably dead at once.
fn nodes(address: &Address, lease: u64, locks: &Path, logs: &Path) -> Vec<NodeProcess> {
    let node = |number: usize| NodeProcess {
        name: format!("node {number}"),
        address: Some(address.clone()),
        lease,
        locks: (number == 1).then(|| locks.to_owned()),
        log: logs.join(format!("node-{number}.log")),
        real: Some(vec![("SHOP_SECRET", Access::SECRET.to_owned()), ("PRESELL_TEST_LEASE", lease.to_string())]),
        ..NodeProcess::default()
    };
    (1..=2).map(node).collect()
}
