//! `presell demo`: the main job on sample data in a database of its own, told step by step. Nothing is left behind.

use std::fs::File;
use std::path::{Path, PathBuf};

use chrono_tz::Tz;
use presell_commands::{
    AddShop, App, Error, Explain, Explained, ImportFile, ListCatalog, RefreshCatalog, Result, SyncShop, add_shop,
    explain, import_file, list_catalog, place, refresh_catalog, sync_shop,
};
use presell_imports::headers::Kind;
use presell_samples::{File as Sample, Samples, Scale};
use presell_shops::settings::ShopSettings;
use presell_shops::shop::Platform;
use presell_simulator::{Options, Simulator};
use presell_store::Address;
use serde::Serialize;
use serde_json::Value;

use super::catalog::CHANGES_SHOWN;
use crate::output::{BOLD, DIM, Ending, Output};
use crate::render;

/// The sample data is the same on every machine, but for its dates.
const SEED: u64 = 7;

/// What the demo calls its shop.
const SHOP: &str = "demo";

/// One step as a program reads it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Step {
    step: usize,
    title: String,
    command: String,
    result: Value,
}

/// Tells the steps: to people as they happen, to programs in one document at the end.
struct Teller {
    output: Output,
    steps: Vec<Step>,
}

impl Teller {
    fn tell<T: Serialize + ?Sized>(
        &mut self,
        title: &str,
        why: &str,
        command: &str,
        result: &T,
        text: impl FnOnce(&T) -> String,
    ) -> Result<()> {
        let step = self.steps.len() + 1;
        let value = serde_json::to_value(result).map_err(|e| Error::failed(e.to_string()))?;
        self.steps.push(Step { step, title: title.to_owned(), command: command.to_owned(), result: value });
        if self.output.json {
            return Ok(());
        }
        let shown: String = text(result)
            .lines()
            .map(|line| if line.is_empty() { "\n".to_owned() } else { format!("   {line}\n") })
            .collect();
        self.output.text(&format!("\n{BOLD}{step}. {title}{BOLD:#}\n{why}\n\n   {DIM}$ {command}{DIM:#}\n{shown}"))
    }
}

pub(crate) async fn run(output: Output) -> Result<Ending> {
    let folder = tempfile::Builder::new()
        .prefix("presell-demo-")
        .tempdir()
        .map_err(|e| Error::failed(format!("The demo needs a temporary folder, which could not be made: {e}.")))?;
    let address = Address::File(folder.path().join("presell.db"));
    let zone = place::zone();
    let app = App::open(address, "default", zone, place::clock()?, "demo").await?;
    let told = story(&app, folder.path(), zone, Teller { output, steps: Vec::new() }).await;
    app.db.close().await;
    folder.close().map_err(|e| Error::failed(format!("The demo's temporary folder could not be removed: {e}.")))?;
    told?;
    Ok(Ending::Done)
}

async fn story(app: &App, folder: &Path, zone: Tz, mut teller: Teller) -> Result<()> {
    let today = app.store().await?.today(app.now().await?);
    let samples = Samples::new(Scale::small(), SEED, today);
    let refresh = || RefreshCatalog { list_changes: CHANGES_SHOWN, ..RefreshCatalog::default() };
    if !teller.output.json {
        teller.output.text(
            "You sell clothes. Some are sold out and on their way again, some are new and have never been in stock.\n\
             Which of them can you sell today, and what date can you promise? Watch Presell find out, on sample data.\n",
        )?;
    }
    let imports: [(Sample, Kind, bool, &str, &str); 5] = [
        (
            Sample::Products,
            Kind::Products,
            false,
            "Products",
            "First, what you sell: a list of products with SKU and title.",
        ),
        (
            Sample::Inventory,
            Kind::Inventory,
            false,
            "Stock",
            "Next, what lies where. A product without any record is unknown, and unknown is not zero.",
        ),
        (
            Sample::PurchaseOrders,
            Kind::PurchaseOrders,
            true,
            "Purchase orders",
            "What is on its way from suppliers. Some lines are due today or overdue. Presell asks about those,\nbecause nobody should promise a date that has passed; we have looked, so --confirm says yes.",
        ),
        (
            Sample::Receipts,
            Kind::Receipts,
            false,
            "Receipts",
            "What has arrived since. Those pieces no longer wait on the purchase order.",
        ),
        (
            Sample::Orders,
            Kind::Orders,
            false,
            "Customer orders",
            "What customers ordered, some of it from goods still on their way: those pieces are promised and not sold twice.",
        ),
    ];
    for (sample, kind, confirm, title, why) in imports {
        let path = write_sample(folder, &samples, sample)?;
        let asked = ImportFile { confirm, ..ImportFile::new(kind, path) };
        let report = import_file(app, asked.clone()).await?;
        let yes = if confirm { " --confirm" } else { "" };
        let command = format!("presell import {} {}{yes}", kind.as_str(), sample.name());
        teller.tell(title, why, &command, &report, |report| render::import(report, &asked))?;
    }

    let refreshed = refresh_catalog(app, refresh()).await?;
    let why = "Now Presell decides about every product: pre-order (new style), backorder (coming back), or neither.";
    teller.tell("Decide", why, "presell refresh", &refreshed, |r| render::refreshed(r, false))?;

    let listed = list_catalog(app, ListCatalog::default()).await?;
    let why = "These can be sold now, each with the date you can promise and the pieces you may sell.";
    teller.tell("The two lists", why, "presell catalog", listed.as_slice(), |l| render::catalog(l, zone, false))?;

    let shop = open_shop(app, &mut teller).await?;

    let skus: Vec<String> = listed.into_iter().map(|l| l.sku).collect();
    let chosen = most_telling(app, &skus).await?;
    let command = format!("presell why {}", chosen.why.sku);
    let why = "No decision without its reasons: ask about any product.";
    teller.tell("Why is it listed?", why, &command, &chosen, |w| render::why(w, zone))?;

    let (path, facility) = write_delivery(folder, &chosen)?;
    let asked = ImportFile::new(Kind::Inventory, path);
    let report = import_file(app, asked.clone()).await?;
    let why = format!("Then 25 pieces of it reach the shelf in {facility}, and you bring in the new count.");
    let delivery = "presell import inventory delivery.csv";
    teller.tell("A delivery arrives", &why, delivery, &report, |report| render::import(report, &asked))?;

    let refreshed = refresh_catalog(app, refresh()).await?;
    let why =
        "Only what something happened to is looked at again. What is in stock needs no promise, so it leaves the list.";
    teller.tell("Decide again", why, "presell refresh", &refreshed, |r| render::refreshed(r, false))?;

    let why =
        "What left the list stops selling in the shop: that first, then its tag and its mark. Nothing else is sent.";
    sync(app, &mut teller, "The shop follows", why).await?;
    shop.shutdown().await;

    let answer = explain(app, Explain { sku: chosen.why.sku.clone() }).await?;
    let why = "And the reason stays on record.";
    teller.tell("Why has it left?", why, &command, &answer, |w| render::why(w, zone))?;
    finish(teller)
}

/// A demo shop, added and filled.
async fn open_shop(app: &App, teller: &mut Teller) -> Result<Simulator> {
    let shop = Simulator::start(Options::default()).await.map_err(|error| Error::refused(error.to_string()))?;
    let added = add_shop(
        app,
        AddShop {
            name: SHOP.to_owned(),
            platform: Platform::Demo,
            address: String::new(),
            base_url: Some(shop.base_url().to_owned()),
            client_id: None,
            secret: None,
            secret_place: None,
            settings: ShopSettings::default(),
        },
    )
    .await?;
    let why =
        "Customers see none of it yet. So you connect your shop; here it is a demo shop that lives on this computer.";
    teller.tell("A shop", why, "presell shop add demo --platform demo", &added, render::shop_added)?;
    let why = "Now the shop shows it: each product gets its date, its tag, and goes on selling without stock.";
    sync(app, teller, "The shop shows it", why).await?;
    Ok(shop)
}

async fn sync(app: &App, teller: &mut Teller, title: &str, why: &str) -> Result<()> {
    let request = SyncShop { name: SHOP.to_owned(), dry_run: false, confirm: false, retry: false };
    let synced = sync_shop(app, request).await?;
    teller
        .tell(title, why, "presell shop sync demo", &synced, |synced| render::shop_synced(&synced.report, SHOP, false))
}

fn finish(teller: Teller) -> Result<()> {
    if teller.output.json {
        return teller.output.document(&serde_json::json!({ "steps": teller.steps }));
    }
    teller.output.text(&format!(
        "\n{BOLD}That was all of it.{BOLD:#} The demo's database is gone again. Now with your own data:\n\n   \
         presell import purchase-orders FILE --dry-run   check a file of yours, change nothing\n   \
         presell import purchase-orders FILE             bring it in\n   \
         presell refresh                                 decide\n   \
         presell shop add NAME --platform shopify        connect your shop\n   \
         presell --help                                  everything else\n"
    ))
}

/// The listed product with most to tell: one whose earlier line no longer qualifies, so that a later one took over.
async fn most_telling(app: &App, skus: &[String]) -> Result<Explained> {
    let mut first = None;
    for sku in skus {
        let why = explain(app, Explain { sku: sku.clone() }).await?;
        if why.why.lines.len() > 1 && !why.why.lines[0].qualifies {
            return Ok(why);
        }
        first.get_or_insert(why);
    }
    first.ok_or_else(|| Error::failed("The sample data gave no listed product. Please report this."))
}

fn write_sample(folder: &Path, samples: &Samples, sample: Sample) -> Result<PathBuf> {
    let path = folder.join(sample.name());
    let written = File::create(&path).and_then(|mut file| samples.write(sample, &mut file));
    written.map_err(|e| not_written(&e))?;
    Ok(path)
}

/// A count of the product, in a facility that sells; returns the file and the facility.
fn write_delivery(folder: &Path, why: &Explained) -> Result<(PathBuf, String)> {
    let selling = why.why.stock.facilities.iter().find(|f| f.left_out.is_none()).map(|f| f.facility.clone());
    let facility = selling.or_else(|| why.why.lines.first().map(|l| l.facility.clone())).unwrap_or_default();
    let path = folder.join("delivery.csv");
    let text = format!("sku,facility,quantity\n{},{facility},25\n", why.why.sku);
    std::fs::write(&path, text).map_err(|e| not_written(&e))?;
    Ok((path, facility))
}

fn not_written(cause: &std::io::Error) -> Error {
    Error::failed(format!("The sample data could not be written to the temporary folder: {cause}."))
}
