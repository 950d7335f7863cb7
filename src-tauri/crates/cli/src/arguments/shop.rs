//! What can be typed after `presell shop`, and after `presell simulator`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use presell_commands::{AddShop, BrowseShop, ChangeShop, SyncShop};
use presell_shops::shop::Platform;

#[derive(Debug, Subcommand)]
pub(crate) enum ShopCommand {
    /// Connect a shop, so that it shows what can be pre-sold
    ///
    /// The secret is named, never typed: Presell keeps only the name of the environment variable that holds it.
    #[command(after_help = "Examples:\n  \
        presell shop add outlet --platform demo                        a shop to try things out, on this computer\n  \
        presell shop add main --platform shopify --domain my-shop.myshopify.com --token-env SHOP_TOKEN\n  \
        presell shop add main --platform shopify --domain my-shop.myshopify.com \\\n      \
            --client-id 4f2a… --client-secret-env SHOP_SECRET\n  \
        presell shop add old --platform file --folder /srv/shop        a shop that reads CSV or JSON files\n\n\
        Then: presell shop test NAME, and presell shop sync NAME --dry-run")]
    Add(Add),
    /// Change where a shop is, or how it lets Presell in
    #[command(after_help = "Examples:\n  \
        presell shop change main --token-env NEW_TOKEN\n  \
        presell shop change old --folder /mnt/new/shop\n\n\
        Then: presell shop test NAME")]
    Change(Change),
    /// List the shops, how Presell gets on with each, and what they show
    List,
    /// Ask a shop who it is, and whether the access suffices; nothing is written there
    Test(Named),
    /// Look all products of the lists up in a shop again, by SKU
    Link(Named),
    /// Show what a sync would do and why, without asking the shop
    #[command(after_help = "Example:\n  presell shop diff main\n\nDo it with: presell shop sync main")]
    Diff(Named),
    /// Bring a shop in line with the lists: only what differs is sent
    #[command(after_help = "Examples:\n  \
        presell shop sync main                     send what differs\n  \
        presell shop sync main --dry-run           only count what would be sent\n  \
        presell shop sync main --retry             also what the shop refused before\n\n\
        Exit status: 3 when products failed; each is named with what the shop said.")]
    Sync(Sync),
    /// Read back what a shop shows, and tell what somebody else changed; nothing is written there
    Drift(Named),
    /// Forget a shop; what it shows stays as it is
    Remove(Named),
    /// Show product by product what a shop should show, and what it shows
    #[command(after_help = "Examples:\n  \
        presell shop show main                     every product on a list\n  \
        presell shop show main --state failed      those the shop refused\n  \
        presell shop show main --search \"jacket navy\"")]
    Show(Show),
}

#[derive(Args, Debug)]
pub(crate) struct Named {
    /// The shop
    pub(crate) name: String,
}

/// The kinds of shops.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Kind {
    /// A Shopify shop
    Shopify,
    /// A demo shop on this computer
    Demo,
    /// Files in a folder, for a shop that imports those
    File,
}

#[derive(Args, Debug)]
pub(crate) struct Add {
    /// The name you will use for it
    name: String,
    /// What kind of shop it is
    #[arg(long, value_enum)]
    platform: Kind,
    /// Its domain, such as my-shop.myshopify.com; a demo shop needs none
    #[arg(long, value_name = "DOMAIN", required_if_eq("platform", "shopify"))]
    domain: Option<String>,
    /// The folder of a shop of files; it must be there
    #[arg(long, value_name = "FOLDER", required_if_eq("platform", "file"), conflicts_with_all = ["domain", "base_url"])]
    folder: Option<PathBuf>,
    /// The environment variable that holds the shop's access token
    #[arg(long, value_name = "VARIABLE", conflicts_with_all = ["client_id", "client_secret_env"], value_parser = variable)]
    token_env: Option<String>,
    /// The id of the app that asks the shop for its tokens
    #[arg(long, value_name = "ID", requires = "client_secret_env")]
    client_id: Option<String>,
    /// The environment variable that holds the secret of that app
    #[arg(long, value_name = "VARIABLE", requires = "client_id", value_parser = variable)]
    client_secret_env: Option<String>,
    /// Where the shop is instead, on this computer only: the address that `presell simulator` says
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
}

impl Add {
    /// A folder that was named for a shop that is none.
    pub(crate) fn stray_folder(&self) -> bool {
        self.folder.is_some() && !matches!(self.platform, Kind::File)
    }

    /// The variable that holds the secret.
    pub(crate) fn variable(&self) -> Option<&str> {
        self.token_env.as_deref().or(self.client_secret_env.as_deref())
    }
}

impl From<Add> for AddShop {
    fn from(add: Add) -> AddShop {
        AddShop {
            secret_place: add.variable().map(|variable| format!("env:{variable}")),
            name: add.name,
            platform: match add.platform {
                Kind::Shopify => Platform::Shopify,
                Kind::Demo => Platform::Demo,
                Kind::File => Platform::File,
            },
            address: add.folder.map(whole).or(add.domain).unwrap_or_default(),
            base_url: add.base_url,
            client_id: add.client_id,
            secret: None,
            settings: Default::default(),
        }
    }
}

#[derive(Args, Debug)]
#[command(group = clap::ArgGroup::new("what").required(true).multiple(true)
    .args(["domain", "folder", "token_env", "client_id", "client_secret_env", "set"]))]
pub(crate) struct Change {
    /// The shop
    pub(crate) name: String,
    /// Another domain, as long as nothing was written to the shop
    #[arg(long, value_name = "DOMAIN")]
    domain: Option<String>,
    /// Another folder of a shop of files; it must be there
    #[arg(long, value_name = "FOLDER", conflicts_with = "domain")]
    folder: Option<PathBuf>,
    /// The environment variable that holds another access token
    #[arg(long, value_name = "VARIABLE", conflicts_with_all = ["client_id", "client_secret_env"], value_parser = variable)]
    token_env: Option<String>,
    /// The id of another app that asks the shop for its tokens
    #[arg(long, value_name = "ID", requires = "client_secret_env")]
    client_id: Option<String>,
    /// The environment variable that holds the secret of the app
    #[arg(long, value_name = "VARIABLE", value_parser = variable)]
    client_secret_env: Option<String>,
    /// A setting and its value, such as buffer=2 or products=MEN-*,KIDS-*; `presell shop list --json` shows them all
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
}

impl From<Change> for ChangeShop {
    fn from(change: Change) -> ChangeShop {
        // A token is no secret of an app: the app is forgotten.
        let client_id = change.token_env.as_ref().map(|_| String::new()).or(change.client_id);
        let variable = change.token_env.or(change.client_secret_env);
        ChangeShop {
            name: change.name,
            version: None,
            settings: None,
            address: change.folder.map(whole).or(change.domain),
            client_id,
            secret: None,
            secret_place: variable.map(|variable| format!("env:{variable}")),
        }
    }
}

/// The program that syncs later stands somewhere else.
fn whole(folder: PathBuf) -> String {
    std::path::absolute(&folder).unwrap_or(folder).display().to_string()
}

#[derive(Args, Debug)]
pub(crate) struct Sync {
    /// The shop
    pub(crate) name: String,
    /// Send nothing, only count
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Go on even if many products would be taken off; use it after you have looked at `presell shop diff`
    #[arg(long)]
    confirm: bool,
    /// Try again what failed for good
    #[arg(long)]
    retry: bool,
}

impl From<Sync> for SyncShop {
    fn from(sync: Sync) -> SyncShop {
        SyncShop { name: sync.name, dry_run: sync.dry_run, confirm: sync.confirm, retry: sync.retry }
    }
}

#[derive(Args, Debug)]
pub(crate) struct Show {
    /// The shop
    name: String,
    /// Only products with these words in SKU or title
    #[arg(long, value_name = "TEXT")]
    pub(crate) search: Option<String>,
    /// Only products in this state: listed, notListed, pending, failed, drifted, notLinked, ambiguous or unknown
    #[arg(long, value_name = "STATE", value_parser = ["listed", "notListed", "pending", "failed", "drifted", "notLinked", "ambiguous", "unknown"])]
    pub(crate) state: Option<String>,
    /// At most so many
    #[arg(long, default_value_t = 100, value_name = "N", value_parser = clap::value_parser!(i64).range(1..=1000))]
    limit: i64,
}

impl From<Show> for BrowseShop {
    fn from(show: Show) -> BrowseShop {
        let search = show.search.unwrap_or_default();
        BrowseShop { name: show.name, search, state: show.state, offset: 0, limit: show.limit }
    }
}

#[derive(Args, Debug)]
pub(crate) struct Simulator {
    /// The port it listens on; 0 takes a free one
    #[arg(long, default_value_t = 4747, value_name = "N")]
    pub(crate) port: u16,
    /// Trouble on purpose, as JSON: {"faults": [{"kind": "throttled", "operation": "metafieldsSet", "times": 3}]}
    #[arg(long, value_name = "FILE")]
    pub(crate) faults: Option<PathBuf>,
    /// Keep the shop in this file between two starts
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,
}

/// A name, not the secret itself: whoever types that by mistake should not find it in the database.
fn variable(text: &str) -> Result<String, String> {
    let name = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    match name && !text.starts_with(|c: char| c.is_ascii_digit()) && !text.starts_with("shpat_") && !text.is_empty() {
        true => Ok(text.to_owned()),
        false => Err("give the name of an environment variable, such as SHOP_TOKEN, not the secret itself".to_owned()),
    }
}
