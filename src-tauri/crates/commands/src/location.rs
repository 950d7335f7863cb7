//! Where the data lives: what is open now, what was chosen for the next start, and a look at a place before it is chosen.
//! What is named on the command line or by `PRESELL_DATABASE` goes before the choice.

mod connection;

use std::path::PathBuf;

use presell_store::{Address, default_address};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use connection::{ConnectionTested, TestConnection, test_connection};

use crate::{App, Error, Field, Nothing, Result, changes};

/// Where the data lives.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DataLocation {
    /// `file` or `server`.
    pub kind: &'static str,
    /// The place; never holds a password.
    pub place: String,
    /// How it came to be this one.
    pub chosen: Chosen,
    /// The place that opens at the next start, if it is another.
    pub next: Option<String>,
    /// Where the choice is kept; none: nowhere, it lasts as long as the program.
    pub kept_in: Option<PathBuf>,
    /// What opens if nothing is chosen; none: no home folder is known.
    pub default_place: Option<String>,
}

/// How the database that is open came to be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Chosen {
    /// Nobody chose: the file in the person's data folder.
    Default,
    /// In the settings.
    Settings,
    /// On the command line or by `PRESELL_DATABASE`, which goes before the settings.
    Named,
}

/// A place to choose for the next start.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChooseDataLocation {
    /// A file, or `postgres://…`; none: the file in the person's data folder.
    pub database: Option<String>,
}

/// The database that opens when none is named: the one chosen in the settings, or the file in the data folder.
///
/// # Errors
/// What was chosen cannot be read, or is no address.
pub fn chosen_address(desk: &crate::Desk, data_folder: Option<PathBuf>) -> Result<Option<Address>> {
    match desk.read()?.database {
        Some(text) => Ok(Some(text.parse::<Address>()?)),
        None => Ok(data_folder.map(|folder| default_address(&folder))),
    }
}

/// Where the data lives now, and from the next start on.
pub async fn show_data_location(app: &App, _: Nothing) -> Result<DataLocation> {
    let default = crate::place::data_folder().map(|folder| default_address(&folder));
    let set = app.desk.read()?.database.map(|text| text.parse::<Address>()).transpose()?;
    let next = set.as_ref().or(default.as_ref());
    let chosen = match &default {
        _ if app.is_named() => Chosen::Named,
        Some(default) if *default == app.address => Chosen::Default,
        _ => Chosen::Settings,
    };
    Ok(DataLocation {
        kind: if matches!(app.address, Address::File(_)) { "file" } else { "server" },
        place: app.address.to_string(),
        chosen,
        next: next.filter(|next| **next != app.address).map(Address::to_string),
        kept_in: app.desk.file().map(PathBuf::from),
        default_place: default.map(|default| default.to_string()),
    })
}

/// Chooses where the data lives from the next start on; a place that would not open is refused. Nothing is moved: the data
/// of before stays where it is.
pub async fn choose_data_location(app: &App, args: ChooseDataLocation) -> Result<DataLocation> {
    let database = args.database.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    if let Some(text) = &database {
        let tested = test_connection(app, TestConnection { database: text.clone() }).await?;
        if let Some(bad) = tested.checks.iter().find(|check| !check.ok) {
            let remedy = bad.remedy.as_deref().unwrap_or_default();
            let message = format!("{} {remedy}", bad.message).trim().to_owned();
            return Err(Error::fields(vec![Field { name: "database".to_owned(), message }]));
        }
    }
    let shown = |text: Option<&String>| match text.map(|text| text.parse::<Address>()) {
        Some(Ok(address)) => address.to_string(),
        _ => "the file in the data folder".to_owned(),
    };
    let before = app.desk.read()?.database;
    app.desk.change(|remembered| remembered.database.clone_from(&database))?;
    let mut tx = app.db.begin().await?;
    let (was, is) = (shown(before.as_ref()), shown(database.as_ref()));
    changes::record(&mut tx, &app.actor, "data.location", &app.machine.host, &was, &is).await?;
    tx.commit().await?;
    show_data_location(app, Nothing {}).await
}
