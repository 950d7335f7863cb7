//! Two programs at work on one database wait for each other and lose nothing.

use std::process::{Child, Stdio};

use crate::data::{Orders, inventory, orders};
use crate::state::{look, marked, settled, whole_orders};
use crate::support::{Presell, journey};

fn start(presell: &Presell, arguments: &[&str]) -> Child {
    let mut command = presell.command(arguments);
    command.arg("--json").stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Waits for both; each has done its work.
fn both_are_done(children: [Child; 2]) {
    for child in children {
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(matches!(output.status.code(), Some(0 | 3)), "two programs at once both finish: {said}");
        assert!(!said.contains("locked") && !said.contains("panicked"), "nobody hears of locks: {said}");
    }
}

fn all_is_in(presell: &Presell, files: &[&Orders]) {
    let there = look(presell.database(), async |tx| whole_orders(tx, files).await);
    assert_eq!(there, files.iter().map(|file| file.whole.len()).sum::<usize>(), "every order of every file is in");
    settled(presell);
}

journey! {
    fn an_import_and_a_refresh_run_side_by_side(presell: Presell) {
        let before = orders(&presell, "before.csv", "PO-", 0);
        let after = orders(&presell, "after.csv", "PO-", 7);
        presell.json(&["import", "inventory", &inventory(&presell)]);
        presell.json(&["import", "purchase-orders", &before.path, "--confirm", "--create"]);
        for refresh in [&["refresh", "--full", "--confirm"][..], &["refresh", "--confirm"]] {
            let file = if refresh.len() == 3 { &after } else { &before };
            both_are_done([
                start(&presell, &["import", "purchase-orders", &file.path, "--confirm"]),
                start(&presell, refresh),
            ]);
            all_is_in(&presell, &[file]);
        }
    }
}

journey! {
    fn two_imports_of_the_same_new_products_run_side_by_side(presell: Presell) {
        presell.json(&["catalog"]);
        let files = [orders(&presell, "north.csv", "PO-", 0), orders(&presell, "south.csv", "SO-", 3)];
        both_are_done(files.each_ref().map(|file| {
            start(&presell, &["import", "purchase-orders", &file.path, "--confirm", "--create"])
        }));
        look(presell.database(), async |tx| marked(tx).await);
        all_is_in(&presell, &[&files[0], &files[1]]);
    }
}
