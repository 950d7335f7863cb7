//! "Generate Purchase Orders Shipment Receipt Feed": every receipt is told, in totals, so that a file read twice does no harm.

use std::fs;

use presell_imports::headers::Kind;
use presell_scheduler::RunState;
use presell_store::db_test;
use serde_json::json;

use crate::support::{House, result};

const JOB: &str = "PS_PO_RECEIPT_FEED";

db_test! {
    async fn lines_that_received_goods_since_the_last_file_are_written_with_their_totals(db: Db) {
        let house = House::new(db).await;
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: String| {
            let path = folder.path().join(name);
            fs::write(&path, text).unwrap();
            path
        };
        let day = house.day(30).await;
        let orders = format!("po,line,sku,quantity,arrival date,facility,new style\n=PO-1,1,S-1,10,{day},WH,N\n=PO-1,2,S-2,5,{day},WH,N\n");
        house.import(Kind::PurchaseOrders, &file("po.csv", orders)).await;
        house.import(Kind::Receipts, &file("r1.csv", "po,line,quantity\n=PO-1,1,4\n".to_owned())).await;
        let feeds = tempfile::tempdir().unwrap();
        let params = json!({"folder": feeds.path()});
        let trial = house.run(JOB, json!({"folder": feeds.path(), "dryRun": true})).await;
        assert_eq!((result(&trial)["lines"].clone(), fs::read_dir(feeds.path()).unwrap().count()), (json!(1), 0), "a trial counts and writes nothing");
        let first = house.run(JOB, params.clone()).await;
        assert_eq!(first.state, RunState::Finished, "the feed is written: {:?}", first.error);
        let text = fs::read_to_string(result(&first)["file"].as_str().unwrap()).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 2, "a header, and the one line with goods: {text}");
        assert!(lines[1].starts_with("'=PO-1,1,S-1,WH,10,4,0,"), "totals of the line; no cell is a formula: {}", lines[1]);
        let nothing = house.run(JOB, params.clone()).await;
        assert_eq!(result(&nothing)["file"], json!(null), "nothing arrived, no file");
        house.import(Kind::Receipts, &file("r2.csv", "po,line,quantity\n=PO-1,1,3\n=PO-1,2,5\n".to_owned())).await;
        let second = house.run(JOB, params).await;
        let text = fs::read_to_string(result(&second)["file"].as_str().unwrap()).unwrap();
        assert!(text.contains(",10,7,0,") && text.contains(",5,5,0,"), "both lines with their new totals: {text}");
        let all = house.run(JOB, json!({"folder": feeds.path(), "includeAll": true})).await;
        assert_eq!(result(&all)["lines"], 2, "everything that ever arrived can be had again");
        assert_eq!(fs::read_dir(feeds.path()).unwrap().count(), 2, "no half-written file stays");
        house.stop().await;
    }
}
