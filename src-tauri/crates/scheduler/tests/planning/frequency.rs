//! The frequencies people choose from.

use presell_scheduler::planning::{Frequency, Recurrence};
use rstest::rstest;

use super::{DAY, HOUR, MINUTE, by_cron};

#[rstest]
#[case("EVERY_5_MIN", "Every 5 minutes", Recurrence::Every(5 * MINUTE))]
#[case("EVERY_15_MIN", "Every 15 minutes", Recurrence::Every(15 * MINUTE))]
#[case("EVERY_30_MIN", "Every 30 minutes", Recurrence::Every(30 * MINUTE))]
#[case("HOURLY", "Hourly", Recurrence::Every(HOUR))]
#[case("EVERY_6_HOUR", "Every 6 hours", Recurrence::Every(6 * HOUR))]
#[case("EVERYDAY", "Every day", Recurrence::Days(1))]
#[case("ON_DEMAND", "On demand", Recurrence::OnDemand)]
fn a_frequency_has_an_id_a_label_and_a_recurrence(
    #[case] id: &str,
    #[case] label: &str,
    #[case] recurrence: Recurrence,
) {
    let frequency = Frequency::find(id).unwrap();
    assert_eq!((frequency.id(), frequency.label()), (id, label), "id and label belong together");
    assert_eq!(frequency.recurrence(), Some(recurrence), "{id} stands for its recurrence");
}

#[test]
fn custom_brings_a_recurrence_of_its_own() {
    let custom = Frequency::find("CUSTOM").unwrap();
    assert_eq!((custom.label(), custom.recurrence()), ("Custom", None), "what repeats is stored beside it");
}

#[test]
fn every_frequency_is_found_by_its_id_however_it_is_typed_and_by_no_other() {
    for frequency in Frequency::ALL {
        let typed = format!(" {} ", frequency.id().to_ascii_lowercase().replace('_', "-"));
        assert_eq!(Frequency::find(&typed), Some(*frequency), "case and hyphens do not matter");
    }
    let ids: std::collections::BTreeSet<&str> = Frequency::ALL.iter().map(|f| f.id()).collect();
    let labels: std::collections::BTreeSet<&str> = Frequency::ALL.iter().map(|f| f.label()).collect();
    assert_eq!((ids.len(), labels.len()), (8, 8), "no two share an id or a label");
    assert_eq!(Frequency::find("EVERY_7_MIN"), None, "what is not offered is not found");
}

#[rstest]
#[case(Recurrence::Every(15 * MINUTE), "every", "Every 15 minutes")]
#[case(Recurrence::Every(90 * MINUTE), "every", "Every 90 minutes")]
#[case(Recurrence::Every(HOUR), "every", "Every hour")]
#[case(Recurrence::Every(2 * DAY), "every", "Every 2 days")]
#[case(Recurrence::Every(1_500), "every", "Every 1500 milliseconds")]
#[case(Recurrence::Days(1), "days", "Every day")]
#[case(Recurrence::Days(3), "days", "Every 3 days")]
#[case(Recurrence::AfterRun(HOUR), "after_run", "1 hour after each run")]
#[case(Recurrence::AfterRun(10 * MINUTE), "after_run", "10 minutes after each run")]
#[case(Recurrence::OnDemand, "on_demand", "On demand")]
#[case(by_cron("0 9 * * 1-5"), "cron", "At 09:00, Monday to Friday")]
fn a_recurrence_is_said_in_plain_words(#[case] recurrence: Recurrence, #[case] kind: &str, #[case] words: &str) {
    assert_eq!((recurrence.kind(), recurrence.words().as_str()), (kind, words), "stored and said");
}
