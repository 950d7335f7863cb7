//! The end of a play: the shop comes to show what is wanted, a further sync has nothing to do, and the nodes quit.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use presell_commands::{RunJob, ShowRun, show_run, start_run};
use presell_scheduler::RunState;
use presell_simulator::journal::By;
use presell_store::{Db, on};
use serde_json::{Map, Value, json};

use super::assortment::{TWIN, styles};
use super::shelf::{Mark, tag};
use super::stage::{DRIFT, SHOP, SYNC, Stage};
use crate::check::Found;
use crate::director::{curtain, database};

/// How long everything may take to settle.
const SETTLE: Duration = Duration::from_secs(180);
/// Between two looks.
const LOOK: Duration = Duration::from_millis(250);

/// Waits until the shop shows what is wanted, then asks for more syncs, which must write nothing, and for all to quit.
pub(super) async fn fall(stage: &Stage) -> Result<Vec<Found>> {
    let began = Instant::now();
    while !(settled(&stage.app.db).await? && differences(stage).await?.is_empty()) && began.elapsed() < SETTLE {
        database::hurry(&stage.app.db).await?;
        tokio::time::sleep(LOOK).await;
    }
    let took = i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX);
    stage.tally.keep_most("from the end of all trouble to the wanted state, ms", took);

    curtain::pause_all(&stage.app.db).await?;
    while curtain::open(&stage.app.db).await? > 0 && began.elapsed() < SETTLE * 2 {
        database::hurry(&stage.app.db).await?;
        tokio::time::sleep(LOOK).await;
    }
    let mut wrong = Found::none("W8", "products that do not show what is wanted");
    differences(stage).await?.into_iter().for_each(|what| wrong.add(|| what));
    let mut open = Found::none("W8", "items left open in the outbox");
    open.add_many(left(&stage.app.db).await?, || "see shop_item".to_owned());

    let before = written(stage);
    let mut further = Found::none("W8", "writes of a further sync, with nothing to do");
    for (job, parameters) in [
        (SYNC, json!({ "everything": true, "includeAll": true })),
        (DRIFT, json!({ "repair": "repair" })),
        (SYNC, json!({ "everything": true })),
    ] {
        let parameters = parameters.as_object().cloned().unwrap_or_default();
        if let Some(why) = one_more(stage, job, parameters).await? {
            further.add(|| why);
        }
    }
    further.add_many(written(stage) - before, || "see the journal".to_owned());
    let mut deaf = Found::none("–", "nodes that did not quit within 30 s");
    deaf.add_many(stage.fleet.quit(Duration::from_secs(30)).await, || "see its log".to_owned());
    Ok(vec![wrong, open, further, deaf])
}

/// Runs a job on one of the nodes; why it did not end well.
async fn one_more(stage: &Stage, job: &str, mut parameters: Map<String, Value>) -> Result<Option<String>> {
    parameters.insert("shop".to_owned(), json!(SHOP));
    let asked = start_run(&stage.app, RunJob { id: job.to_owned(), parameters, dry_run: false }).await?;
    let began = Instant::now();
    loop {
        let run = show_run(&stage.app, ShowRun { id: asked.run.id }).await?;
        if run.state.is_ended() {
            let well = matches!(run.state, RunState::Finished | RunState::Partial);
            return Ok((!well).then(|| format!("{job} ended as {}: {:?}", run.state, run.error)));
        }
        if began.elapsed() > SETTLE {
            bail!("{job} was asked for and did not end within {} s", SETTLE.as_secs());
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// How often Presell wrote to the shop until now.
fn written(stage: &Stage) -> u64 {
    stage.simulator.journal().iter().filter(|write| write.by != By::Other).count() as u64
}

/// Nothing waits for a refresh, and nothing is under way to the shop.
async fn settled(db: &Db) -> Result<bool> {
    let sql = "SELECT COUNT(*) FROM dirty";
    let (dirty,): (i64,) = on!(db, p => sqlx::query_as(sql).fetch_one(p).await)?;
    Ok(dirty == 0 && left(db).await? == 0)
}

async fn left(db: &Db) -> Result<u64> {
    let sql =
        "SELECT COUNT(*) FROM shop_item i JOIN shop_variant v ON v.shop_id = i.shop_id AND v.product_id = i.product_id
               WHERE i.state IN ('pending', 'sent', 'unknown', 'failed') AND v.link = 'linked'";
    let (open,): (i64,) = on!(db, p => sqlx::query_as(sql).fetch_one(p).await)?;
    Ok(open.unsigned_abs())
}

/// A quantity, as metafields keep it.
fn pieces(text: &Value) -> Option<i64> {
    text.as_str()?.parse().ok()
}

/// A product on a list, as the catalog decided.
type Member = (String, String, chrono::NaiveDate, i64);

/// What the shop shows otherwise than the lists want it.
async fn differences(stage: &Stage) -> Result<Vec<String>> {
    let sql = "SELECT p.sku, m.category, m.promise_date, m.cap FROM member m JOIN product p ON p.id = m.product_id";
    let members: Vec<Member> = on!(&stage.app.db, p => sqlx::query_as(sql).fetch_all(p).await)?;
    let member = |sku: &str| members.iter().find(|member| member.0 == sku);
    // What Presell never wrote to is as its owner wants it.
    let sql = "SELECT p.sku FROM shop_variant v JOIN product p ON p.id = v.product_id WHERE v.written";
    let written: Vec<(String,)> = on!(&stage.app.db, p => sqlx::query_as(sql).fetch_all(p).await)?;
    let is_ours = |sku: &str| written.iter().any(|(written,)| written == sku);
    let mut differences = Vec::new();
    let shop = stage.simulator.shop();
    for (style, skus) in styles() {
        let there: Vec<&String> = skus.iter().filter(|sku| shop.variants_of(sku).len() == 1).collect();
        for sku in &there {
            let Some(variant) = shop.variant(sku) else { continue };
            let text = |key: &str| variant.metafield("HC_PREORDER", key).map(|text| json!(text)).unwrap_or_default();
            let (sells, mark, quantity) =
                (json!(variant.policy) == "CONTINUE", Mark::read(&text("PROMISE_DATE")), text("SELLABLE_QUANTITY"));
            let fine = match member(sku) {
                Some((_, category, date, cap)) => {
                    let class = category.parse().ok();
                    sells
                        && class.map(|class| Mark::Active(class, *date)) == Some(mark)
                        && pieces(&quantity) == Some(*cap)
                }
                None => !is_ours(sku) || (!sells && !matches!(mark, Mark::Active(..))),
            };
            if !fine {
                differences
                    .push(format!("{sku}: sells {sells}, {mark:?}, {quantity} pieces; wanted {:?}", member(sku)));
            }
        }
        for class in [presell_catalog::rules::Class::PreOrder, presell_catalog::rules::Class::Backorder] {
            let wanted = there.iter().any(|sku| member(sku).is_some_and(|member| member.1 == class.as_str()));
            let tagged = shop.product_of(&skus[0]).is_some_and(|product| product.has_tag(tag(class)));
            if wanted != tagged && there.iter().any(|sku| is_ours(sku)) {
                differences.push(format!("{style}: the tag {} is {}", tag(class), if tagged { "on" } else { "off" }));
            }
        }
    }
    if shop.variants_of(TWIN).iter().any(|id| json!(shop.variants[id].policy) == "CONTINUE") {
        differences.push(format!("{TWIN} sells, though nobody knows which one is meant"));
    }
    Ok(differences)
}
