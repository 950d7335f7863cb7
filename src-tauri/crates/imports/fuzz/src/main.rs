//! Any bytes are a table or a refusal with a cause, never a crash. In this folder, for a minute:
//! `mkdir -p ../../../../target/fuzz/corpus && cargo run --release -- ../../../../target/fuzz/corpus seeds -max_total_time=60 -rss_limit_mb=512`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use presell_imports::fields::{date, identifier, moment, quantity};
use presell_imports::reading;
use std::ops::ControlFlow;

fuzz_target!(|bytes: &[u8]| {
    let path = std::env::temp_dir().join(format!("presell-fuzz-{}", std::process::id()));
    std::fs::write(&path, bytes).expect("the temporary folder can be written");
    let mut source = match reading::open(&path) {
        Ok(source) => source,
        Err(problem) => return assert!(!problem.message.is_empty(), "a refusal says its cause"),
    };
    let width = source.headers().len();
    let (mut format, mut order) = (quantity::NumberFormat::default(), date::DateOrder::default());
    let read = source.for_each_row(&mut |row| {
        assert!(
            row.cells.len() == width || !row.problems.is_empty(),
            "a row without a problem is as wide as the header"
        );
        for cell in row.cells {
            format.observe(cell);
            order.observe(cell);
            let _ =
                (identifier::parse(cell), format.signed(cell), date::parse(cell, &order), moment::parse(cell, &order));
        }
        ControlFlow::Continue(())
    });
    if let Err(problem) = read {
        assert!(!problem.message.is_empty(), "a refusal says its cause");
    }
});
