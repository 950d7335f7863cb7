//! A sound life of one variant breaks no rule, and each rule is broken here once.

use chrono::NaiveDate;
use presell_simulator::journal::Change;
use serde_json::{Value, json};

use super::*;
use crate::shops::assortment::TWIN;
use crate::shops::shelf::{MARK, POLICY, TAGS};

/// Listed, moved to the other list, taken off; a line an event: its time, who, what. `us` and `they` write to the shop.
const SOUND: &[&str] = &[
    "1 item - pending PRE_ORDER",
    "2 item pending sent PRE_ORDER",
    "3 us mark PRE_ORDER",
    "4 us tag +HC:Pre-Order",
    "5 us policy CONTINUE",
    "6 shown - confirmed PRE_ORDER",
    "6 item sent confirmed PRE_ORDER",
    "7 they tag +sale",
    "10 item - pending BACKORDER",
    "11 item pending sent BACKORDER",
    "12 us tag +HC:Backorder",
    "13 us mark BACKORDER",
    "14 us tag -HC:Pre-Order",
    "15 shown PRE_ORDER confirmed BACKORDER",
    "15 item sent confirmed BACKORDER",
    "20 item - pending -",
    "21 item pending sent -",
    "22 us policy DENY",
    "22 item sent unknown -",
    "23 item unknown pending -",
    "24 item pending sent -",
    "25 us tag -HC:Backorder",
    "26 us mark -",
    "27 shown BACKORDER confirmed -",
    "27 item sent confirmed -",
    "30 they policy CONTINUE",
];

/// The rule, the line that is replaced, and what by.
const BREAKS: &[(&str, &str, &[&str])] = &[
    ("foreign tags or fields touched", "7 they tag +sale", &["5 us tag +sale"]),
    ("foreign tags or fields touched", "26 us mark -", &["26 us mark -", "26 us title x"]),
    ("written without being marked as sent", "22 item sent unknown -", &["21 item sent unknown -"]),
    ("written without being marked as sent", "27 item sent confirmed -", &["27 item sent confirmed -", "28 us mark -"]),
    ("set on CONTINUE though not to be listed", "22 us policy DENY", &["21 us policy CONTINUE", "22 us policy DENY"]),
    ("on CONTINUE when the delist was confirmed", "22 us policy DENY", &["22 they tag +x"]),
    (
        "moved or updated through DENY",
        "13 us mark BACKORDER",
        &["13 us mark BACKORDER", "13 us policy DENY", "13 us policy CONTINUE"],
    ),
    ("marked otherwise than wanted", "3 us mark PRE_ORDER", &["3 us mark BACKORDER", "3 us mark PRE_ORDER"]),
    ("marked otherwise than wanted", "13 us mark BACKORDER", &["12 us mark -", "13 us mark BACKORDER"]),
    ("moved, and still tagged for the other list", "14 us tag -HC:Pre-Order", &["14 they tag +x"]),
    (
        "sold without mark or tag",
        "3 us mark PRE_ORDER",
        &["5 us policy CONTINUE", "5 us policy DENY", "5 us mark PRE_ORDER"],
    ),
    (
        "tag taken from under a variant that sells",
        "13 us mark BACKORDER",
        &["12 us tag -HC:Pre-Order", "12 us tag +HC:Pre-Order", "13 us mark BACKORDER"],
    ),
    ("sent again without being read back", "23 item unknown pending -", &["23 item unknown sent -"]),
    (
        "confirmed though the shop does not show it",
        "5 us policy CONTINUE",
        &["4 us policy CONTINUE", "5 us policy CONTINUE", "6 us policy DENY"],
    ),
];

const VARIANT: &str = "gid://shopify/ProductVariant/1";
const PRODUCT: &str = "gid://shopify/Product/1";

fn value(kind: &str) -> Value {
    match kind {
        "-" => json!(r#"{"status":"inactive","promise_date":"_NA_","preorderType":"PRE_ORDER"}"#),
        class => json!(format!(r#"{{"status":"active","promise_date":"01/15/2027","preorderType":"{class}"}}"#)),
    }
}

fn verdict(lines: &[&str], sku: &str) -> Verdict {
    let (mut wishes, mut writes, mut tags) = (Vec::new(), Vec::new(), Vec::<String>::new());
    for line in lines {
        let words: Vec<&str> = line.split(' ').collect();
        let at: i64 = words[0].parse().unwrap();
        if let ["item" | "shown", was, state, class] = words[1..] {
            let some = |word: &str| (word != "-").then(|| word.to_owned());
            let date = NaiveDate::from_ymd_opt(2027, 1, 15).filter(|_| class != "-");
            let (class, cap) = (some(class), some(class).map(|_| 5));
            let (sku, what, state) = (sku.to_owned(), words[1].to_owned(), state.to_owned());
            wishes.push(Wish { sku, at, what, was: some(was), state, class, promise_date: date, cap });
            continue;
        }
        let before = json!(tags);
        let (id, field, after) = match words[2..] {
            ["policy", policy] => (VARIANT, POLICY.to_owned(), json!(policy)),
            ["mark", kind] => (VARIANT, MARK.to_owned(), value(kind)),
            ["tag", tag] => {
                let (sign, tag) = tag.split_at(1);
                tags.retain(|old| old != tag);
                tags.extend((sign == "+").then(|| tag.to_owned()));
                (PRODUCT, TAGS.to_owned(), json!(tags))
            }
            _ => (PRODUCT, words[2].to_owned(), json!("x")),
        };
        let changes = vec![Change { id: id.to_owned(), field, before, after }];
        let by = if words[1] == "us" { By::Request } else { By::Other };
        writes.push(Write {
            number: 0,
            at,
            by,
            operation: String::new(),
            document: None,
            request: String::new(),
            arguments: Value::Null,
            idempotency_key: None,
            changes,
            errors: Vec::new(),
            answered: true,
        });
    }
    let name = Name { sku: sku.to_owned(), product: PRODUCT.to_owned() };
    judge(&HashMap::from([(VARIANT.to_owned(), name)]), &wishes, &writes)
}

fn broken(verdict: &Verdict) -> Vec<&'static str> {
    verdict.rules.iter().filter(|rule| rule.count > 0).map(|rule| rule.what).collect()
}

#[test]
fn a_sound_life_breaks_no_rule_and_is_counted() {
    let verdict = verdict(SOUND, "STYLE-00-S");
    assert!(verdict.holds(), "nothing was wrong: {:#?}", verdict.rules);
    for (what, count) in [
        ("writes", 9),
        ("writes of others", 2),
        ("listings confirmed", 2),
        ("  moves to the other list among them", 1),
        ("delists confirmed", 1),
        ("outcomes nobody knew", 1),
    ] {
        assert_eq!(verdict.figure(what), Some(count), "{what} are counted");
    }
}

#[test]
fn each_rule_notices_what_breaks_it() {
    for (rule, line, instead) in BREAKS {
        let place = SOUND.iter().position(|own| own == line).expect("a line of the sound life");
        let lines = [&SOUND[..place], instead, &SOUND[place + 1..]].concat();
        let verdict = verdict(&lines, "STYLE-00-S");
        assert!(
            broken(&verdict).contains(rule),
            "{line} → {instead:?} must break \"{rule}\", not {:?}",
            broken(&verdict)
        );
    }
    let twins = verdict(SOUND, TWIN);
    assert_eq!(broken(&twins), ["products written that are none of ours"], "one of two with the same SKU is nobody's");
    for rule in twins.rules {
        let noticed = BREAKS.iter().any(|(what, ..)| *what == rule.what) || rule.count > 0;
        assert!(noticed, "the rule \"{}\" must be broken here once", rule.what);
    }
}
