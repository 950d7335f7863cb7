//! Sizes, sameness and shares of large sets.

use std::collections::BTreeMap;
use std::io::Write;

use chrono::NaiveDate;
use presell_samples::{File, Samples, Scale};

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).expect("a day of November")
}

/// Counts lines and remembers a checksum, but no content.
#[derive(Default, PartialEq, Debug)]
struct Tally {
    lines: usize,
    sum: u64,
}

impl Write for Tally {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        for &byte in bytes {
            self.lines += usize::from(byte == b'\n');
            self.sum = self.sum.wrapping_mul(0x0100_0000_01b3) ^ u64::from(byte);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn tally(samples: &Samples, file: File) -> Tally {
    let mut tally = Tally::default();
    samples.write(file, &mut tally).expect("a tally takes every byte");
    tally
}

#[test]
fn each_file_has_exactly_the_rows_asked_for() {
    for lines in [1_000, 40_000] {
        let scale = Scale::with_lines(lines);
        let samples = Samples::new(scale, 1, day(23));
        for (file, rows) in [
            (File::PurchaseOrders, scale.po_lines),
            (File::Products, scale.products),
            (File::Inventory, scale.stock_rows),
            (File::Orders, scale.orders),
            (File::Receipts, scale.receipts),
        ] {
            assert_eq!(
                tally(&samples, file).lines,
                rows + 1,
                "{} of {lines} lines: a header and its rows",
                file.name()
            );
        }
    }
}

#[test]
fn a_million_lines_mean_half_as_many_products_and_three_stock_rows_each() {
    let scale = Scale::with_lines(1_000_000);
    assert_eq!((scale.po_lines, scale.products, scale.stock_rows), (1_000_000, 500_000, 1_500_000));
}

#[test]
fn the_tiniest_sets_still_have_their_headers() {
    for lines in 0..60 {
        let samples = Samples::new(Scale::with_lines(lines), 1, day(23));
        for file in File::ALL {
            assert!(tally(&samples, file).lines >= 1, "{} of {lines} lines has no header", file.name());
        }
        assert_eq!(tally(&samples, File::PurchaseOrders).lines, lines + 1, "every line is written");
    }
}

#[test]
fn the_same_seed_and_day_give_the_same_bytes_and_others_do_not() {
    let scale = Scale::with_lines(2_000);
    let samples = Samples::new(scale, 1, day(23));
    for file in File::ALL {
        assert_eq!(
            tally(&samples, file),
            tally(&Samples::new(scale, 1, day(23)), file),
            "{} differs from run to run",
            file.name()
        );
        assert_ne!(
            tally(&samples, file),
            tally(&Samples::new(scale, 2, day(23)), file),
            "{} ignores the seed",
            file.name()
        );
    }
    let tomorrow = Samples::new(scale, 1, day(24));
    assert_ne!(
        tally(&samples, File::PurchaseOrders),
        tally(&tomorrow, File::PurchaseOrders),
        "dates move with the day"
    );
}

#[test]
fn no_sku_and_no_line_occurs_twice() {
    let samples = Samples::new(Scale::with_lines(40_000), 3, day(23));
    for (file, key) in [
        (File::Products, vec![0]),
        (File::Products, vec![3]),
        (File::PurchaseOrders, vec![0, 1]),
        (File::Inventory, vec![0, 1]),
    ] {
        let mut text = Vec::new();
        samples.write(file, &mut text).unwrap();
        let mut seen = BTreeMap::new();
        for record in csv::Reader::from_reader(text.as_slice()).records().map(Result::unwrap) {
            let key: Vec<String> = key.iter().map(|&column| record[column].to_owned()).collect();
            assert!(seen.insert(key.clone(), ()).is_none(), "{} names {key:?} twice", file.name());
        }
    }
}
