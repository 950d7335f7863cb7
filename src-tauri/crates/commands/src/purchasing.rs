//! Purchase orders: which there are, their lines and history, changes by hand, goods received.

use presell_catalog::rules::Status;
use presell_imports::purchasing::{
    self, Asking, Entry, HandChange, HandError, LineChange, LineView, ListOrders, OrderChange, OrderView, Orders,
    Receipt, ShowOrder,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{App, Error, Field, Result};

/// The orders asked for, with counts by status and by when they are due.
pub async fn list_purchase_orders(app: &App, args: ListOrders) -> Result<Orders> {
    let today = app.store().await?.today(app.now().await?);
    Ok(purchasing::list_orders(&app.db, &args, today).await?)
}

/// One order with a page of its lines.
pub async fn show_purchase_order(app: &App, args: ShowOrder) -> Result<OrderView> {
    let store = app.store().await?;
    let today = store.today(app.now().await?);
    Ok(purchasing::show_order(&app.db, &store, &args, today).await?)
}

/// A line to change.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChangeLine {
    /// Number of the order.
    pub order: String,
    /// Number of the line.
    pub line: i64,
    /// What becomes of it.
    pub change: LineChange,
    /// The version that somebody looked at; none: whatever it is now.
    #[serde(default)]
    pub version: Option<String>,
    /// Questions are answered with yes.
    #[serde(default)]
    pub confirm: bool,
}

/// A line that was changed.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LineChanged {
    /// What was done, with the key to take it back.
    #[serde(flatten)]
    pub change: HandChange,
    /// The line as it is now.
    pub line: LineView,
    /// The catalog refreshes by itself, and does so for the product now.
    pub refreshing: bool,
}

/// Changes one line by hand.
pub async fn change_line(app: &App, args: ChangeLine) -> Result<LineChanged> {
    let (store, now) = (app.store().await?, app.now().await?);
    let (code, line) = (args.order.as_str(), args.line);
    let asking = asking(app, args.confirm);
    let change =
        purchasing::change_line(&app.db, &store, (code, line), &args.change, args.version.as_deref(), &asking, now);
    match change.await {
        Ok(change) => changed(app, code, line, change).await,
        Err(HandError::Conflict(..)) => Err(Error::LineConflict {
            message: HandError::Conflict(code.to_owned(), line).to_string(),
            current: Box::new(current(app, code, line).await?),
        }),
        Err(error) => Err(error.into()),
    }
}

/// An order to change as a whole.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChangePurchaseOrder {
    /// Its number.
    pub order: String,
    /// Its new status.
    pub status: Status,
    /// Questions are answered with yes.
    #[serde(default)]
    pub confirm: bool,
}

/// A purchase order that was changed.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OrderChanged {
    /// What was done, with the key to take it back.
    #[serde(flatten)]
    pub change: HandChange,
    /// The catalog refreshes by itself, and does so for the products now.
    pub refreshing: bool,
}

/// Changes the status of a whole order by hand.
pub async fn change_purchase_order(app: &App, args: ChangePurchaseOrder) -> Result<OrderChanged> {
    let change = OrderChange { status: args.status };
    let asking = asking(app, args.confirm);
    let change = purchasing::change_order(&app.db, &args.order, change, &asking, app.now().await?).await?;
    let refreshing = change.id.is_some() && app.facts_changed().await?;
    Ok(OrderChanged { change, refreshing })
}

/// Goods that arrived for one line.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReceiveGoods {
    /// Number of the order.
    pub order: String,
    /// Number of the line.
    pub line: i64,
    /// Pieces.
    pub quantity: i64,
    /// Questions are answered with yes.
    #[serde(default)]
    pub confirm: bool,
}

/// Posts goods that somebody saw arrive.
pub async fn receive_goods(app: &App, args: ReceiveGoods) -> Result<LineChanged> {
    let receipt = Receipt { order: &args.order, line: args.line, quantity: args.quantity };
    let change = purchasing::receive(&app.db, receipt, &asking(app, args.confirm), app.now().await?).await?;
    changed(app, &args.order, args.line, change).await
}

/// A change by hand to take back.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TakeBackChange {
    /// Its key.
    pub change_id: i64,
}

/// Takes a change by hand back, while nothing later changed the same.
pub async fn take_back_change(app: &App, args: TakeBackChange) -> Result<OrderChanged> {
    let asking = asking(app, true);
    let change = purchasing::take_back(&app.db, args.change_id, &asking, app.now().await?).await?;
    Ok(OrderChanged { change, refreshing: app.facts_changed().await? })
}

/// The history of an order or of one line of it.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PurchaseOrderHistory {
    /// Number of the order.
    pub order: String,
    /// Only this line.
    #[serde(default)]
    pub line: Option<i64>,
    /// How many entries, newest first.
    #[serde(default = "some")]
    pub limit: u32,
}

fn some() -> u32 {
    50
}

/// What happened to an order, newest first.
pub async fn purchase_order_history(app: &App, args: PurchaseOrderHistory) -> Result<Vec<Entry>> {
    Ok(purchasing::history(&app.db, &args.order, args.line, args.limit).await?)
}

fn asking(app: &App, confirm: bool) -> Asking {
    Asking { confirm, actor: app.actor.clone() }
}

async fn changed(app: &App, code: &str, line: i64, change: HandChange) -> Result<LineChanged> {
    let refreshing = change.id.is_some() && app.facts_changed().await?;
    Ok(LineChanged { change, line: current(app, code, line).await?, refreshing })
}

async fn current(app: &App, code: &str, line: i64) -> Result<LineView> {
    let store = app.store().await?;
    let today = store.today(app.now().await?);
    let found = purchasing::show_line(&app.db, &store, code, line, today).await?;
    found.ok_or_else(|| HandError::NoLine(code.to_owned(), line).into())
}

impl From<HandError> for Error {
    fn from(error: HandError) -> Error {
        let message = error.to_string();
        match error {
            HandError::NoOrder(_) | HandError::NoLine(..) | HandError::NoChange(_) => Error::NotFound { message },
            HandError::Fields(fields) => Error::fields(
                fields.into_iter().map(|(name, message)| Field { name: name.to_owned(), message }).collect(),
            ),
            HandError::Asks(questions) => Error::Questions { message, questions },
            HandError::Conflict(..) | HandError::Touched(_) => Error::Refused { message },
            HandError::Store(error) => error.into(),
        }
    }
}
