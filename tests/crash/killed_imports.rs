//! An import killed at any moment leaves whole purchase orders and their marks, and can simply be repeated.

use presell_store::testing::Kind;

use crate::data::orders;
use crate::kill::{Points, killed, undisturbed};
use crate::state::{checked, cut_short, look, marked, members, same, settled, sound_throughout, whole_orders};
use crate::support::Presell;

const KILLS: usize = 100;
/// Kills on one database before an empty one is taken.
const IN_A_ROW: usize = 2;
/// Databases between two that are also refreshed and looked through.
const ROUNDS: usize = 10;

fn an_import_killed_at_any_moment_is_repaired_by_repeating_it(kind: Kind) {
    let model = Presell::new(kind);
    let files = [orders(&model, "purchase-orders.csv", "PO-", 0), orders(&model, "changed.csv", "PO-", 7)];
    let import = |file: usize| ["import", "purchase-orders", &files[file].path, "--confirm"];
    // The undisturbed database: what it ends in is the measure for all others.
    let fresh = undisturbed(&model, &import(0));
    settled(&model);
    let expected = look(model.database(), async |tx| members(tx).await);
    assert!(expected.len() > 1_000, "the orders list something: {}", expected.len());
    let again = undisturbed(&model, &import(1));

    let mut points = Points::new(KILLS);
    let (mut at_work, mut in_part) = (0, 0);
    for round in 0..KILLS / IN_A_ROW {
        let presell = Presell::new(kind);
        presell.json(&["catalog"]);
        for (step, point) in points.by_ref().take(IN_A_ROW).enumerate() {
            let whole = if step == 0 { fresh } else { again };
            at_work += usize::from(killed(&presell, &import(step % 2), whole.mul_f64(point)));
            let orders = look(presell.database(), async |tx| {
                marked(tx).await;
                whole_orders(tx, &[&files[0], &files[1]]).await
            });
            in_part += usize::from(orders > 0 && orders < files[0].whole.len());
        }
        if round % ROUNDS == 0 {
            sound_throughout(presell.database());
            settled(&presell);
            let cut = look(presell.database(), async |tx| cut_short(tx).await);
            assert_eq!(
                checked(&presell),
                cut > 0,
                "the self-test names imports that were cut short, of which there are {cut}"
            );
        }
        if round + 1 == KILLS / IN_A_ROW {
            // Nobody says --create: what a cut-short import could add, its repetition can.
            for file in [1, 0] {
                assert_eq!(presell.json(&import(file))["refused"], 0, "a repetition takes every row");
            }
            settled(&presell);
            let found = look(presell.database(), async |tx| members(tx).await);
            same(&found, &expected, "kills and a last undisturbed import end where an undisturbed database does");
            assert!(!checked(&presell), "repeated to the end, no import counts as cut short any more");
        }
    }
    println!("{at_work} of {KILLS} kills met an import at work; {in_part} left a part of the orders");
    assert!(at_work > KILLS / 3, "many kills meet an import at work: {at_work} of {KILLS}");
    assert!(in_part > 0, "some kills fall between two transactions");
}

#[test]
fn an_import_killed_at_any_moment_is_repaired_by_repeating_it_on_sqlite() {
    an_import_killed_at_any_moment_is_repaired_by_repeating_it(Kind::Sqlite);
}

#[test]
fn an_import_killed_at_any_moment_is_repaired_by_repeating_it_on_postgres() {
    an_import_killed_at_any_moment_is_repaired_by_repeating_it(Kind::Postgres);
}
