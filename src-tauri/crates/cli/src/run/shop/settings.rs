//! Settings of a shop as they are typed: `buffer=2`.

use presell_commands::{App, ChangeShop, Error, Nothing, Result, list_shops};
use presell_shops::settings::ShopSettings;
use serde_json::{Map, Value};

use crate::arguments::ChangedShop;

/// What was typed, over the settings as they are now. If somebody else is faster, the change is refused.
pub(super) async fn typed(app: &App, typed: ChangedShop) -> Result<ChangeShop> {
    let (name, texts) = (typed.name.clone(), typed.set.clone());
    let mut change: ChangeShop = typed.into();
    if texts.is_empty() {
        return Ok(change);
    }
    // A shop that is not there is told by the change itself.
    if let Some(shop) = list_shops(app, Nothing {}).await?.into_iter().find(|shop| shop.name == name) {
        change.version = Some(shop.version);
        change.settings = Some(with(&shop.settings, &texts)?);
    }
    Ok(change)
}

fn with(settings: &ShopSettings, texts: &[String]) -> Result<ShopSettings> {
    let mut values: Map<String, Value> = serde_json::to_value(settings)
        .ok()
        .and_then(|value| value.as_object().cloned())
        .ok_or_else(|| Error::failed("The settings of the shop cannot be read.".to_owned()))?;
    for text in texts {
        let refused = |name: &str, message: String| Error::NotAccepted { message: format!("{name}: {message}") };
        let (key, value) =
            text.split_once('=').ok_or_else(|| refused(text, "Type a key and a value, as in buffer=2.".to_owned()))?;
        let known = values.keys().cloned().collect::<Vec<_>>().join(", ");
        let old = values
            .get_mut(key)
            .ok_or_else(|| refused(key, format!("There is no such setting. There are: {known}.")))?;
        *old = match old {
            Value::Number(_) => value
                .trim()
                .parse::<i64>()
                .map(Value::from)
                .map_err(|_| refused(key, "Give a whole number.".to_owned()))?,
            Value::Bool(_) => value
                .trim()
                .parse::<bool>()
                .map(Value::from)
                .map_err(|_| refused(key, "Give true or false.".to_owned()))?,
            Value::Array(_) => value.split(',').map(str::trim).filter(|word| !word.is_empty()).collect(),
            _ => Value::from(value.trim()),
        };
        // Of a setting with a few values only its own reader knows which.
        if let Err(error) = serde_json::from_value::<ShopSettings>(Value::Object(values.clone())) {
            return Err(refused(key, format!("\"{value}\" is not accepted: {error}.")));
        }
    }
    serde_json::from_value(Value::Object(values)).map_err(|error| Error::failed(error.to_string()))
}

#[cfg(test)]
mod tests {
    use presell_shops::settings::Drift;

    use super::*;

    fn set(texts: &[&str]) -> Result<ShopSettings> {
        with(&ShopSettings::default(), &texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn what_is_typed_becomes_a_value_of_its_kind() {
        let set = set(&["buffer=2", "restorePolicy=true", "drift=ask", "products=MEN-*, S-1", "preOrderTag=Soon"])
            .expect("all are accepted");
        let expected = ShopSettings {
            buffer: 2,
            restore_policy: true,
            drift: Drift::Ask,
            products: vec!["MEN-*".to_owned(), "S-1".to_owned()],
            pre_order_tag: "Soon".to_owned(),
            ..ShopSettings::default()
        };
        assert_eq!(set, expected, "the others stay as they are");
    }

    #[test]
    fn what_makes_no_sense_is_refused_by_its_name() {
        for (text, words) in [
            ("buffer", "as in buffer=2"),
            ("bufer=2", "maxDelistPercent"),
            ("buffer=two", "whole number"),
            ("restorePolicy=perhaps", "true or false"),
            ("drift=sometimes", "repair"),
        ] {
            let error = set(&[text]).expect_err("it is refused");
            let told = serde_json::to_string(&error).expect("it is told");
            assert!(told.contains(words), "{text}: {told}");
        }
    }
}
