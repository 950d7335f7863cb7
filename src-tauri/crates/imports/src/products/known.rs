//! Products as the database knows them before an import, with one store's rule and their identifiers.

use presell_store::{Cell, Result, Tx, text, within};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// What a store says of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ProductRule {
    pub(crate) excluded: bool,
    pub(crate) threshold: i64,
    pub(crate) brokering: bool,
}

impl Default for ProductRule {
    /// A product without a rule of its own.
    fn default() -> ProductRule {
        ProductRule { excluded: false, threshold: 0, brokering: true }
    }
}

/// A product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KnownProduct {
    pub(crate) id: i64,
    pub(crate) sku: String,
    pub(crate) title: String,
    pub(crate) parent: String,
    pub(crate) touched_by: i64,
    pub(crate) store: i64,
    /// None while the store says nothing of it.
    pub(crate) rule: Option<ProductRule>,
    /// Kind and value, in that order.
    pub(crate) identifiers: Vec<(String, String)>,
}

/// How a product stood before an import and how the import left it. Rules do not name who wrote them last, so undo
/// compares them with what the import wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Changed {
    pub(crate) before: KnownProduct,
    pub(crate) after: KnownProduct,
}

/// The known ones among some products, by SKU.
pub(crate) async fn known(tx: &mut Tx, store: i64, skus: &[&str]) -> Result<FxHashMap<String, KnownProduct>> {
    let sql = text!(tx, "SELECT id FROM product WHERE sku IN ", TEXTS);
    let list = serde_json::json!(skus).to_string();
    let ids: Vec<(i64,)> = within!(tx, c => sqlx::query_as(sql).bind(list).fetch_all(c).await)?;
    let ids: Vec<i64> = ids.into_iter().map(|(id,)| id).collect();
    Ok(by_id(tx, store, &ids).await?.into_iter().map(|product| (product.sku.clone(), product)).collect())
}

/// Some products, given as keys.
pub(crate) async fn by_id(tx: &mut Tx, store: i64, ids: &[i64]) -> Result<Vec<KnownProduct>> {
    type Row = (i64, String, String, String, i64, Option<bool>, Option<i64>, Option<bool>);
    let ids = serde_json::json!(ids).to_string();
    let sql = text!(
        tx,
        "SELECT product_id, kind, value FROM product_identifier WHERE product_id IN ",
        INTS,
        " ORDER BY product_id, kind, value"
    );
    let rows: Vec<(i64, String, String)> = within!(tx, c => sqlx::query_as(sql).bind(&ids).fetch_all(c).await)?;
    let mut identifiers: FxHashMap<i64, Vec<(String, String)>> = FxHashMap::default();
    for (product, kind, value) in rows {
        identifiers.entry(product).or_default().push((kind, value));
    }
    let sql = text!(
        tx,
        "SELECT p.id, p.sku, p.title, p.parent, p.touched_by, r.excluded, r.threshold, r.brokering
        FROM product p LEFT JOIN product_rule r ON r.product_id = p.id AND r.store_id = $2 WHERE p.id IN ",
        INTS
    );
    let rows: Vec<Row> = within!(tx, c => sqlx::query_as(sql).bind(&ids).bind(store).fetch_all(c).await)?;
    let read = |(id, sku, title, parent, touched_by, excluded, threshold, brokering): Row| {
        let rule = match (excluded, threshold, brokering) {
            (Some(excluded), Some(threshold), Some(brokering)) => Some(ProductRule { excluded, threshold, brokering }),
            _ => None,
        };
        let identifiers = identifiers.remove(&id).unwrap_or_default();
        KnownProduct { id, sku, title, parent, touched_by, store, rule, identifiers }
    };
    Ok(rows.into_iter().map(read).collect())
}

/// Brings products with their rules and identifiers to the state given, whatever it was.
pub(crate) async fn put(tx: &mut Tx, products: &[&KnownProduct]) -> Result<()> {
    let list = serde_json::json!(products.iter().map(|p| p.id).collect::<Vec<_>>()).to_string();
    let sql = text!(tx, "DELETE FROM product_identifier WHERE product_id IN ", INTS);
    within!(tx, c => sqlx::query(sql).bind(&list).execute(c).await.map(|_| ()))?;
    let (mut own, mut rules, mut identifiers) = (Vec::new(), Vec::new(), Vec::new());
    for product in products {
        own.extend([
            product.id.into(),
            product.title.as_str().into(),
            product.parent.as_str().into(),
            Cell::Int(product.touched_by),
        ]);
        if let Some(rule) = product.rule {
            rules.extend([
                Cell::Int(product.store),
                product.id.into(),
                rule.excluded.into(),
                rule.threshold.into(),
                rule.brokering.into(),
            ]);
        }
        for (kind, value) in &product.identifiers {
            identifiers.extend([Cell::Text(kind), Cell::Text(value), product.id.into()]);
        }
    }
    let stores: Vec<i64> = products.iter().take(1).map(|p| p.store).collect();
    for store in stores {
        let sql = text!(tx, "DELETE FROM product_rule WHERE store_id = $2 AND product_id IN ", INTS);
        within!(tx, c => sqlx::query(sql).bind(&list).bind(store).execute(c).await.map(|_| ()))?;
    }
    tx.insert_many("product_identifier", &["kind", "value", "product_id"], &identifiers).await?;
    tx.insert_many("product_rule", &["store_id", "product_id", "excluded", "threshold", "brokering"], &rules).await?;
    tx.staging("changed_product", "id BIGINT, title TEXT, parent TEXT, touched_by BIGINT").await?;
    tx.insert_many("changed_product", &["id", "title", "parent", "touched_by"], &own).await?;
    tx.run(
        "UPDATE product SET title = n.title, parent = n.parent, touched_by = n.touched_by
            FROM changed_product n WHERE n.id = product.id",
    )
    .await?;
    Ok(())
}
