//! What the shop shows: variants by SKU, by id, and all below our tags.

use std::collections::{BTreeSet, HashSet};

use futures_util::{FutureExt, StreamExt, TryStreamExt, stream};
use serde_json::{Value, json};

use super::answer::Trouble;
use super::client::{Client, Repeat, Request};
use super::documents::{FIND, Query, SEE, TAGGED};
use super::mark;
use crate::adapter::{Reason, ShopError};
use crate::model::{Seen, Tags};
use crate::settings::ShopSettings;

/// Questions asked at once.
const AT_ONCE: usize = 4;
/// SKUs in one question; its page leaves room for a few that are there twice.
const SKUS: usize = 50;
const PAGE: usize = 75;
/// Ids in one question.
const IDS: usize = 100;
/// Products whose variants are asked for at once.
const PRODUCTS: usize = 25;
/// A variant, its product, its stock item and our two metafields.
const VARIANT: f64 = 5.0;

/// Reads variants.
pub(super) struct Reader<'a> {
    pub(super) client: &'a Client,
    pub(super) settings: &'a ShopSettings,
}

impl Reader<'_> {
    /// The variants with exactly these SKUs.
    pub(super) async fn find(&self, skus: &[String]) -> Result<Vec<Seen>, ShopError> {
        let wanted: BTreeSet<&str> = skus.iter().map(String::as_str).filter(|sku| !sku.is_empty()).collect();
        let list: Vec<&str> = wanted.iter().copied().collect();
        let asked: Vec<_> = list.chunks(SKUS).map(|part| self.matching(any_of("sku", part)).boxed()).collect();
        let found: Vec<Vec<Seen>> = stream::iter(asked).buffered(AT_ONCE).try_collect().await?;
        // The search does not mind upper and lower case; our products do.
        Ok(found.into_iter().flatten().filter(|seen| wanted.contains(seen.sku.as_str())).collect())
    }

    /// The variants with these ids, as they are now.
    pub(super) async fn see(&self, ids: &[String]) -> Result<Vec<Seen>, ShopError> {
        let asked: Vec<_> = ids.chunks(IDS).map(|part| self.by_ids(part).boxed()).collect();
        let found: Vec<Vec<Seen>> = stream::iter(asked).buffered(AT_ONCE).try_collect().await?;
        Ok(found.into_iter().flatten().collect())
    }

    /// The variants of all products with one of our tags, whatever the products' status.
    pub(super) async fn marked(&self) -> Result<Vec<Seen>, ShopError> {
        let mut tags = vec![self.settings.pre_order_tag.as_str(), self.settings.backorder_tag.as_str()];
        tags.retain(|tag| !tag.is_empty());
        if tags.is_empty() {
            return Ok(Vec::new());
        }
        let q = format!("({}) AND status:active,draft,archived,unlisted", any_of("tag", &tags));
        let mut products = BTreeSet::new();
        let mut after = Value::Null;
        loop {
            let request = question(&TAGGED, json!({"q": q, "after": after}), 252.0);
            let page = self.client.ask(&request).await?["products"].take();
            let nodes = page["nodes"].as_array().ok_or_else(senseless)?;
            let tagged = nodes.iter().filter(|node| self.tags(&node["tags"]) != Tags::default());
            products.extend(tagged.filter_map(|node| Some(number(node["id"].as_str()?).to_owned())));
            match next(&page) {
                Some(cursor) => after = cursor,
                None => break,
            }
        }
        let list: Vec<String> = products.iter().cloned().collect();
        let searches = list.chunks(PRODUCTS).map(|part| format!("product_ids:{}", part.join(",")));
        let asked: Vec<_> = searches.map(|q| self.matching(q).boxed()).collect();
        let found: Vec<Vec<Seen>> = stream::iter(asked).buffered(AT_ONCE).try_collect().await?;
        Ok(found.into_iter().flatten().filter(|seen| products.contains(number(&seen.parent))).collect())
    }

    /// All pages of a search for variants.
    async fn matching(&self, q: String) -> Result<Vec<Seen>, ShopError> {
        let (mut first, mut after, mut seen, mut ids) = (PAGE, Value::Null, Vec::new(), HashSet::new());
        loop {
            let variables = self.with_names(json!({"q": q, "first": first, "after": after}));
            let mut page = match self.client.ask(&question(&FIND, variables, 2.0 + first as f64 * VARIANT)).await {
                Ok(mut data) => data["productVariants"].take(),
                Err(Trouble::TooMuch(_)) if first > 1 => {
                    tracing::warn!(first, "a page of variants costs more than the shop allows");
                    first /= 2;
                    continue;
                }
                Err(trouble) => return Err(trouble.into()),
            };
            for node in page["nodes"].as_array_mut().ok_or_else(senseless)? {
                let variant = self.variant(node).ok_or_else(senseless)?;
                // Pages shift while the shop changes.
                if ids.insert(variant.variant.clone()) {
                    seen.push(variant);
                }
            }
            match next(&page) {
                Some(cursor) => after = cursor,
                None => return Ok(seen),
            }
        }
    }

    async fn by_ids(&self, ids: &[String]) -> Result<Vec<Seen>, ShopError> {
        let mut parts = vec![ids];
        let mut seen = Vec::new();
        while let Some(part) = parts.pop() {
            let variables = self.with_names(json!({"ids": part}));
            match self.client.ask(&question(&SEE, variables, part.len() as f64 * VARIANT)).await {
                Ok(data) => {
                    let nodes = data["nodes"].as_array().filter(|nodes| nodes.len() == part.len());
                    // Null: it is gone. Something without an SKU: an id that is no variant's.
                    let variants = nodes.ok_or_else(senseless)?.iter().filter(|node| node["id"].is_string());
                    for node in variants {
                        seen.push(self.variant(node).ok_or_else(senseless)?);
                    }
                }
                Err(Trouble::TooMuch(_)) if part.len() > 1 => {
                    let (left, right) = part.split_at(part.len() / 2);
                    parts.extend([right, left]);
                }
                Err(trouble) => return Err(trouble.into()),
            }
        }
        Ok(seen)
    }

    fn with_names(&self, mut variables: Value) -> Value {
        let settings = self.settings;
        let capped = !settings.quantity_key.is_empty();
        variables["namespace"] = json!(settings.namespace);
        variables["key"] = json!(settings.mark_key);
        variables["capKey"] = json!(if capped { &settings.quantity_key } else { &settings.mark_key });
        variables["capped"] = json!(capped);
        variables
    }

    fn variant(&self, node: &Value) -> Option<Seen> {
        let product = &node["product"];
        let (mark, digest) = mark::read(&node["mark"], &node["cap"], self.settings);
        let counted = node["inventoryItem"]["tracked"].as_bool()?;
        Some(Seen {
            variant: node["id"].as_str()?.to_owned(),
            parent: product["id"].as_str()?.to_owned(),
            sku: node["sku"].as_str().unwrap_or_default().to_owned(),
            title: product["title"].as_str().unwrap_or_default().to_owned(),
            continues: match node["inventoryPolicy"].as_str()? {
                "CONTINUE" => true,
                "DENY" => false,
                _ => return None,
            },
            mark,
            digest,
            tags: product["tags"].is_array().then(|| self.tags(&product["tags"]))?,
            quantity: node["inventoryQuantity"].as_i64().filter(|_| counted),
        })
    }

    /// The shop takes tags for the same that differ in upper and lower case only.
    fn tags(&self, tags: &Value) -> Tags {
        let has = |tag: &str| {
            let tag = tag.to_lowercase();
            tags.as_array().into_iter().flatten().filter_map(Value::as_str).any(|there| there.to_lowercase() == tag)
        };
        Tags { pre_order: has(&self.settings.pre_order_tag), backorder: has(&self.settings.backorder_tag) }
    }
}

pub(super) fn question(query: &Query, variables: Value, cost: f64) -> Request {
    Request { name: query.name, text: query.text.to_owned(), variables, cost, repeat: Repeat::Freely }
}

/// A search for any of these, quoted: what is between the quotes cannot become a command.
fn any_of(field: &str, values: &[&str]) -> String {
    let quoted = |value: &&str| format!("{field}:\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""));
    values.iter().map(quoted).collect::<Vec<_>>().join(" OR ")
}

/// The number at the end of an id, as searches want it.
fn number(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or(id)
}

fn next(page: &Value) -> Option<Value> {
    let more = page["pageInfo"]["hasNextPage"] == true;
    more.then(|| page["pageInfo"]["endCursor"].clone()).filter(Value::is_string)
}

fn senseless() -> Trouble {
    Trouble::Refused(Reason::new("BAD_ANSWER", "The shop's answer lacks what every variant has."))
}
