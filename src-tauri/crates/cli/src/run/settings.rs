//! `presell settings`.

use presell_commands::{App, ChangeSetting, Error, Nothing, Result, change_setting, list_settings};

use crate::arguments::SettingsAction;
use crate::output::{Ending, Output};
use crate::render;

pub(crate) async fn run(app: &App, output: Output, action: Option<SettingsAction>) -> Result<Ending> {
    match action {
        None => {
            let settings = list_settings(app, Nothing {}).await?;
            output.answer(settings.as_slice(), render::settings)?;
        }
        Some(SettingsAction::Get { key }) => {
            let settings = list_settings(app, Nothing {}).await?;
            let Some(setting) = settings.iter().find(|s| s.key == key) else {
                let keys: Vec<&str> = settings.iter().map(|s| s.key).collect();
                let message = format!("There is no setting \"{key}\". The settings are: {}.", keys.join(", "));
                return Err(Error::NotAccepted { message });
            };
            output.answer(setting, render::setting)?;
        }
        Some(SettingsAction::Set { key, value }) => {
            let changed = change_setting(app, ChangeSetting { key, value }).await?;
            output.answer(&changed, |c| match c.before == c.after {
                true => format!("{} is {} already.\n", c.key, c.after),
                false => format!(
                    "{}: {} → {}\nIt counts from the next refresh on: presell refresh\n",
                    c.key, c.before, c.after
                ),
            })?;
            if let Some(note) = changed.note {
                output.note(note);
            }
        }
    }
    Ok(Ending::Done)
}
