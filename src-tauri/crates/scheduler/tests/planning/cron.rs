//! Cron expressions: what is accepted, what it means, what is refused and how.

use chrono::{DateTime, Datelike, Timelike};
use presell_scheduler::Millis;
use presell_scheduler::planning::{BadCron, Cron};
use proptest::prelude::*;
use rstest::rstest;

use super::clocks::offset;
use super::{DAY, HOUR, MINUTE, utc, zone};

#[rstest]
#[case("*/15 * * * *", "*/15 * * * *", "Every 15 minutes")]
#[case("  0  9 * *   mon-fri ", "0 9 * * MON-FRI", "At 09:00, Monday to Friday")]
#[case("0 0 * * *", "0 0 * * *", "At 00:00")]
#[case("0 9 1 * *", "0 9 1 * *", "At 09:00, on day 1")]
#[case("0 9 1 * MON", "0 9 1 * MON", "At 09:00, on day 1 or Monday")]
#[case("0 0 L * *", "0 0 L * *", "At 00:00, on the last day of the month")]
#[case("0 9 * * MON#1", "0 9 * * MON#1", "At 09:00, on the 1st Monday of the month")]
#[case("0 0 29 2 *", "0 0 29 2 *", "At 00:00, on day 29, in February")]
#[case("*/5 9-17 * * 1-5", "*/5 9-17 * * 1-5", "Every 5 minutes, of hour 9-17, Monday to Friday")]
#[case("5/15 * * * *", "5-59/15 * * * *", "At minute 5, 20, 35, and 50 past every hour")]
#[case("0 */1 * * *", "0 * * * *", "At minute 0 past every hour")]
#[case("0 0-23 * * *", "0 * * * *", "At minute 0 past every hour")]
fn five_fields_are_accepted_in_one_spelling_and_in_plain_words(
    #[case] given: &str,
    #[case] text: &str,
    #[case] words: &str,
) {
    let cron = Cron::parse(given).unwrap();
    assert_eq!(cron.text(), text, "{given:?} has one spelling");
    assert_eq!(cron.words(), words, "{given:?} is said in plain words");
    assert_eq!(Cron::parse(cron.text()).unwrap(), cron, "what is stored reads back as the same");
}

#[rstest]
#[case("0 0 9 ? * 1", "0 9 * * SUN")]
#[case("0 0 9 ? * 2", "0 9 * * MON")]
#[case("0 0 9 ? * 7", "0 9 * * SAT")]
#[case("0 0 9 ? * 2-6", "0 9 * * MON-FRI")]
#[case("0 0 9 ? * 1,7", "0 9 * * SUN,SAT")]
#[case("0 0 9 ? * mon-fri", "0 9 * * MON-FRI")]
#[case("0 15 10 ? * 6#3", "15 10 * * FRI#3")]
#[case("0 15 10 ? * 6L", "15 10 * * FRIL")]
#[case("0 0 9 ? * L", "0 9 * * SAT")]
#[case("0 0 9 ? * 2/2", "0 9 * * MON-SAT/2")]
#[case("0 0/5 * * * ?", "0-59/5 * * * *")]
#[case("0 30 0/2 * * ?", "30 0-23/2 * * *")]
#[case("0 0 0/1 * * ?", "0 * * * *")]
#[case("0 0 12 1/5 * ?", "0 12 1-31/5 * *")]
#[case("00 0 0 L * ?", "0 0 L * *")]
#[case("0 9 ? * 2", "0 9 * * MON")]
// Without a question mark it is no Quartz, and 1 is Monday as everywhere else.
#[case("0 0 9 * * 1-5", "0 9 * * 1-5")]
fn quartz_expressions_become_five_fields_with_named_weekdays(#[case] given: &str, #[case] text: &str) {
    assert_eq!(Cron::parse(given).unwrap().text(), text, "{given} means the same in five fields");
}

#[test]
fn quartz_and_cron_agree_on_the_weekday_they_name() {
    let next = |text: &str| {
        let at = Cron::parse(text).unwrap().next(chrono_tz::UTC, utc("2026-01-01 00:00")).unwrap();
        DateTime::from_timestamp_millis(at).unwrap().format("%A").to_string()
    };
    for (quartz, cron, day) in
        [("1", "0", "Sunday"), ("2", "1", "Monday"), ("6", "5", "Friday"), ("7", "6", "Saturday")]
    {
        assert_eq!(next(&format!("0 0 9 ? * {quartz}")), day, "Quartz counts from 1, Sunday");
        assert_eq!(next(&format!("0 9 * * {cron}")), day, "cron counts from 0, Sunday");
    }
}

#[rstest]
#[case("0 0 30 2 *")]
#[case("0 0 31 4,6,9,11 *")]
#[case("0 0 0 30 2 ?")]
fn a_day_that_no_month_has_is_refused_as_never(#[case] given: &str) {
    let refused = Cron::parse(given).unwrap_err();
    assert_eq!(refused, BadCron::Never(given.to_owned()), "{given} never comes");
    assert_eq!(
        refused.to_string(),
        format!("\"{given}\" never comes: no month has such a day."),
        "and that is what is said"
    );
}

#[rstest]
#[case("", "it needs five fields: minute, hour, day, month, weekday")]
#[case("hello", "it needs five fields: minute, hour, day, month, weekday")]
#[case("@daily", "it needs five fields: minute, hour, day, month, weekday")]
#[case("0 0 9 * * ? 2026", "it needs five fields: minute, hour, day, month, weekday")]
#[case("60 * * * *", "the minute is 60, but it goes upwards from 0 to 59")]
#[case("0 24 * * *", "the hour is 24, but it goes upwards from 0 to 23")]
#[case("0 22-6 * * *", "the hour is 22-6, but it goes upwards from 0 to 23")]
#[case("0 0 0 * *", "the day is 0, but it goes upwards from 1 to 31")]
#[case("0 0 * 13 *", "the month is 13, but it goes upwards from 1 to 12")]
#[case("0 0 * * 8", "the weekday is 8, but it goes upwards from 0 to 7")]
#[case("0 0 * * FOO", "the weekday is FOO, but that means nothing there")]
#[case("*/0 * * * *", "the minute is */0, but step cannot be zero")]
#[case("*/90 * * * *", "the minute has a step of 90, which is too long")]
#[case("0 */36 * * *", "the hour has a step of 36, which is too long")]
#[case("1,,2 * * * *", "the minute has nothing beside a comma")]
#[case("30 0 9 * * ?", "with six fields the first, seconds, must be 0")]
#[case("0 0 9 ? * 0", "weekdays are counted from 1, Sunday, to 7")]
#[case("0 0 9 ? * 8", "weekdays are counted from 1, Sunday, to 7")]
fn nonsense_is_refused_in_plain_words(#[case] given: &str, #[case] why: &str) {
    let said = Cron::parse(given).unwrap_err().to_string();
    let expected = format!(
        "\"{given}\" is no cron expression: {why}. An example is 0 9 * * MON-FRI, nine o'clock on working days."
    );
    assert_eq!(said, expected, "the refusal names what was given, what is wrong and what would be right");
}

#[test]
fn the_next_time_is_a_whole_minute_whatever_the_clock_shows_now() {
    for text in ["*/15 * * * *", "0 9 * * *"] {
        let cron = Cron::parse(text).unwrap();
        for odd in [1, 999, 1_000, 59_999] {
            let at = utc("2026-01-01 09:00");
            assert_eq!(cron.next(chrono_tz::UTC, at - odd), Some(at), "{text}: {odd} ms before nine, nine is next");
        }
        assert_ne!(
            cron.next(chrono_tz::UTC, utc("2026-01-01 09:00")),
            Some(utc("2026-01-01 09:00")),
            "{text}: next means after"
        );
    }
}

/// One field: what is written, and the values it stands for.
fn field(least: u32, most: u32) -> impl Strategy<Value = (String, Vec<u32>)> {
    let any = Just(("*".to_owned(), (least..=most).collect()));
    let list = prop::collection::btree_set(least..=most, 1..4).prop_map(|values| {
        let text = values.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
        (text, values.into_iter().collect())
    });
    let range = (least..=most, least..=most).prop_map(|(a, b)| {
        let (a, b) = (a.min(b), a.max(b));
        (format!("{a}-{b}"), (a..=b).collect())
    });
    let step =
        (2..=(most - least) / 2).prop_map(move |n| (format!("*/{n}"), (least..=most).step_by(n as usize).collect()));
    prop_oneof![2 => any, 1 => list, 1 => range, 1 => step]
}

fn zones() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["UTC", "America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Beirut"])
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 24, ..ProptestConfig::default() })]

    /// Expressions for every hour, against a look at each minute of a week.
    #[test]
    fn every_hour_is_what_a_look_at_each_minute_finds(
        (minute, minutes) in field(0, 59), (day, days) in field(1, 31), (month, months) in field(1, 12),
        (weekday, weekdays) in field(0, 6), name in zones(), week in 0..600_i64,
    ) {
        let text = format!("{minute} * {day} {month} {weekday}");
        let Ok(cron) = Cron::parse(&text) else {
            // The 31st of a short month: it never comes, so no minute would be found.
            prop_assume!(false);
            return Ok(());
        };
        let zone = zone(name);
        let from = utc("2026-01-01 00:00") + week * 7 * DAY;
        let shown = |at: Millis| {
            let wall = DateTime::from_timestamp_millis(at + offset(zone, at)).unwrap();
            let (dom, dow) = (days.contains(&wall.day()), weekdays.contains(&wall.weekday().num_days_from_sunday()));
            // When both are given, either is enough.
            let today = if day != "*" && weekday != "*" { dom || dow } else { dom && dow };
            minutes.contains(&wall.minute()) && today && months.contains(&wall.month())
        };
        let looked: Vec<Millis> = (1..=7 * DAY / MINUTE).map(|k| from + k * MINUTE).filter(|at| shown(*at)).collect();
        let mut stepped = Vec::new();
        let mut at = from;
        while let Some(next) = cron.next(zone, at).filter(|next| *next <= from + 7 * DAY) {
            stepped.push(next);
            at = next;
        }
        prop_assert_eq!(stepped, looked, "{} in {}", text, name);
    }

    /// Whatever a person types: an answer in words, or an expression that goes on.
    #[test]
    fn any_text_is_either_refused_or_goes_on(text in "[0-9*/,?L#a-c -]{0,20}") {
        match Cron::parse(&text) {
            Ok(cron) => {
                let first = cron.next(chrono_tz::UTC, utc("2026-01-01 00:00"));
                prop_assert!(first.is_some_and(|at| at % MINUTE == 0), "{:?} has a next time", text);
                prop_assert!(!cron.words().is_empty(), "{:?} can be said", text);
            }
            Err(refused) => prop_assert!(refused.to_string().contains(text.trim()), "{}: names what was typed", refused),
        }
    }
}

#[test]
fn an_hour_that_comes_twice_is_passed_over_in_one_go() {
    let cron = Cron::parse("* 0-22 * * *").unwrap();
    let second_half_past_one = utc("2026-11-01 06:30");
    let two = utc("2026-11-01 07:00");
    assert_eq!(
        cron.next(zone("America/New_York"), second_half_past_one),
        Some(two),
        "all of the hour ran the first time"
    );
    assert_eq!(cron.next(zone("America/New_York"), two - HOUR - MINUTE), Some(two), "also from its very end");
}
