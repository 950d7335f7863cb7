//! "Update Pre-Order Category Item Arrival Date": a moved date reaches the list, and nothing else is touched.

use presell_imports::headers::Kind;
use presell_store::{db_test, on};
use serde_json::json;

use crate::support::{House, counts};

db_test! {
    async fn a_moved_date_reaches_the_products_that_the_line_has_listed_and_no_others(db: Db) {
        let house = House::new(db).await;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("po.csv");
        let (day, later) = (house.day(30).await, house.day(44).await);
        std::fs::write(&path, format!("po,line,sku,quantity,arrival date,facility,new style\nPO-1,1,S-1,10,{day},WH,Y\nPO-2,1,S-2,10,{day},WH,Y\n")).unwrap();
        house.import(Kind::PurchaseOrders, &path).await;
        house.run("JOB_REL_PREODR_CAT", json!({})).await;
        assert_eq!(house.number("SELECT count(*) FROM member").await, 2, "both are listed");
        std::fs::write(&path, format!("po,line,sku,quantity,arrival date,facility,new style\nPO-1,1,S-1,10,{later},WH,Y\n")).unwrap();
        house.import(Kind::PurchaseOrders, &path).await;
        let trial = house.run("PS_UPD_CAT_ARRIVAL", json!({"dryRun": true})).await;
        assert_eq!(counts(&trial).changed, 1, "the trial names one product");
        let run = house.run("PS_UPD_CAT_ARRIVAL", json!({})).await;
        assert_eq!((counts(&run).examined, counts(&run).changed), (1, 1), "only the product whose date moved is looked at");
        let sql = "SELECT m.promise_date FROM member m JOIN product p ON p.id = m.product_id WHERE p.sku = 'S-1'";
        let (date,): (chrono::NaiveDate,) = on!(&house.db, p => sqlx::query_as(sql).fetch_one(p).await).unwrap();
        assert_eq!(date.to_string(), later, "the list shows the new date");
        assert_eq!(house.number("SELECT count(*) FROM decision WHERE change = 'UPDATE'").await, 1, "and its history tells the change");
        let again = house.run("PS_UPD_CAT_ARRIVAL", json!({})).await;
        assert_eq!(counts(&again).examined, 0, "nothing is left to do");
        house.stop().await;
    }
}
