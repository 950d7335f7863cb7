//! The files themselves: columns, awkward SKUs, names, what the owner says there is.

use std::fs;

use super::super::{change, products::Products};
use super::*;

#[test]
fn the_columns_are_those_that_are_documented() {
    let folder = ready();
    submit(&sound(folder.path()), &[lists("A-1", 9), lists("B-1", 5)].concat()).expect("it is written");
    submit(&sound(folder.path()), &takes_off("A-1")).expect("it is written");
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).expect("it is there");
    assert_eq!(
        read("listings.csv"),
        "sku,parent,class,promise_date,quantity,sells_without_stock,tags\r\n\
         A-1,A-1,,,,no,\r\n\
         B-1,B-1,PRE_ORDER,2027-01-09,10,yes,HC:Pre-Order\r\n",
        "what left the lists stays and says so"
    );
    let names = changes(folder.path());
    assert_eq!(names, ["2027-01-04T12-00-00Z-000001", "2027-01-04T12-00-00Z-000002"], "named by moment and number");
    assert_eq!(
        read(&format!("changes/{}.csv", names[1])),
        "sku,parent,operation,class,promise_date,quantity,tag\r\n\
         A-1,A-1,stop,,,,\r\n\
         A-1,A-1,untag,,,,HC:Pre-Order\r\n\
         A-1,A-1,unmark,,,,\r\n",
        "it stops first"
    );
    let json: serde_json::Value = serde_json::from_str(&read("listings.json")).expect("it is JSON");
    assert_eq!(
        (&json["format"], &json["change"]),
        (&1.into(), &names[1].as_str().into()),
        "the state names its change"
    );
    assert_eq!(
        json["listings"][1],
        serde_json::json!({"sku": "B-1", "parent": "B-1", "class": "PRE_ORDER", "promiseDate": "2027-01-09",
            "quantity": 10, "sellsWithoutStock": true, "tags": ["HC:Pre-Order"]}),
        "the same as JSON"
    );
}

#[test]
fn a_move_goes_by_the_new_tag_and_the_new_mark_to_the_old_tag_off() {
    let folder = ready();
    submit(&sound(folder.path()), &lists("A", 9)).expect("it is written");
    let backorder = Listing { class: Class::Backorder, ..listing(12) };
    let moved = [
        op(Step::TagOn(Class::Backorder), "A", None),
        op(Step::Remark, "A", Some(backorder)),
        op(Step::TagOff(Class::PreOrder), "A", None),
    ];
    submit(&sound(folder.path()), &moved).expect("it is written");
    let name = changes(folder.path()).pop().expect("a change");
    let change: Change =
        serde_json::from_slice(&fs::read(folder.path().join(format!("changes/{name}.json"))).expect("it is there"))
            .expect("a change");
    let order: Vec<What> = change.operations.iter().map(|line| line.operation).collect();
    assert_eq!(order, [What::Tag, What::Mark, What::Untag], "it is on a list throughout, and sells throughout");
}

#[test]
fn no_cell_is_a_formula_and_every_sku_comes_back_as_it_was() {
    let skus = ["=1+1", "+49", "-1", "@SUM(A1)", "\tA", "'=x", "''", "a,b", "say \"hi\"", "two\nlines", "ä ß", "'"];
    let folder = ready();
    let ops: Vec<Op> = skus.iter().flat_map(|sku| lists(sku, 9)).collect();
    submit(&sound(folder.path()), &ops).expect("it is written");
    let name = changes(folder.path()).pop().expect("a change");
    for file in ["listings.csv".to_owned(), format!("changes/{name}.csv")] {
        let mut reader = csv::Reader::from_path(folder.path().join(&file)).expect("a table");
        let records: Vec<csv::StringRecord> = reader.records().map(|record| record.expect("RFC 4180")).collect();
        let cells = records.iter().flatten();
        let runs: Vec<&str> = cells.filter(|cell| cell.starts_with(['=', '+', '-', '@', '\t'])).collect();
        assert!(runs.is_empty(), "{file}: a spreadsheet would run {runs:?}");
        let mut back: Vec<&str> = records.iter().map(|record| table::meant(&record[0])).collect();
        back.sort_unstable();
        back.dedup();
        let mut all = skus.to_vec();
        all.sort_unstable();
        assert_eq!(back, all, "{file}: less one apostrophe, they are what they were");
    }
    let owned = fs::read(folder.path().join("listings.csv")).expect("it is there");
    let products = Products::parse(&owned).expect("our own table can be given back as the owner's");
    assert!(skus.iter().filter(|sku| sku.trim() == **sku).all(|sku| products.count(sku) == 1), "and finds every SKU");
}

#[test]
fn names_of_changes_sort_in_their_order_whatever_the_clock_does() {
    let mut last: Option<String> = None;
    for hours in [0, 1, -5, -5, 30] {
        let next = change::name_after(last.as_deref(), noon() + Duration::hours(hours));
        assert!(last.as_ref().is_none_or(|last| *last < next), "{next} comes after {last:?}");
        last = Some(next);
    }
    assert_eq!(last.as_deref(), Some("2027-01-05T18-00-00Z-000005"), "and they are numbered");
}

#[test]
fn the_owners_list_says_what_there_is() {
    let products = |text: &str| Products::parse(text.as_bytes());
    let named =
        products("\u{feff}Parent;SKU;Colour\nJ;J-1;red\nJ;J-2;blue\n;'=K;\nJ;J-2;green\n;;\n").expect("a table");
    let found = ["J-1", "J-2", "=K", "X"].map(|sku| (named.count(sku), named.parent(sku)));
    assert_eq!(
        found,
        [(1, Some("J")), (2, Some("J")), (1, Some("=K")), (0, None)],
        "what is not named is not there, and twice is twice"
    );
    assert!(named.to_string().contains("3 SKUs, 1 of them several times"), "{named}");
    assert_eq!(
        products("name,price\nA,1\n").expect_err("no SKUs"),
        "it has no column \"sku\"",
        "a table of something else is none"
    );
    assert_eq!(Products::All.count("X"), 1, "where nobody says, every SKU is there");
}

#[test]
fn siblings_share_the_tags_of_their_product() {
    let folder = ready();
    fs::write(folder.path().join("products.csv"), "sku,parent\nJ-1,J\nJ-2,J\nJ-3,J\n").expect("the owner's list");
    let files = sound(folder.path());
    let below = |mut ops: Vec<Op>| {
        ops.iter_mut().for_each(|op| op.parent = "J".to_owned());
        ops
    };
    submit(&files, &below(lists("J-1", 9))).expect("it is written");
    let marks: Vec<Op> = below(lists("J-2", 5)).into_iter().filter(|op| op.variant.is_some()).collect();
    submit(&files, &marks).expect("its product has the tag already");
    let seen = files.inner.see(&["J-1", "J-2", "J-3"].map(str::to_owned)).expect("it is read");
    assert!(
        seen.iter().all(|seen| seen.tags.pre_order && seen.parent == "J"),
        "also one that was never listed: {seen:?}"
    );
    check(folder.path());
    submit(&files, &[Op { parent: "J".to_owned(), ..op(Step::TagOff(Class::PreOrder), "J", None) }])
        .expect("it is written");
    let seen = files.inner.see(&["J-1", "J-2"].map(str::to_owned)).expect("it is read");
    assert!(seen.iter().all(|seen| !seen.tags.pre_order), "off for one is off for all");
    check(folder.path());
}
