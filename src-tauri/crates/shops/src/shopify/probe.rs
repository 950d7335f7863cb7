//! Whether the shop answers, who it is, and whether the access suffices.

use serde_json::{Value, json};

use super::client::Client;
use super::documents::SHOP;
use super::read::question;
use crate::adapter::{Answers, ShopError};
use crate::settings::{API_VERSIONS, ShopSettings};

/// What Presell needs: to read products and variants, and to write tags, marks and policies.
const NEEDED: [&str; 2] = ["read_products", "write_products"];

pub(super) async fn test(client: &Client, settings: &ShopSettings) -> Result<Answers, ShopError> {
    let data = client.ask(&question(&SHOP, json!({}), 20.0)).await?;
    let shop = &data["shop"];
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let name = text(&shop["name"]).ok_or_else(|| ShopError::Answer("The shop does not say its name.".to_owned()))?;
    let scopes = texts(&data["currentAppInstallation"]["accessScopes"]);
    let notes = client.notes();
    let mut warnings: Vec<String> = notes.warnings.into_iter().collect();
    let version = &settings.api_version;
    let listed = data["publicApiVersions"].as_array().into_iter().flatten();
    let supported = listed.filter(|v| v["supported"] == true).any(|v| v["handle"] == version.as_str());
    if !supported {
        warnings.push(format!("Shopify does not name version {version} among those it supports."));
    }
    if !API_VERSIONS.contains(&version.as_str()) {
        warnings.push(format!("Version {version} was not tried with this Presell; {} were.", API_VERSIONS.join(", ")));
    }
    Ok(Answers {
        name,
        zone: text(&shop["ianaTimezone"]),
        plan: text(&shop["plan"]["publicDisplayName"]),
        version: notes.version.or_else(|| Some(version.clone())),
        missing_scopes: NEEDED
            .iter()
            .filter(|scope| !allows(&scopes, scope))
            .map(|scope| (*scope).to_owned())
            .collect(),
        scopes,
        warnings,
        notes: Vec::new(),
    })
}

/// Who may write may read.
fn allows(scopes: &[String], scope: &str) -> bool {
    let writes = scope.replacen("read_", "write_", 1);
    scopes.iter().any(|held| held == scope || *held == writes)
}

fn texts(scopes: &Value) -> Vec<String> {
    let scopes = scopes.as_array().into_iter().flatten();
    scopes.filter_map(|scope| scope["handle"].as_str()).map(str::to_owned).collect()
}
