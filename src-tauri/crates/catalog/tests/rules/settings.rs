//! Settings are read, refused and written back in words.

use presell_catalog::settings::{CapScope, DEFINITIONS, Settings, UnknownStockPolicy, definition};
use rstest::rstest;

#[test]
fn every_setting_reads_back_what_it_writes() {
    for definition in DEFINITIONS {
        let mut settings = Settings::default();
        let text = settings.get(definition.key).unwrap();
        assert_eq!(text, definition.default_text(), "{}: a new store has the default", definition.key);
        settings.set(definition.key, &text).unwrap();
        assert_eq!(settings, Settings::default(), "{}: writing what was read changes nothing", definition.key);
        for choice in definition.choices() {
            settings.set(definition.key, choice).unwrap();
            assert_eq!(settings.get(definition.key).unwrap(), choice, "{}: every choice can be made", definition.key);
        }
    }
}

#[test]
fn a_new_store_starts_with_the_documented_defaults() {
    let expected = [
        ("today_counts_as_future", "true"),
        ("out_of_stock_level", "0"),
        ("relist_level", "off"),
        ("unknown_stock_policy", "zero_for_new_styles"),
        ("hold", "false"),
        ("reserve_inventory", "true"),
        ("max_stock_age_hours", "off"),
        ("threshold", "0"),
        ("cap_scope", "active_line"),
        ("max_change_percent", "30"),
        ("shared_line_split", "off"),
    ];
    let found: Vec<_> = DEFINITIONS.iter().map(|d| (d.key, d.default_text())).collect();
    let found: Vec<_> = found.iter().map(|(key, text)| (*key, text.as_str())).collect();
    assert_eq!(found, expected, "defaults are a promise to the user");
}

#[rstest]
#[case("hold", "maybe", "true or false")]
#[case("max_change_percent", "101", "a whole number from 0 to 100")]
#[case("threshold", "-1", "from 0 to")]
#[case("threshold", "off", "a whole number")]
#[case("out_of_stock_level", "2.5", "a whole number")]
#[case("shared_line_split", "0", "from 1 to 100, or off")]
#[case("cap_scope", "some_lines", "active_line or all_lines")]
#[case("unknown_stock_policy", "zero", "zero_for_new_styles or never_zero or always_zero")]
fn a_bad_value_is_refused_with_the_allowed_ones(#[case] key: &str, #[case] text: &str, #[case] allowed: &str) {
    let mut settings = Settings::default();
    let error = settings.set(key, text).unwrap_err().to_string();
    assert!(error.contains(key) && error.contains(text) && error.contains(allowed), "the error helps: {error}");
    assert_eq!(settings, Settings::default(), "a refused value changes nothing");
}

#[test]
fn an_unknown_setting_is_refused_with_the_known_ones() {
    let error = Settings::default().set("treshold", "3").unwrap_err().to_string();
    assert!(error.contains("treshold") && error.contains("threshold, "), "the error lists the settings: {error}");
    assert!(Settings::default().get("zone").is_err(), "the zone belongs to the store, not to its settings");
}

#[test]
fn people_may_write_yes_and_none() {
    let settings = Settings::from_texts([("hold", " Yes "), ("max_stock_age_hours", "NONE")]).unwrap();
    assert!(settings.hold, "yes is true");
    assert_eq!(settings.max_stock_age_hours, None, "none is off");
}

#[test]
fn settings_survive_json() {
    let settings = Settings {
        unknown_stock_policy: UnknownStockPolicy::NeverZero,
        cap_scope: CapScope::AllLines,
        max_stock_age_hours: Some(48),
        hold: true,
        ..Settings::default()
    };
    let json = serde_json::to_value(settings).unwrap();
    assert_eq!(json["max_stock_age_hours"], 48, "numbers are numbers in JSON");
    assert_eq!(json["shared_line_split"], serde_json::Value::Null, "off is null");
    assert_eq!(serde_json::from_value::<Settings>(json.clone()).unwrap(), settings, "there and back");
    let keys = json.as_object().unwrap();
    assert!(keys.keys().all(|key| definition(key).is_ok()), "JSON and settings have the same keys");
    assert_eq!(keys.len(), DEFINITIONS.len(), "and the same number of them");
}

#[test]
fn json_is_checked_like_text() {
    let read = |json: &str| serde_json::from_str::<Settings>(json);
    assert_eq!(read("{}").unwrap(), Settings::default(), "what is missing has its default");
    assert!(read(r#"{"max_change_percent": 500}"#).is_err(), "out of range");
    assert!(read(r#"{"hodl": true}"#).is_err(), "unknown key");
    assert!(read(r#"{"threshold": [1]}"#).is_err(), "wrong kind");
}

#[test]
fn every_setting_says_what_it_does() {
    for definition in DEFINITIONS {
        assert!(definition.help.ends_with('.'), "{}: one sentence of help", definition.key);
        assert!(!definition.allowed().is_empty(), "{}: says what it takes", definition.key);
    }
    for key in ["hold", "reserve_inventory"] {
        assert!(definition(key).unwrap().confirm.is_some(), "{key} says what will change before it is changed");
    }
}
