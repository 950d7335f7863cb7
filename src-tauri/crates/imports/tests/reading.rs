//! What a person may drop on the window, and what they are told about it.

#![expect(clippy::unwrap_used, reason = "a test that cannot prepare its files has failed")]

use presell_imports::problem::{Check, Problem, Severity};
use presell_imports::reading::{Format, Source, open};
use proptest::prelude::*;
use rstest::rstest;
use std::io::{Seek, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;
use tempfile::TempDir;

type Rows = Vec<(u64, Vec<String>, Vec<Problem>)>;

struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }
    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }
}

fn opened(name: &str, content: impl AsRef<[u8]>) -> (Desk, Source) {
    let desk = Desk::new();
    let source = open(&desk.file(name, content)).unwrap_or_else(|problem| panic!("{name}: {problem:?}"));
    (desk, source)
}

fn refused(name: &str, content: impl AsRef<[u8]>) -> Problem {
    let desk = Desk::new();
    let problem = open(&desk.file(name, content)).expect_err("this file must be refused");
    assert_eq!((problem.code, problem.severity), (Check::V1, Severity::FileRefused));
    problem
}

fn rows(source: &mut Source) -> Rows {
    let mut rows = Vec::new();
    source
        .for_each_row(&mut |row| {
            rows.push((row.number, row.cells.iter().map(str::to_owned).collect(), row.problems.to_vec()));
            ControlFlow::Continue(())
        })
        .unwrap();
    rows
}

fn cells(source: &mut Source) -> Vec<Vec<String>> {
    rows(source).into_iter().map(|(_, cells, _)| cells).collect()
}

const TABLE: &str = "PO,SKU,Café €\nPO-1,A,5\nPO-2,B,é\n";

fn utf16(text: &str, big: bool) -> Vec<u8> {
    text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

#[rstest]
#[case::utf8(TABLE.into(), "UTF-8")]
#[case::utf8_with_mark(["\u{feff}", TABLE].concat().into_bytes(), "UTF-8")]
#[case::utf16_le(utf16(&["\u{feff}", TABLE].concat(), false), "UTF-16LE")]
#[case::utf16_be(utf16(&["\u{feff}", TABLE].concat(), true), "UTF-16BE")]
#[case::utf16_le_without_mark(utf16(TABLE, false), "UTF-16LE")]
#[case::utf16_be_without_mark(utf16(TABLE, true), "UTF-16BE")]
#[case::windows(encoding_rs::WINDOWS_1252.encode(TABLE).0.into_owned(), "windows-1252")]
fn a_table_of_any_encoding_is_read(#[case] bytes: Vec<u8>, #[case] encoding: &str) {
    let (_desk, mut source) = opened("table.csv", bytes);
    assert_eq!(source.shape().encoding, Some(encoding));
    assert_eq!(source.headers(), ["PO", "SKU", "Café €"], "headers carry no byte-order mark");
    assert_eq!(cells(&mut source), [["PO-1", "A", "5"], ["PO-2", "B", "é"]]);
}

#[test]
fn an_accent_far_behind_plain_text_still_decides_the_encoding() {
    let mut text = String::from("PO,SKU,Name\n");
    (0..60_000).for_each(|n| text.push_str(&format!("PO-{n},SKU-{n},plain\n")));
    text.push_str("PO-X,SKU-X,Jupe été €\n");
    let (_desk, mut source) = opened("late.csv", encoding_rs::WINDOWS_1252.encode(&text).0);
    assert_eq!(cells(&mut source).last().unwrap()[2], "Jupe été €");
    let (_desk, mut source) = opened("late.csv", &text);
    assert_eq!(source.shape().encoding, Some("UTF-8"));
    assert_eq!(cells(&mut source).last().unwrap()[2], "Jupe été €");
}

#[test]
fn utf8_that_breaks_off_is_damaged_not_another_encoding() {
    let problem = refused("broken.csv", b"PO,SKU\nPO-1,caf\xc3\xa9\nPO-2,\xe9\xff\n");
    assert!(problem.message.contains("UTF-8") && problem.message.contains("line 3"), "{}", problem.message);
}

#[rstest]
#[case("a,b,c\n1,\"2;2;2\",3\n4,5,6\n", ',')]
#[case("a;b;c\n1,5;2,5;3\n4;5;6\n", ';')]
#[case("a\tb\tc\n1,5\t2\t3\n", '\t')]
#[case("a|b|c\n1|2|3\n", '|')]
#[case("sep=;\na;b;c\n1;2;3\n", ';')]
#[case("\"sep=|\"\r\na|b|c\r\n1|2|3\r\n", '|')]
#[case("a,b,c\r1,2,3\r", ',')]
fn the_delimiter_is_found(#[case] text: &str, #[case] delimiter: char) {
    let (_desk, mut source) = opened("table.txt", text);
    assert_eq!(source.shape().delimiter, Some(delimiter));
    let shown = if delimiter == '\t' { "tabs".into() } else { delimiter.to_string() };
    assert!(
        source.shape().to_string().ends_with(&format!("separated by {shown}")),
        "the person is told what was found"
    );
    assert_eq!(source.headers(), ["a", "b", "c"]);
    assert_eq!(source.shape().header_row, Some(1), "the header is row 1, a sep= line is not shown by a spreadsheet");
    assert_eq!(rows(&mut source)[0].0, 2);
}

#[test]
fn row_numbers_are_those_of_a_spreadsheet() {
    for newline in ["\n", "\r\n"] {
        let text = "a,b\n1,\"two\nlines\"\n,\n\n5,six\n\"6\n6\",x\n7,y".replace('\n', newline);
        let (_desk, mut source) = opened("table.csv", text);
        let found: Vec<(u64, String)> =
            rows(&mut source).into_iter().map(|(n, cells, _)| (n, cells[1].clone())).collect();
        let two = format!("two{newline}lines");
        assert_eq!(
            found,
            [(2, two), (5, "six".into()), (6, "x".into()), (7, "y".into())],
            "line breaks inside quotes are one row; blank rows are counted and passed over"
        );
    }
}

#[test]
fn a_row_of_the_wrong_width_is_filled_or_refused_by_itself() {
    let (_desk, mut source) = opened("table.csv", "a,b,c\n1,2\n1,2,3,,\n1,2,3,4\n5,6,7\n");
    let rows = rows(&mut source);
    assert_eq!(rows[0].1, ["1", "2", ""], "missing cells are empty");
    assert_eq!(rows[1].1, ["1", "2", "3"], "empty cells beyond the header are no cells");
    let problem = &rows[2].2[0];
    assert_eq!((problem.code, problem.severity, problem.row), (Check::V1, Severity::RowRefused, Some(4)));
    assert!(problem.message.contains("delimiter"), "{}", problem.message);
    assert!(rows[3].2.is_empty());
}

#[test]
fn titles_above_the_table_are_passed_over() {
    let (_desk, mut source) =
        opened("report.csv", "Open orders\n\nas of,2026-08-01\nPO,SKU,Qty,ETA\n1,A,5,2027-01-01\n2,B,6,2027-01-02\n");
    assert_eq!(source.headers(), ["PO", "SKU", "Qty", "ETA"]);
    assert_eq!(source.shape().header_row, Some(4));
    assert_eq!(rows(&mut source)[0].0, 5);
}

#[rstest]
#[case("picture.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), "PNG")]
#[case("paper.csv", b"%PDF-1.7\n".as_slice(), "PDF")]
#[case("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0".as_slice(), "old Excel")]
#[case("web.xls", b"<html><table><tr><td>PO</td></tr></table>".as_slice(), "web page")]
#[case("zero.csv", b"a,b\n1,\x002\n".as_slice(), "binary")]
#[case("archive.xlsx", b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0".as_slice(), "zip")]
#[case("cut.xlsx", b"PK\x03\x04rest is gone".as_slice(), "damaged")]
#[case("header.csv", b"a,b,c\n".as_slice(), "no rows")]
#[case("header.csv", b"a,b,c\n,,\n\n".as_slice(), "no rows")]
#[case("one.csv", b"alpha\nbeta\n".as_slice(), "one column")]
#[case("empty.json", b"[]".as_slice(), "no rows")]
#[case("none.json", b"{\"a\": 1}".as_slice(), "no list")]
#[case("half.json", b"[{\"a\": 1}".as_slice(), "not valid JSON")]
#[case("two.json", b"{\"a\": [{\"x\": 1}], \"b\": [{\"x\": 2}]}".as_slice(), "several lists")]
#[case("nothing.csv", b"".as_slice(), "0 bytes")]
#[case("blank.csv", b" \n\n".as_slice(), "one column")]
fn what_is_no_table_is_refused_with_its_cause(#[case] name: &str, #[case] bytes: &[u8], #[case] cause: &str) {
    let problem = refused(name, bytes);
    assert!(problem.message.contains(cause), "{name}: {}", problem.message);
}

#[test]
fn a_folder_and_a_missing_file_are_named_as_such() {
    let desk = Desk::new();
    assert!(open(desk.0.path()).unwrap_err().message.contains("folder"));
    assert!(open(&desk.0.path().join("gone.csv")).unwrap_err().message.contains("no file gone.csv"));
}

#[test]
fn a_line_without_end_is_refused_without_being_loaded() {
    let desk = Desk::new();
    let path = desk.0.path().join("endless.csv");
    let mut file = std::fs::File::create(&path).unwrap();
    let block = "a,".repeat(512 * 1024);
    (0..200).for_each(|_| file.write_all(block.as_bytes()).unwrap());
    drop(file);
    let started = std::time::Instant::now();
    let problem = open(&path).unwrap_err();
    assert!(problem.message.contains("No line break found"), "{}", problem.message);
    assert_eq!(problem.row, Some(1));
    assert!(started.elapsed().as_secs_f32() < 2.0, "the refusal comes before the file is read through");
}

#[test]
fn a_quotation_mark_that_is_never_closed_stops_at_its_row() {
    let mut text = String::from("a,b\n1,2\n3,\"never closed\n");
    (0..400_000).for_each(|n| text.push_str(&format!("{n},x\n")));
    let problem = match open(&Desk::new().file("quote.csv", &text)) {
        Err(problem) => problem,
        Ok(mut source) => source.for_each_row(&mut |_| ControlFlow::Continue(())).unwrap_err(),
    };
    assert!(problem.message.contains("quotation mark"), "{}", problem.message);
}

#[test]
fn a_file_larger_than_two_gigabytes_is_refused() {
    let desk = Desk::new();
    let path = desk.file("huge.csv", "a,b\n1,2\n");
    let mut file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.seek(std::io::SeekFrom::Start(2 << 30)).unwrap();
    file.write_all(b"\n").unwrap();
    assert!(open(&path).unwrap_err().message.contains("2 GB"));
}

#[test]
fn a_file_that_changes_while_it_is_read_is_refused() {
    let (desk, mut source) = opened("table.csv", "a,b\n1,2\n");
    desk.file("table.csv", "a,b\n1,2\n3,4\n");
    let problem = source.for_each_row(&mut |_| ControlFlow::Continue(())).unwrap_err();
    assert!(problem.message.contains("changed"), "{}", problem.message);
}

#[test]
fn the_hash_is_that_of_the_bytes_and_progress_reaches_the_end() {
    let (_desk, mut source) = opened("table.csv", "a,b\n1,2\n");
    assert_eq!(source.sha256(), "492d5ea496056f1a6a6592241032fab764c321596317930b4fa0e1e8bc3b7470");
    rows(&mut source);
    assert_eq!(source.progress().load(std::sync::atomic::Ordering::Relaxed), source.size());
}

#[test]
fn breaking_off_ends_the_pass_and_the_next_one_begins_anew() {
    let (_desk, mut source) = opened("table.csv", "a,b\n1,2\n3,4\n");
    let mut seen = 0;
    source
        .for_each_row(&mut |_| {
            seen += 1;
            ControlFlow::Break(())
        })
        .unwrap();
    assert_eq!(seen, 1);
    assert_eq!(rows(&mut source).len(), 2);
}

#[rstest]
#[case(r#"[{"sku": "A", "qty": 5, "new": true, "note": null}, {"qty": 6.5, "sku": "B", "extra": "x"}]"#)]
#[case(r#"{"count": 2, "meta": {"page": [1, 2]}, "lines": [{"sku": "A", "qty": 5, "new": true, "note": null}, {"qty": 6.5, "sku": "B", "extra": "x"}], "next": null}"#)]
fn json_objects_become_rows(#[case] text: &str) {
    let (_desk, mut source) = opened("lines.json", text);
    assert_eq!(source.shape().format, Format::Json);
    assert_eq!(source.headers(), ["sku", "qty", "new", "note", "extra"]);
    let rows = rows(&mut source);
    assert_eq!((rows[0].0, rows[1].0), (1, 2), "JSON rows are counted from 1");
    assert_eq!(rows[0].1, ["A", "5", "true", "", ""]);
    assert_eq!(rows[1].1, ["B", "6.5", "", "", "x"]);
}

#[test]
fn a_nested_value_and_a_stray_element_refuse_their_row_only() {
    let (_desk, mut source) = opened(
        "lines.json",
        r#"[{"sku": ["A"], "qty": 1}, 7, {"sku": "B", "qty": 2}, {"upc": 12345678901234567890123}]"#,
    );
    let rows = rows(&mut source);
    assert_eq!(rows[0].2[0].column.as_deref(), Some("sku"));
    assert_eq!((rows[1].2[0].row, rows[1].2[0].severity), (Some(2), Severity::RowRefused));
    assert!(rows[2].2.is_empty());
    assert_eq!(rows[3].1[2], "1.2345678901234568E22", "a number beyond exactness looks mangled, for it is");
}

fn any_file() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..600),
        "[a-c0-9,;\t|\"\n\r =é\u{0}]{0,300}".prop_map(String::into_bytes),
        r#"[\[\]{}:,"a-b0-9 .eE+-]{0,200}"#.prop_map(|text| format!("[{text}").into_bytes()),
        "[a-c,\n\"é]{0,100}".prop_map(|text| utf16(&text, false)),
        proptest::collection::vec(any::<u8>(), 0..200).prop_map(|tail| [b"PK\x03\x04".as_slice(), &tail].concat()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn no_bytes_make_the_reader_fail_without_a_word(bytes in any_file()) {
        let desk = Desk::new();
        match open(&desk.file("any", &bytes)) {
            Err(problem) => prop_assert!(!problem.message.is_empty()),
            Ok(mut source) => {
                let width = source.headers().len();
                let mut narrow = false;
                let _ = source.for_each_row(&mut |row| {
                    narrow |= row.cells.len() != width && row.problems.is_empty();
                    ControlFlow::Continue(())
                });
                prop_assert!(!narrow, "a row without a problem is as wide as the header");
            }
        }
    }
}
