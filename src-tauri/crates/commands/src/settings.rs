//! The settings of the store, its time zone among them: the person who looks for it looks here.

use chrono_tz::Tz;
use presell_catalog::settings::{DEFINITIONS, SettingError};
use presell_catalog::stores::{self, StoresError};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{App, Error, Nothing, Result};

mod preview;

pub use preview::{SettingPreview, preview_setting};

/// The zone is part of the store, not a setting the rules read; people find it under this key.
const ZONE: &str = "zone";

/// One setting with all that is needed to change it.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Setting {
    /// Its name.
    pub key: &'static str,
    /// Its name for people.
    pub label: &'static str,
    /// `flag`, `number`, `choice` or `zone`.
    pub kind: &'static str,
    /// Its value, as text.
    pub value: String,
    /// The value of a new store; none for the zone, which is that of the machine.
    pub default: Option<String>,
    /// What it does, in one sentence.
    pub help: &'static str,
    /// Which values it takes, in words.
    pub allowed: String,
    /// The values to choose from; empty if it is a number or a zone.
    pub choices: Vec<&'static str>,
    /// The smallest and the largest number; none: it is no number.
    pub range: Option<(i64, i64)>,
    /// What the number counts: `pieces`, `hours` or `percent`.
    pub unit: Option<&'static str>,
    /// Whether `off` is a value.
    pub can_be_off: bool,
    /// What to say before it is changed, where a change shows at once.
    pub confirm: Option<&'static str>,
}

/// Every setting of the store.
pub async fn list_settings(app: &App, _: Nothing) -> Result<Vec<Setting>> {
    let store = app.store().await?;
    let mut tx = app.db.begin_read().await?;
    let settings = stores::settings(&mut tx, &store).await;
    tx.rollback().await?;
    let settings = settings?;
    let zone = Setting {
        key: ZONE,
        label: "Time zone",
        kind: "zone",
        value: store.zone.name().to_owned(),
        default: None,
        help: "The time zone of the store: its days begin and end there.",
        allowed: "a time zone such as Europe/Paris or America/New_York".to_owned(),
        choices: Vec::new(),
        range: None,
        unit: None,
        can_be_off: false,
        confirm: None,
    };
    let mut list = vec![zone];
    for definition in DEFINITIONS {
        list.push(Setting {
            key: definition.key,
            label: definition.label,
            kind: definition.kind(),
            value: settings.get(definition.key).map_err(StoresError::from)?,
            default: Some(definition.default_text()),
            help: definition.help,
            allowed: definition.allowed(),
            choices: definition.choices(),
            range: definition.range(),
            unit: definition.unit(),
            can_be_off: definition.can_be_off(),
            confirm: definition.confirm,
        });
    }
    Ok(list)
}

/// A setting to change.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChangeSetting {
    /// Its name.
    pub key: String,
    /// The new value, as text.
    pub value: String,
}

/// A setting that was changed.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SettingChanged {
    /// Its name.
    pub key: String,
    /// The value before.
    pub before: String,
    /// The value now.
    pub after: String,
    /// What the change does at once, if it does.
    pub note: Option<&'static str>,
}

/// Changes one setting; the next refresh looks at every product.
pub async fn change_setting(app: &App, args: ChangeSetting) -> Result<SettingChanged> {
    let ChangeSetting { key, value } = args;
    let (store, now) = (app.store().await?, app.now().await?);
    if key == ZONE {
        let zone = zone_of(&value)?;
        stores::change_zone(&app.db, &store, zone, &app.actor, now).await?;
        return Ok(SettingChanged {
            key,
            before: store.zone.name().to_owned(),
            after: zone.name().to_owned(),
            note: None,
        });
    }
    let note = presell_catalog::settings::definition(&key).map_err(unknown_key)?.confirm;
    let (before, after) = stores::change_setting(&app.db, &store, &key, &value, &app.actor, now).await?;
    let note = note.filter(|_| before != after);
    app.facts_changed().await?;
    Ok(SettingChanged { key, before, after, note })
}

/// The zone that somebody named.
pub(crate) fn zone_of(text: &str) -> Result<Tz> {
    text.trim().parse().map_err(|_| Error::NotAccepted {
        message: format!("\"{text}\" is not a time zone. Give one such as Europe/Paris or America/New_York."),
    })
}

/// A key that nothing has is answered with all that there are, the zone among them.
fn unknown_key(error: SettingError) -> Error {
    match error {
        SettingError::UnknownKey { key } => {
            let keys: Vec<&str> = [ZONE].into_iter().chain(DEFINITIONS.iter().map(|d| d.key)).collect();
            let message = format!("There is no setting \"{key}\". The settings are: {}.", keys.join(", "));
            Error::NotAccepted { message }
        }
        other => StoresError::from(other).into(),
    }
}
