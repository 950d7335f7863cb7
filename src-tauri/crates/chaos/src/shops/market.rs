//! People who change what should be listed: orders placed, moved, cancelled, received; goods counted and sold; styles that
//! are new until they are known. Everything comes in by files, as it does in a store.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use chrono::{Days, NaiveDate};
use fastrand::Rng;
use presell_imports::headers::Kind;

use super::stage::{Stage, skus};

/// A line of a purchase order as it was last brought in.
struct Line {
    order: u32,
    number: usize,
    sku: String,
    quantity: u32,
    arrives: NaiveDate,
    is_new: bool,
    cancelled: bool,
}

struct Market {
    stage: Arc<Stage>,
    chance: Rng,
    today: NaiveDate,
    lines: Vec<Line>,
    orders: u32,
    sold: u32,
}

/// Goes on until aborted. What is refused is counted: a database that is away stops nobody from trying again.
pub(super) async fn act(stage: Arc<Stage>, seed: u64) {
    let today = match today(&stage).await {
        Ok(today) => today,
        Err(error) => return eprintln!("presell-chaos: the market does not open: {error:#}"),
    };
    let (tally, chance) = (Arc::clone(&stage), Rng::with_seed(seed ^ 0x6D61_726B_6574));
    let mut market = Market { stage, chance, today, lines: Vec::new(), orders: 0, sold: 0 };
    // Everything is ordered at first.
    let mut next = market.order(&skus()).await;
    loop {
        match next {
            Ok(what) => tally.tally.add_people(what),
            Err(error) => {
                tally.tally.add_people("refused, or database away");
                tracing::debug!(%error, "market");
            }
        }
        tokio::time::sleep(Duration::from_millis(market.chance.u64(150..700))).await;
        next = market.one().await;
    }
}

async fn today(stage: &Stage) -> Result<NaiveDate> {
    let now = stage.app.now().await?;
    Ok(stage.app.store().await?.today(now))
}

impl Market {
    async fn one(&mut self) -> Result<&'static str> {
        match self.chance.u8(..12) {
            0 | 1 => {
                let some = self.some(4);
                self.order(&some).await
            }
            2 | 3 => self.change("class moved", |line, _| line.is_new = !line.is_new).await,
            4 | 5 => {
                let today = self.today;
                self.change("date moved", move |line, chance| line.arrives = day(today, chance)).await
            }
            6 => self.change("cancelled", |line, _| line.cancelled = true).await,
            7 => self.change("approved again", |line, _| line.cancelled = false).await,
            8 => self.receive().await,
            9 => self.sell().await,
            _ => self.count().await,
        }
    }

    fn some(&mut self, most: usize) -> Vec<String> {
        let mut all = skus();
        self.chance.shuffle(&mut all);
        all.truncate(self.chance.usize(1..=most));
        all
    }

    /// A new purchase order for these.
    async fn order(&mut self, of: &[String]) -> Result<&'static str> {
        self.orders += 1;
        let begin = self.lines.len();
        for (number, sku) in of.iter().enumerate() {
            // A style is as new as its other lines say.
            let known = self.lines.iter().rev().find(|line| line.sku == *sku).map(|line| line.is_new);
            let is_new = known.unwrap_or_else(|| self.chance.bool());
            let (quantity, arrives) = (self.chance.u32(8..60), day(self.today, &mut self.chance));
            let (order, number, sku) = (self.orders, number + 1, sku.clone());
            self.lines.push(Line { order, number, sku, quantity, arrives, is_new, cancelled: false });
        }
        let new: Vec<usize> = (begin..self.lines.len()).collect();
        self.write(&new).await?;
        Ok("ordered")
    }

    /// All lines of some products change.
    async fn change(&mut self, what: &'static str, change: impl Fn(&mut Line, &mut Rng)) -> Result<&'static str> {
        let some = self.some(3);
        let places: Vec<usize> = (0..self.lines.len()).filter(|place| some.contains(&self.lines[*place].sku)).collect();
        for place in &places {
            change(&mut self.lines[*place], &mut self.chance);
        }
        self.write(&places).await?;
        Ok(what)
    }

    async fn write(&self, places: &[usize]) -> Result<()> {
        let mut text = "po_id,line_no,sku,quantity,arrival_date,facility,is_new,status\n".to_owned();
        for line in places.iter().map(|place| &self.lines[*place]) {
            let (is_new, status) =
                (if line.is_new { "Y" } else { "N" }, if line.cancelled { "CANCELLED" } else { "APPROVED" });
            let Line { order, number, sku, quantity, arrives, .. } = line;
            text += &format!("PO-{order},{number},{sku},{quantity},{arrives},WH,{is_new},{status}\n");
        }
        self.stage.bring_in(Kind::PurchaseOrders, &text).await
    }

    /// Goods of one line arrive, all or some.
    async fn receive(&mut self) -> Result<&'static str> {
        let Some(line) = self.chance.choice(&self.lines) else { return Ok("nothing to receive") };
        let pieces = if self.chance.bool() { line.quantity } else { line.quantity / 2 };
        let (order, number, sku) = (line.order, line.number, &line.sku);
        let text = format!("po_id,line_no,sku,quantity\nPO-{order},{number},{sku},{pieces}\n");
        self.stage.bring_in(Kind::Receipts, &text).await?;
        Ok("received")
    }

    /// Customers order what is on its way.
    async fn sell(&mut self) -> Result<&'static str> {
        self.sold += 1;
        let (number, some) = (self.sold, self.some(2));
        let mut text = "order_id,item_seq,sku,quantity,ordered_at,status\n".to_owned();
        for (seq, sku) in some.iter().enumerate() {
            let pieces = self.chance.u8(1..6);
            text += &format!(
                "SO-{number},{},{sku},{pieces},{}T08:00:00Z,APPROVED\n",
                seq + 1,
                self.today.pred_opt().unwrap_or(self.today)
            );
        }
        self.stage.bring_in(Kind::Orders, &text).await?;
        Ok("sold")
    }

    /// Shelves are counted: mostly empty, sometimes not.
    async fn count(&mut self) -> Result<&'static str> {
        let some = self.some(6);
        let mut text = "sku,facility,quantity\n".to_owned();
        for sku in some {
            let pieces = if self.chance.u8(..3) == 0 { self.chance.u8(40..90) } else { 0 };
            text += &format!("{sku},WH,{pieces}\n");
        }
        self.stage.bring_in(Kind::Inventory, &text).await?;
        Ok("counted")
    }
}

fn day(today: NaiveDate, chance: &mut Rng) -> NaiveDate {
    today.checked_add_days(Days::new(chance.u64(5..90))).unwrap_or(today)
}
