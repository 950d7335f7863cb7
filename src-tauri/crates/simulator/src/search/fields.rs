//! What an expression finds, and the warnings that come with it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Expression, Term};
use crate::clock::instant;
use crate::gid::Gid;
use crate::shop::Shop;

/// What can be searched, and by which fields.
pub(crate) struct Subject {
    pub(crate) path: &'static str,
    pub(crate) kind: &'static str,
    fields: &'static [&'static str],
    value: fn(&Shop, u64, &str) -> Vec<String>,
    words: fn(&Shop, u64) -> String,
}

pub(crate) const PRODUCTS: Subject = Subject {
    path: "products",
    kind: "Product",
    fields: &["id", "tag", "status", "updated_at", "created_at", "handle", "title", "sku", "barcode"],
    value: of_product,
    words: |shop, id| shop.products.get(&id).map(|p| p.title.clone()).unwrap_or_default(),
};

pub(crate) const VARIANTS: Subject = Subject {
    path: "productVariants",
    kind: "ProductVariant",
    fields: &[
        "id",
        "sku",
        "barcode",
        "product_ids",
        "product_id",
        "tag",
        "product_status",
        "collection",
        "updated_at",
        "inventory_quantity",
        "title",
        "managed",
    ],
    value: of_variant,
    words: |shop, id| shop.variants.get(&id).map(|v| format!("{} {}", v.sku, v.title)).unwrap_or_default(),
};

pub(crate) const ORDERS: Subject = Subject {
    path: "orders",
    kind: "Order",
    fields: &["id", "name", "sku", "updated_at", "created_at", "status", "test", "tag"],
    value: of_order,
    words: |shop, id| shop.orders.get(&id).map(|o| o.name.clone()).unwrap_or_default(),
};

pub(crate) const BULKS: Subject = Subject {
    path: "bulkOperations",
    kind: "BulkOperation",
    fields: &["id", "status", "operation_type", "created_at", "completed_at"],
    value: of_bulk,
    words: |_, _| String::new(),
};

/// The numbers that match, ascending, out of all there are; and a warning per field that is ignored.
pub(crate) fn found(shop: &Shop, subject: &Subject, all: &[u64], expression: Expression) -> (Vec<u64>, Vec<Value>) {
    let mut warnings = Vec::new();
    let expression = known(subject, expression, &mut warnings);
    let narrowed = candidates(shop, subject, &expression);
    let ids: Vec<u64> = match narrowed {
        Some(few) => few.into_iter().filter(|id| all.binary_search(id).is_ok()).collect(),
        None => all.to_vec(),
    };
    (ids.into_iter().filter(|id| matches(shop, subject, *id, &expression)).collect(), warnings)
}

/// Leaves out what searches by a field nobody knows.
fn known(subject: &Subject, expression: Expression, warnings: &mut Vec<Value>) -> Expression {
    match expression {
        Expression::Term(Term { field: Some(field), values, .. }) if !subject.fields.contains(&field.as_str()) => {
            warnings.push(json!({"field": field, "message": "Invalid search field for this query.",
                "code": "invalid_field", "values": values}));
            Expression::Everything
        }
        Expression::Not(inner) => match known(subject, *inner, warnings) {
            Expression::Everything => Expression::Everything,
            other => Expression::Not(Box::new(other)),
        },
        Expression::All(parts) => Expression::All(parts.into_iter().map(|p| known(subject, p, warnings)).collect()),
        Expression::Any(parts) => Expression::Any(parts.into_iter().map(|p| known(subject, p, warnings)).collect()),
        other => other,
    }
}

/// Those that can match at all, where an index knows: a search for 50 SKUs must not walk through 100,000 variants.
fn candidates(shop: &Shop, subject: &Subject, expression: &Expression) -> Option<BTreeSet<u64>> {
    match expression {
        Expression::Term(Term { field: Some(field), relation: "=", values }) => match (subject.kind, field.as_str()) {
            ("ProductVariant", "sku") if values.iter().all(|v| !v.ends_with('*')) => {
                Some(values.iter().flat_map(|v| shop.alike(v)).collect())
            }
            ("ProductVariant", "product_ids" | "product_id") => {
                let products =
                    values.iter().filter_map(|v| v.parse().ok()).filter_map(|id: u64| shop.products.get(&id));
                Some(products.flat_map(|p| p.variants.iter().copied()).collect())
            }
            (_, "id") => Some(values.iter().filter_map(|v| number(v)).collect()),
            _ => None,
        },
        Expression::Any(parts) => parts
            .iter()
            .map(|p| candidates(shop, subject, p))
            .collect::<Option<Vec<_>>>()
            .map(|all| all.into_iter().flatten().collect()),
        Expression::All(parts) => parts.iter().find_map(|p| candidates(shop, subject, p)),
        _ => None,
    }
}

fn matches(shop: &Shop, subject: &Subject, id: u64, expression: &Expression) -> bool {
    match expression {
        Expression::Everything => true,
        Expression::Not(inner) => !matches(shop, subject, id, inner),
        Expression::All(parts) => parts.iter().all(|p| matches(shop, subject, id, p)),
        Expression::Any(parts) => parts.iter().any(|p| matches(shop, subject, id, p)),
        Expression::Term(Term { field: None, values, .. }) => {
            let words = (subject.words)(shop, id).to_lowercase();
            values.iter().all(|v| words.contains(&v.trim_end_matches('*').to_lowercase()))
        }
        Expression::Term(Term { field: Some(field), relation, values }) => {
            let has = (subject.value)(shop, id, field);
            values.iter().any(|wanted| has.iter().any(|has| compares(has, relation, wanted)))
        }
    }
}

fn compares(has: &str, relation: &str, wanted: &str) -> bool {
    if relation == "=" {
        return match wanted.strip_suffix('*') {
            Some(start) => has.to_lowercase().starts_with(&start.to_lowercase()),
            None => {
                has.to_lowercase() == wanted.to_lowercase()
                    || Gid::parse(wanted).is_some_and(|gid| has == gid.number.to_string())
            }
        };
    }
    let measure = |text: &str| text.parse::<i64>().ok().or_else(|| instant(text));
    let (Some(has), Some(wanted)) = (measure(has), measure(wanted)) else { return false };
    match relation {
        "<" => has < wanted,
        "<=" => has <= wanted,
        ">" => has > wanted,
        _ => has >= wanted,
    }
}

fn number(text: &str) -> Option<u64> {
    text.parse().ok().or_else(|| Gid::parse(text).map(|gid| gid.number))
}

fn of_product(shop: &Shop, id: u64, field: &str) -> Vec<String> {
    let Some(product) = shop.products.get(&id) else { return Vec::new() };
    let variants = product.variants.iter().filter_map(|id| shop.variants.get(id));
    match field {
        "id" => vec![id.to_string()],
        "tag" => product.tags.clone(),
        "status" => vec![product.status.name().to_owned()],
        "updated_at" => vec![product.updated.to_string()],
        "created_at" => vec![product.created.to_string()],
        "handle" => vec![product.handle.clone()],
        "title" => vec![product.title.clone()],
        "sku" => variants.map(|v| v.sku.clone()).collect(),
        _ => variants.filter_map(|v| v.barcode.clone()).collect(),
    }
}

fn of_variant(shop: &Shop, id: u64, field: &str) -> Vec<String> {
    let Some(variant) = shop.variants.get(&id) else { return Vec::new() };
    match field {
        "id" => vec![id.to_string()],
        "sku" => vec![variant.sku.clone()],
        "barcode" => variant.barcode.clone().into_iter().collect(),
        "product_ids" | "product_id" => vec![variant.product.to_string()],
        "tag" => of_product(shop, variant.product, "tag"),
        "product_status" => of_product(shop, variant.product, "status"),
        "collection" => {
            shop.collections.keys().filter(|c| shop.is_member(**c, variant.product)).map(u64::to_string).collect()
        }
        "updated_at" => vec![variant.updated.to_string()],
        "inventory_quantity" => vec![variant.quantity().to_string()],
        "managed" => vec![variant.tracked.to_string()],
        _ => vec![variant.title.clone()],
    }
}

fn of_order(shop: &Shop, id: u64, field: &str) -> Vec<String> {
    let Some(order) = shop.orders.get(&id) else { return Vec::new() };
    match field {
        "id" => vec![id.to_string()],
        "name" => vec![order.name.clone()],
        "sku" => order.lines.iter().map(|l| l.sku.clone()).collect(),
        "updated_at" => vec![order.updated.to_string()],
        "created_at" => vec![order.created.to_string()],
        "status" => vec!["any".into(), if order.cancelled.is_some() { "cancelled" } else { "open" }.into()],
        "test" => vec![order.test.to_string()],
        _ => Vec::new(),
    }
}

fn of_bulk(shop: &Shop, id: u64, field: &str) -> Vec<String> {
    let Some(bulk) = shop.bulks.get(&id) else { return Vec::new() };
    match field {
        "id" => vec![id.to_string()],
        "status" => vec![bulk.status.name().to_owned()],
        "operation_type" => vec![if bulk.kind == crate::shop::BulkKind::Query { "query" } else { "mutation" }.into()],
        "created_at" => vec![bulk.created.to_string()],
        _ => bulk.completed.iter().map(i64::to_string).collect(),
    }
}
