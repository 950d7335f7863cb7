//! How fast a large CSV is read. Run by name, in release: `cargo test --release -p presell-imports --test throughput -- --ignored`.

use presell_imports::fields::{date, identifier, quantity};
use presell_imports::headers::{CellReader, Field, Kind, map};
use presell_imports::reading::open;
use std::io::{BufWriter, Write};
use std::ops::ControlFlow;
use std::time::Instant;

const ROWS: u64 = 1_000_000;

#[test]
#[ignore = "measures; meaningful in release only"]
fn a_million_rows_are_read_at_more_than_a_million_and_a_half_a_second() {
    let desk = tempfile::TempDir::new().unwrap();
    let path = desk.path().join("large.csv");
    let mut file = BufWriter::new(std::fs::File::create(&path).unwrap());
    writeln!(file, "po_id,line_no,sku,arrival_date,quantity,facility,is_new").unwrap();
    for n in 0..ROWS {
        writeln!(
            file,
            "PO-{:07},{},SKU-{:09}-BLK-M,2027-0{}-15,{},WH-EAST-0{},Y",
            n / 20,
            n % 20,
            n,
            n % 9 + 1,
            n % 900 + 1,
            n % 9
        )
        .unwrap();
    }
    drop(file);

    let started = Instant::now();
    let mut source = open(&path).unwrap();
    let opened = started.elapsed();
    let mut rows = 0;
    let started = Instant::now();
    source
        .for_each_row(&mut |row| {
            rows += row.cells.len() as u64 / 7;
            ControlFlow::Continue(())
        })
        .unwrap();
    let read = started.elapsed();

    let mapping = map(Kind::PurchaseOrders, source.headers(), &[]).unwrap();
    let (format, order) = (quantity::NumberFormat::default(), date::DateOrder::default());
    let mut reader = CellReader::new(&mapping);
    let mut pieces = 0;
    let started = Instant::now();
    source
        .for_each_row(&mut |row| {
            let cells = reader.read(row.cells).unwrap();
            for field in [Field::PoId, Field::Sku, Field::Facility] {
                identifier::parse(cells.get(field)).unwrap();
            }
            date::parse(cells.get(Field::ArrivalDate), &order).unwrap();
            pieces += format.quantity(cells.get(Field::Quantity)).unwrap();
            ControlFlow::Continue(())
        })
        .unwrap();
    let checked = started.elapsed();

    let rate = |took: std::time::Duration| ROWS as f64 / took.as_secs_f64() / 1e6;
    println!(
        "{} MB: opened (hash, encoding) in {opened:?}, read in {read:?} ({:.2} M rows/s), read and parsed in {checked:?} ({:.2} M rows/s)",
        source.size() / 1_000_000,
        rate(read),
        rate(checked)
    );
    assert_eq!((rows, pieces > 0), (ROWS, true));
    assert!(rate(read) >= 1.5, "reading keeps up with 1.5 million rows a second");
}
