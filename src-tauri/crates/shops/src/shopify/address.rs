//! Where a shop is.

use std::net::IpAddr;

use reqwest::Url;

use crate::adapter::ShopError;
use crate::settings::API_VERSIONS;

/// The address of a shop, checked: one of the platform's own names, or this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    base: String,
    local: bool,
}

const ENDS: [&str; 4] = [".myshopify.com", ".shopify.com", ".myshopify.io", ".shop.dev"];

impl Address {
    /// Of a domain; `base_url` puts a shop on this machine in its place.
    pub fn new(domain: &str, base_url: Option<&str>) -> Result<Address, ShopError> {
        if let Some(base_url) = base_url {
            return Address::local(base_url);
        }
        let domain = domain.trim_end_matches('/');
        if !is_shop(domain) {
            return Err(ShopError::Disconnected(format!(
                "\"{domain}\" is not the address of a Shopify shop. It looks like my-shop.myshopify.com."
            )));
        }
        Ok(Address { base: format!("https://{domain}"), local: false })
    }

    fn local(base_url: &str) -> Result<Address, ShopError> {
        let url = Url::parse(base_url).ok();
        let host = url.as_ref().and_then(|url| url.host_str()).unwrap_or_default();
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let loopback = host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
        if !loopback {
            return Err(ShopError::Disconnected(format!(
                "\"{base_url}\" is not on this machine. A base URL is for demo shops at 127.0.0.1 only."
            )));
        }
        Ok(Address { base: base_url.trim_end_matches('/').to_owned(), local: true })
    }

    pub(super) fn is_local(&self) -> bool {
        self.local
    }

    pub(super) fn to(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }
}

/// The check that the platform gives for names of shops.
fn is_shop(domain: &str) -> bool {
    let Some(name) = ENDS.iter().find_map(|end| domain.strip_suffix(end)) else { return false };
    name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

/// Refuses versions older than the oldest that was tried, and what is no version at all.
pub(super) fn check_version(version: &str) -> Result<(), ShopError> {
    let oldest = API_VERSIONS.last().copied().unwrap_or_default();
    let shaped =
        version.len() == 7 && version.char_indices().all(|(at, c)| if at == 4 { c == '-' } else { c.is_ascii_digit() });
    match shaped && version >= oldest {
        true => Ok(()),
        false => Err(ShopError::Disconnected(format!(
            "Presell speaks Shopify's versions from {oldest} on, not \"{version}\". Set one of {}.",
            API_VERSIONS.join(", ")
        ))),
    }
}
