//! PO ATP: what a purchase order line can still sell.

use presell_catalog::rules::{Code, Line, TermName, po_atp};
use rstest::rstest;

use crate::facts::line;

fn quantities([ordered, received, cancelled, buffer, allocated]: [i64; 5]) -> Line {
    Line { ordered, received, cancelled, buffer, allocated, ..line(1, "PO-1", 1) }
}

#[rstest]
#[case::untouched([100, 0, 0, 0, 0], 100, None)]
#[case::a_bit_of_everything([100, 40, 5, 10, 20], 25, None)]
#[case::sold_down_to_the_buffer([50, 0, 0, 5, 45], 0, Some(Code::FullyPresold))]
#[case::all_received([50, 50, 0, 0, 0], 0, Some(Code::FullyReceived))]
#[case::all_kept_back([10, 0, 0, 10, 0], 0, Some(Code::BufferOnly))]
#[case::all_called_off([30, 0, 30, 0, 0], 0, Some(Code::LineCancelled))]
#[case::sold_too_often([100, 0, 0, 0, 104], 0, Some(Code::FullyPresold))]
#[case::part_received_rest_called_off([30, 10, 20, 0, 0], 0, Some(Code::FullyReceived))]
#[case::more_received_than_ordered([30, 35, 0, 0, 0], 0, Some(Code::FullyReceived))]
#[case::kept_back_and_sold([10, 0, 0, 10, 1], 0, Some(Code::FullyPresold))]
fn po_atp_is_what_comes_less_what_is_kept_and_sold(
    #[case] line: [i64; 5],
    #[case] atp: i64,
    #[case] code: Option<Code>,
) {
    let found = po_atp(&quantities(line));
    assert_eq!(found.atp, atp, "PO ATP = ordered − received − cancelled − buffer − allocated, at least 0");
    assert_eq!(found.code, code, "an ATP of 0 says what used it up");
}

#[rstest]
#[case::nothing_wrong([100, 0, 0, 0, 100], 0)]
#[case::four_too_many([100, 0, 0, 0, 104], 4)]
#[case::cancelled_under_the_customers([100, 0, 30, 0, 80], 10)]
#[case::the_buffer_may_be_sold_without_alarm([100, 0, 0, 20, 90], 0)]
#[case::nothing_comes_any_more([10, 15, 0, 0, 3], 3)]
fn pieces_promised_beyond_what_comes_are_oversold(#[case] line: [i64; 5], #[case] oversold: i64) {
    let found = po_atp(&quantities(line));
    assert_eq!(found.oversold, oversold, "oversold = allocated beyond ordered − received − cancelled");
}

#[test]
fn the_terms_name_every_summand_with_its_sign() {
    let terms = po_atp(&quantities([100, 40, 5, 10, 80])).terms.map(|term| (term.name, term.value));
    let expected = [
        (TermName::Ordered, 100),
        (TermName::Received, -40),
        (TermName::Cancelled, -5),
        (TermName::Buffer, -10),
        (TermName::Allocated, -80),
        (TermName::Floor, 35),
    ];
    assert_eq!(terms, expected, "the terms show the whole way to the number");
}

#[test]
fn absurd_quantities_give_a_number_and_no_panic() {
    let found = po_atp(&quantities([i64::MIN, i64::MAX, i64::MAX, i64::MIN, i64::MIN]));
    assert!(found.atp >= 0 && found.oversold >= 0, "no input makes the arithmetic overflow: {found:?}");
}
