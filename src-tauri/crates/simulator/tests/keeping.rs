//! The state between two starts, and the journal as a file.

use presell_simulator::shop::Policy;
use presell_simulator::{Options, Shop, Simulator, StartError};
use serde_json::json;

use crate::common::{SET_POLICY, apparel, data, policy, variant_id};

#[tokio::test]
async fn a_shop_is_found_as_it_was_left() {
    let folder = tempfile::tempdir().expect("a folder");
    let state = folder.path().join("shop").join("state.json");
    let options = |shop| Options { shop, state: Some(state.clone()), ..Options::default() };
    let first = Simulator::start(options(Some(apparel()))).await.expect("starts");
    data(&first, SET_POLICY, policy(&first, "BLK-S", "CONTINUE"));
    let id = variant_id(&first, "BLK-S");
    first.shutdown().await;
    let second = Simulator::start(options(Some(Shop::new()))).await.expect("starts again");
    assert_eq!(variant_id(&second, "BLK-S"), id, "the same things have the same ids");
    assert_eq!(
        second.shop().variant("BLK-S").expect("there").policy,
        Policy::Continue,
        "and what was written is written"
    );
    let added = second.shop().add_product("Rust skirt", ["RST-S"]);
    assert_eq!(second.shop().products.len(), 3, "a new product gets an id of its own: {added}");
    second.shutdown().await;
    let third = Simulator::start(options(None)).await.expect("starts once more");
    assert!(third.shop().variant("RST-S").is_some(), "what somebody did by hand is kept as well");
}

#[tokio::test]
async fn a_state_that_is_no_state_is_said_to_be() {
    let folder = tempfile::tempdir().expect("a folder");
    let state = folder.path().join("state.json");
    std::fs::write(&state, "nonsense").expect("written");
    let found = Simulator::start(Options { state: Some(state.clone()), ..Options::default() }).await;
    let words = match found {
        Err(problem @ StartError::State(..)) => problem.to_string(),
        other => panic!("nonsense is no state: {other:?}"),
    };
    assert!(words.contains("Move the file away"), "the words say what to do: {words}");
    assert_eq!(std::fs::read_to_string(state).expect("there"), "nonsense", "and the file is left alone");
}

#[tokio::test]
async fn every_write_is_a_line_of_the_journal_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("journal.jsonl");
    let options = Options { shop: Some(apparel()), journal: Some(path.clone()), ..Options::default() };
    let simulator = Simulator::start(options).await.expect("starts");
    data(&simulator, SET_POLICY, policy(&simulator, "BLK-S", "CONTINUE"));
    let text = std::fs::read_to_string(path).expect("the journal is there before the shop closes");
    let line: serde_json::Value = serde_json::from_str(text.lines().next().expect("a line")).expect("JSON");
    assert_eq!(line["changes"][0]["after"], json!("CONTINUE"), "the line says what changed");
}

#[tokio::test]
async fn a_port_that_is_taken_is_said_to_be() {
    let first = Simulator::start(Options::default()).await.expect("starts");
    let second = Simulator::start(Options { port: first.port(), ..Options::default() }).await;
    let words = second.expect_err("the port is taken").to_string();
    assert!(words.contains("Choose another port"), "the words say what to do: {words}");
}
