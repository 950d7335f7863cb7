//! Every reason can be reached, is named once, and speaks to people.

use presell_catalog::rules::{Class, Code, FreeLine, Item, Line, ProductFacts, Rule, Status, Turn, allocate};
use rstest::rstest;

use crate::facts::{day, decided, line, now, product, stock};

/// The first reason why a product with this line alone is not listed.
fn reason(change: impl FnOnce(&mut Line)) -> Option<Code> {
    let mut line = line(1, "PO-1", 1);
    change(&mut line);
    decided(&product(vec![line])).reasons.first().copied()
}

/// One way to each code.
fn reached(code: Code) -> Option<Code> {
    match code {
        Code::Excluded => first(&ProductFacts { excluded: true, ..product(vec![line(1, "PO-1", 1)]) }),
        Code::InStock => first(&ProductFacts { stock: stock(&[1]), ..product(vec![line(1, "PO-1", 1)]) }),
        Code::StockUnknown => {
            let known = Line { is_new: false, ..line(1, "PO-1", 1) };
            first(&ProductFacts { stock: stock(&[]), ..product(vec![known]) })
        }
        Code::NoPo => first(&product(vec![])),
        Code::NotAPo => reason(|line| line.purchase_order = " ".into()),
        Code::PoCancelled => reason(|line| line.po_status = Status::Cancelled),
        Code::PoCompleted => reason(|line| line.po_status = Status::Completed),
        Code::LineCancelled => reason(|line| line.line_status = Status::Cancelled),
        Code::LineCompleted => reason(|line| line.line_status = Status::Completed),
        Code::OutOfScope => reason(|line| line.in_scope = false),
        Code::DateMissing => reason(|line| line.promise_date = None),
        Code::DatePassed => reason(|line| line.promise_date = Some(day(-1))),
        Code::FullyReceived => reason(|line| line.received = 10),
        Code::BufferOnly => reason(|line| line.buffer = 10),
        Code::FullyPresold => reason(|line| line.allocated = 10),
        Code::WaitingForPo => {
            let turn = Turn { ordered_at: now(), order: "SO-1".into(), seq: 1 };
            let free = FreeLine { line: 1, promise_date: day(30), free: 2 };
            allocate(&[Item { id: 1, turn, quantity: 3 }], &[free])[0].reason()
        }
    }
}

fn first(facts: &ProductFacts) -> Option<Code> {
    decided(facts).reasons.first().copied()
}

#[test]
fn every_code_can_be_reached() {
    for code in Code::ALL {
        assert_eq!(reached(*code), Some(*code), "a reason that nothing gives should not exist");
    }
}

#[test]
fn every_code_has_one_name_and_a_sentence_for_people() {
    for code in Code::ALL {
        let name = serde_json::to_value(code).unwrap();
        assert_eq!(name, code.as_str(), "the name is the same everywhere");
        assert_eq!(serde_json::from_value::<Code>(name).unwrap(), *code, "and reads back");
        assert_eq!(code.as_str().parse(), Ok(*code), "from text too");
        let sentence = code.explain();
        assert!(sentence.ends_with('.') && !sentence.contains('_'), "people read a sentence: {sentence}");
    }
    assert!("MADE_UP".parse::<Code>().is_err(), "a code of a newer version is an error, not a guess");
}

#[test]
fn every_failing_check_is_recorded_with_its_code_and_value() {
    let bad = Line {
        po_status: Status::Completed,
        line_status: Status::Cancelled,
        in_scope: false,
        promise_date: Some(day(-3)),
        received: 10,
        purchase_order: "".into(),
        ..line(7, "", 1)
    };
    let decision = decided(&product(vec![bad]));
    let verdict = &decision.lines[0];
    let expected =
        [Code::NotAPo, Code::PoCompleted, Code::LineCancelled, Code::OutOfScope, Code::DatePassed, Code::FullyReceived];
    assert_eq!(verdict.failed().collect::<Vec<_>>(), expected, "no failing check hides another");
    assert_eq!(verdict.code(), Some(Code::NotAPo), "the first failing check gives the reason of the line");
    let date = verdict.checks.iter().find(|check| check.rule == Rule::PromiseDate).unwrap();
    assert_eq!(serde_json::to_value(date).unwrap()["value"], day(-3).to_string(), "the value found is shown");
    assert_eq!(date.needs.to_string(), format!("{} or later", day(0)), "and what it takes to pass");
}

#[rstest]
#[case("created", Status::Created)]
#[case(" ORDER_CREATED ", Status::Created)]
#[case("Open", Status::Created)]
#[case("ITEM_APPROVED", Status::Approved)]
#[case("completed", Status::Completed)]
#[case("canceled", Status::Cancelled)]
#[case("Item_Cancelled", Status::Cancelled)]
fn statuses_are_read_as_files_spell_them(#[case] text: &str, #[case] status: Status) {
    assert_eq!(text.parse(), Ok(status), "case, prefix and spelling do not matter");
}

#[rstest]
#[case("")]
#[case("ORDER_")]
#[case("shipped")]
fn an_unknown_status_is_refused_with_the_allowed_ones(#[case] text: &str) {
    let error = text.parse::<Status>().unwrap_err().to_string();
    assert!(error.contains("CREATED") && error.contains("CANCELLED"), "the error names what is allowed: {error}");
}

#[test]
fn names_of_states_and_classes_read_back() {
    for status in Status::ALL {
        assert_eq!(status.as_str().parse(), Ok(status), "a status reads back");
        assert_eq!(serde_json::to_value(status).unwrap(), status.as_str(), "and is the same in JSON");
    }
    for class in [Class::PreOrder, Class::Backorder] {
        assert_eq!(class.as_str().parse(), Ok(class), "a class reads back");
        assert_eq!(serde_json::to_value(class).unwrap(), class.as_str(), "and is the same in JSON");
    }
    assert_eq!("pre-order".parse(), Ok(Class::PreOrder), "as people type it");
    assert!("layaway".parse::<Class>().is_err(), "anything else is refused");
}
