//! The shop itself, the app in it, the versions of the API, and jobs.

use serde_json::{Value, json};

use super::{Said, page};
use crate::answer::{Asked, Session};
use crate::gid::gid;
use crate::schema::Version;
use crate::shop::{Plan, STATES};

pub(super) fn root(session: &Session<'_>, asked: &Asked) -> Said {
    let shop = session.shop.borrow();
    Ok(Some(match asked.field.as_str() {
        "shop" => json!({"id": gid("Shop", 1), "name": shop.name, "myshopifyDomain": "presell-demo.myshopify.com",
            "ianaTimezone": shop.zone, "currencyCode": "EUR",
            "plan": {"publicDisplayName": shop.plan.label(), "displayName": shop.plan.label(),
                "partnerDevelopment": true, "shopifyPlus": shop.plan == Plan::Plus}}),
        "currentAppInstallation" => {
            let scopes: Vec<Value> =
                shop.access.scopes.iter().map(|s| json!({"handle": s, "description": s})).collect();
            json!({"id": gid("AppInstallation", 1), "accessScopes": scopes})
        }
        "publicApiVersions" => {
            let versions = Version::ALL.iter().map(|v| {
                let latest = if *v == Version::ALL[Version::ALL.len() - 1] { " (Latest)" } else { "" };
                json!({"handle": v.name(), "supported": true, "displayName": format!("{v}{latest}")})
            });
            let unstable = json!({"handle": "unstable", "supported": false, "displayName": "unstable"});
            versions.chain([unstable]).collect()
        }
        "inventoryProperties" => {
            let name = |name: &str, parts: &[&str], whole: &[&str]| json!({"name": name, "displayName": name.replace('_', " "), "isInUse": true, "belongsTo": whole, "comprises": parts});
            let held: Vec<&str> = STATES.into_iter().filter(|s| *s != "incoming").collect();
            let states = STATES.iter().map(|s| name(s, &[], if *s == "incoming" { &[] } else { &["on_hand"] }));
            json!({"quantityNames": states.chain([name("on_hand", &held, &[])]).collect::<Vec<_>>()})
        }
        "locations" => {
            let mut found: Vec<_> = shop.locations.iter().filter(|(_, l)| l.active).collect();
            found.sort_by_key(|(_, l)| &l.name);
            // By name, which no cursor holds: the rank stands for it.
            let places: Vec<_> = (1..).zip(&found).map(|(rank, (id, _))| (rank, **id)).collect();
            page(session, asked, &places, |at| json!(gid("Location", *found[at].0)))?
        }
        // Nothing here takes time but bulk operations: whatever was a job is done.
        _ => json!({"id": asked.text("id"), "done": true}),
    }))
}
