//! The files that people bring, in their shortest form: a kind, and rows below the usual headers.

use presell_store::{Address, Db};
use serde_json::Value;

use crate::support::Presell;

/// The headers of the files that [`Presell::takes`] makes.
fn headers(kind: &str) -> &'static str {
    match kind {
        "purchase-orders" => {
            "po_id,line_no,sku,quantity,arrival_date,facility,is_new,status,line_status,received,cancelled,buffer,store"
        }
        "inventory" => "sku,quantity,facility",
        "orders" => "order_id,item_seq,sku,quantity,ordered_at,status,po_id,po_line",
        "receipts" => "po_id,line_no,quantity",
        "products" => "sku,minimum_stock,allow_brokering",
        _ => panic!("no file of the kind {kind}"),
    }
}

impl Presell {
    /// Writes a file of a kind and returns its path. Rows may end before the last headers.
    pub(crate) fn rows<R: AsRef<str>>(&self, kind: &str, rows: &[R]) -> String {
        let rows: Vec<&str> = rows.iter().map(AsRef::as_ref).collect();
        self.file(&format!("{kind}.csv"), &format!("{}\n{}\n", headers(kind), rows.join("\n")))
    }

    /// Imports rows of a kind, confirmed; every one of them must be taken.
    pub(crate) fn takes<R: AsRef<str>>(&self, kind: &str, rows: &[R]) -> Value {
        let file = self.rows(kind, rows);
        let report = self.json(&["import", kind, &file, "--confirm", "--create"]);
        assert_eq!(report["refused"], 0, "the journey needs all of its rows: {report:#}");
        report
    }

    /// Changes the database by hand, for what no file can say.
    pub(crate) fn sql(&self, statement: &'static str) {
        let address = match self.database() {
            url if url.starts_with("postgres") => Address::Server(url.to_owned()),
            path => Address::File(path.into()),
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let db = Db::open(&address).await.unwrap();
            let mut tx = db.begin().await.unwrap();
            tx.run(statement).await.unwrap();
            tx.commit().await.unwrap();
            db.close().await;
        });
    }

    /// What is listed, what is known of these products, and what was imported: all that an import could half-write.
    pub(crate) fn state(&self, skus: &[&str]) -> Vec<String> {
        let mut state = vec![self.json(&["catalog"]).to_string(), self.json(&["imports"]).to_string()];
        state.extend(skus.iter().map(|sku| {
            let why = self.run(&["why", sku, "--json"]);
            why.stdout + &why.stderr
        }));
        state
    }
}

/// The change of one product in the answer of a refresh.
pub(crate) fn change_of<'a>(refreshed: &'a Value, sku: &str) -> Option<&'a Value> {
    refreshed["changes"].as_array().unwrap().iter().find(|change| change["sku"] == sku)
}

/// One product in the answer of `catalog`.
pub(crate) fn listed<'a>(catalog: &'a Value, sku: &str) -> Option<&'a Value> {
    catalog.as_array().unwrap().iter().find(|listed| listed["sku"] == sku)
}

/// The sum of the terms of a number.
pub(crate) fn sum(terms: &Value) -> i64 {
    terms.as_array().unwrap().iter().map(|term| term["value"].as_i64().unwrap()).sum()
}
