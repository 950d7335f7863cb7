//! Workbooks as spreadsheets write them: dates, formulas, merged cells, several sheets, and archives meant to do harm.

#![expect(clippy::unwrap_used, reason = "a test that cannot prepare its files has failed")]

use presell_imports::problem::{Check, Problem, Severity};
use presell_imports::reading::{Format, Source, open};
use rust_xlsxwriter::{ExcelDateTime, Format as Style, Formula, Workbook};
use std::io::Write;
use std::ops::ControlFlow;
use tempfile::TempDir;

fn saved(book: &mut Workbook) -> (TempDir, Result<Source, Problem>) {
    let desk = TempDir::new().unwrap();
    let path = desk.path().join("book.xlsx");
    book.save(&path).unwrap();
    let source = open(&path);
    (desk, source)
}

fn rows(source: &mut Source) -> Vec<(u64, Vec<String>, Vec<Problem>)> {
    let mut rows = Vec::new();
    source
        .for_each_row(&mut |row| {
            rows.push((row.number, row.cells.iter().map(str::to_owned).collect(), row.problems.to_vec()));
            ControlFlow::Continue(())
        })
        .unwrap();
    rows
}

#[test]
fn cells_are_read_as_a_person_sees_them() {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Empty").unwrap();
    let sheet = book.add_worksheet().set_name("Lines").unwrap();
    sheet.write(0, 0, "Open purchase orders").unwrap();
    for (column, header) in ["PO", "SKU", "UPC", "Qty", "ETA", "New"].iter().enumerate() {
        sheet.write(2, u16::try_from(column).unwrap(), *header).unwrap();
    }
    let date = Style::new().set_num_format("yyyy-mm-dd");
    let time = Style::new().set_num_format("yyyy-mm-dd hh:mm");
    for row in [3, 5] {
        sheet.write(row, 0, 1001).unwrap();
        sheet.write(row, 1, "00123").unwrap();
        sheet.write(row, 2, 36_000_291_452.0).unwrap();
        sheet.write_formula(row, 3, Formula::new("=10*12").set_result("120")).unwrap();
        sheet.write_with_format(row, 4, ExcelDateTime::from_ymd(2026, 8, 14).unwrap(), &date).unwrap();
        sheet.write(row, 5, true).unwrap();
    }
    let half = ExcelDateTime::from_ymd(2026, 8, 14).unwrap().and_hms(9, 30, 0).unwrap();
    sheet.write_with_format(5, 4, half, &time).unwrap();
    let (_desk, source) = saved(&mut book);
    let mut source = source.unwrap();
    assert_eq!((source.shape().format, source.shape().sheet.as_deref()), (Format::Xlsx, Some("Lines")));
    assert_eq!(source.shape().header_row, Some(3), "a title above the table is passed over");
    assert_eq!(source.headers(), ["PO", "SKU", "UPC", "Qty", "ETA", "New"]);
    let rows = rows(&mut source);
    assert_eq!(rows[0].1, ["1001", "00123", "36000291452", "120", "2026-08-14", "true"]);
    assert_eq!((rows[0].0, rows[1].0), (4, 6), "rows are numbered as in the sheet");
    assert_eq!(rows[1].1[4], "2026-08-14T09:30:00");
    assert!(rows.iter().all(|row| row.2.is_empty()), "{rows:?}");
}

#[test]
fn a_broken_formula_and_a_merged_cell_refuse_their_rows_and_name_the_place() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, header) in ["PO", "SKU", "Qty"].iter().enumerate() {
        sheet.write(0, u16::try_from(column).unwrap(), *header).unwrap();
    }
    for row in 1..=6 {
        sheet.write(row, 1, "A").unwrap();
        sheet.write(row, 2, 5).unwrap();
    }
    sheet.merge_range(1, 0, 2, 0, "PO-1", &Style::new()).unwrap();
    (3..=6).for_each(|row| {
        sheet.write(row, 0, "PO-2").unwrap();
    });
    sheet.write_formula(3, 2, Formula::new("=#REF!").set_result("#REF!")).unwrap();
    let (_desk, source) = saved(&mut book);
    let rows = rows(&mut source.unwrap());
    for row in &rows[..2] {
        let problem = &row.2[0];
        assert!(problem.message.contains("A2:A3"), "{}", problem.message);
        assert_eq!((problem.column.as_deref(), problem.severity), (Some("PO"), Severity::RowRefused));
    }
    assert_eq!(rows[2].2[0].value.as_deref(), Some("#REF!"));
    assert_eq!((rows[2].2[0].row, rows[2].2[0].column.as_deref()), (Some(4), Some("Qty")));
    assert!(rows[3..].iter().all(|row| row.2.is_empty()), "the other rows go on");
}

#[test]
fn a_second_sheet_with_data_is_mentioned() {
    let mut book = Workbook::new();
    for name in ["First", "Second"] {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        for row in 0..2 {
            sheet.write(row, 0, "a").unwrap();
            sheet.write(row, 1, "b").unwrap();
        }
    }
    let (_desk, source) = saved(&mut book);
    let source = source.unwrap();
    assert_eq!(source.shape().sheet.as_deref(), Some("First"));
    assert_eq!(source.notes()[0].severity, Severity::Note);
    assert!(source.notes()[0].message.contains("Second"));
}

#[test]
fn a_workbook_without_rows_is_refused() {
    let mut book = Workbook::new();
    book.add_worksheet().write(0, 0, "PO").unwrap().write(0, 1, "SKU").unwrap();
    let problem = saved(&mut book).1.unwrap_err();
    assert_eq!((problem.code, problem.severity), (Check::V1, Severity::FileRefused));
}

/// Zips parts as they are named.
fn zipped(parts: &[(&str, &[u8])]) -> (TempDir, Result<Source, Problem>) {
    let desk = TempDir::new().unwrap();
    let path = desk.path().join("book.xlsx");
    let mut zip = zip::ZipWriter::new(std::fs::File::create(&path).unwrap());
    for (name, content) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap();
    let source = open(&path);
    (desk, source)
}

#[test]
fn other_archives_are_named() {
    for (part, named) in [
        ("word/document.xml", "Word"),
        ("content.xml", "OpenDocument"),
        ("xl/workbook.bin", ".xlsb"),
        ("a.csv", "Unpack it"),
    ] {
        let problem = zipped(&[(part, b"x")]).1.unwrap_err();
        assert!(problem.message.contains(named), "{part}: {}", problem.message);
    }
}

/// A workbook of one sheet with this `sheetData`, as no spreadsheet would write it.
fn handmade(data: &str) -> (TempDir, Result<Source, Problem>) {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const DOCUMENT: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
    let relations = format!(
        r#"<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{DOCUMENT}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#
    );
    let book = format!(
        r#"<workbook xmlns="{MAIN}" xmlns:r="{DOCUMENT}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"#
    );
    let sheet = format!(r#"<worksheet xmlns="{MAIN}"><sheetData>{data}</sheetData></worksheet>"#);
    let root = format!(
        r#"<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
    );
    zipped(&[
        ("_rels/.rels", root.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

fn row(number: u32, a: &str, b: &str) -> String {
    format!(r#"<row r="{number}"><c r="A{number}">{a}</c><c r="B{number}">{b}</c></row>"#)
}

#[test]
fn a_formula_without_a_stored_value_refuses_its_row() {
    let value = "<v>1</v>";
    let data = [row(1, value, value), row(2, value, "<f>A1</f>"), row(3, value, "<f>A1</f><v>7</v>")].concat();
    let rows = rows(&mut handmade(&data).1.unwrap());
    assert!(rows[0].2[0].message.contains("no stored value"), "{:?}", rows[0].2);
    assert_eq!(rows[1].1, ["1", "7"], "a stored value is used");
}

#[test]
fn a_sheet_beyond_the_last_row_of_a_spreadsheet_is_refused() {
    let value = "<v>1</v>";
    let data = [row(1, value, value), row(2, value, value), row(1_048_577, value, value)].concat();
    let (_desk, source) = handmade(&data);
    let problem = match source {
        Err(problem) => problem,
        Ok(mut source) => source.for_each_row(&mut |_| ControlFlow::Continue(())).unwrap_err(),
    };
    assert_eq!((problem.code, problem.severity), (Check::V1, Severity::FileRefused));
    assert!(problem.message.contains("1,048,576") || problem.message.contains("damaged"), "{}", problem.message);
}

#[test]
fn cells_out_of_order_are_refused_rather_than_shifted() {
    let value = "<v>1</v>";
    let data = [row(1, value, value), row(3, value, value), row(2, value, value)].concat();
    let problem = handmade(&data).1.err().unwrap();
    assert!(problem.message.contains("out of order"), "{}", problem.message);
}
