//! The part of its store's catalog that a shop shows, where several shops share one catalog. Which products belong to it is
//! said by their SKU or style; who is in it now is kept, so that a change shows when it happened and what it takes off.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use presell_store::{Db, Result, on, text, within};
use serde::{Deserialize, Serialize};

use crate::shop::Shop;

/// What became of a sub-catalog.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Associated {
    /// Products of the catalog that now belong to it.
    pub added: u64,
    /// Products that belong to it no more, or are not in the catalog any more.
    pub removed: u64,
    /// Products that stay in it.
    pub unchanged: u64,
}

/// The words that say which products belong to it: each is a SKU or a style, `*` stands for anything; capitals do not matter.
struct Words {
    whole: HashSet<String>,
    with_stars: Vec<String>,
}

impl Words {
    fn new(words: &[String]) -> Words {
        let (with_stars, whole): (Vec<String>, Vec<String>) =
            words.iter().map(|word| word.trim().to_lowercase()).partition(|word| word.contains('*'));
        Words { whole: whole.into_iter().collect(), with_stars }
    }

    fn name(&self, sku: &str, style: &str) -> bool {
        let (sku, style) = (sku.to_lowercase(), style.to_lowercase());
        let fit = |word: &String| fits(word, &sku) || fits(word, &style);
        self.whole.contains(&sku) || self.whole.contains(&style) || self.with_stars.iter().any(fit)
    }
}

fn fits(word: &str, text: &str) -> bool {
    let Some((start, rest)) = word.split_once('*') else { return word == text };
    let Some(mut text) = text.strip_prefix(start) else { return false };
    let (middle, end) = rest.rsplit_once('*').unwrap_or(("", rest));
    for part in middle.split('*') {
        let Some(at) = text.find(part) else { return false };
        text = &text[at + part.len()..];
    }
    text.ends_with(end)
}

/// Brings the sub-catalog of a shop in line with the catalog of its store: of these products only, if named. A dry run only
/// counts. A shop without words has no sub-catalog: everything that was kept of one is forgotten.
pub async fn associate(
    db: &Db,
    shop: &Shop,
    only: Option<&[i64]>,
    dry_run: bool,
    now: DateTime<Utc>,
) -> Result<Associated> {
    // Mostly nothing changes; then nobody who writes is kept waiting, and this waits for nobody.
    let sql = "SELECT product_id FROM sub_catalog WHERE shop_id = $1";
    let present: Vec<(i64,)> = on!(db, p => sqlx::query_as(sql).bind(shop.id).fetch_all(p).await)?;
    let present: HashSet<i64> = present.into_iter().map(|(id,)| id).collect();
    let mut catalog: Vec<(i64, String, String)> = Vec::new();
    if shop.settings.has_sub_catalog() {
        let sql = "SELECT p.id, p.sku, p.parent FROM member m JOIN product p ON p.id = m.product_id WHERE m.store_id = $1 ORDER BY p.id";
        catalog = on!(db, p => sqlx::query_as(sql).bind(shop.store_id).fetch_all(p).await)?;
        let words = Words::new(&shop.settings.products);
        catalog.retain(|(_, sku, style)| words.name(sku, style));
    }
    let wanted: HashSet<i64> = catalog.iter().map(|(id, ..)| *id).collect();
    let named = |id: &i64| only.is_none_or(|only| only.contains(id));
    let added: Vec<i64> = catalog.iter().map(|(id, ..)| *id).filter(|id| named(id) && !present.contains(id)).collect();
    let removed: Vec<i64> = present.iter().copied().filter(|id| named(id) && !wanted.contains(id)).collect();
    let unchanged = present.iter().filter(|id| named(id) && wanted.contains(id)).count() as u64;
    let told = Associated { added: added.len() as u64, removed: removed.len() as u64, unchanged };
    if dry_run || (added.is_empty() && removed.is_empty()) {
        return Ok(told);
    }
    let mut tx = db.begin().await?;
    let at = now.timestamp_millis();
    // Somebody else may be doing the same.
    let sql = text!(
        tx,
        "INSERT INTO sub_catalog (shop_id, product_id, since) SELECT $2, i.value, $3 FROM ",
        INTS,
        " AS i WHERE true ON CONFLICT (shop_id, product_id) DO NOTHING"
    );
    let ids = serde_json::json!(added).to_string();
    within!(&mut tx, c => sqlx::query(sql).bind(ids).bind(shop.id).bind(at).execute(c).await.map(|_| ()))?;
    let sql = text!(tx, "DELETE FROM sub_catalog WHERE shop_id = $2 AND product_id IN ", INTS);
    let ids = serde_json::json!(removed).to_string();
    within!(&mut tx, c => sqlx::query(sql).bind(ids).bind(shop.id).execute(c).await.map(|_| ()))?;
    tx.commit().await?;
    Ok(told)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn named(words: &[&str]) -> bool {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        Words::new(&words).name("SKU-1", "JKT")
    }

    #[test]
    fn a_product_is_named_by_sku_or_style_and_a_star_stands_for_anything() {
        for (word, sells_it) in [
            ("SKU-1", true),
            ("sku-1", true),
            ("SKU-12", false),
            ("SKU", false),
            ("JKT", true),
            ("J*", true),
            ("*-1", true),
            ("*", true),
            ("S*-*1", true),
            ("S*2", false),
            ("*KU-1*", true),
            ("SKU-1*SKU-1", false),
        ] {
            assert_eq!(named(&[word]), sells_it, "{word}");
        }
        assert!(named(&["X", "J*"]), "one of several words is enough");
    }

    proptest! {
        #[test]
        fn a_word_fits_what_it_was_cut_from(text in "[a-c]{0,8}", cuts in prop::collection::vec(0..9_usize, 0..3)) {
            let mut word = text.clone();
            for cut in cuts {
                let at = cut.min(word.len());
                word = format!("{}*{}", &word[..at], &word[(at + 1).min(word.len())..]);
            }
            prop_assert!(fits(&word, &text), "{} stands for {}", word, text);
            prop_assert!(!fits(&format!("{word}z"), &text), "what does not end so does not fit");
        }
    }
}
