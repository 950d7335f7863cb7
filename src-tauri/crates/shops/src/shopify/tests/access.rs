//! Addresses, versions, tokens; and that no secret is ever shown.

use std::time::Duration;

use tokio::time::advance;

use super::*;
use crate::shopify::Address;

const SECRET: &str = "shpss_deadbeef";

fn credentials() -> Access {
    Access::ClientCredentials { client_id: "app-1".to_owned(), client_secret: SECRET.into() }
}

fn granted(token: &str, seconds: f64) -> Reply {
    status(200, &json!({"access_token": token, "scope": "write_products", "expires_in": seconds}))
}

fn done() -> Reply {
    ok(json!({"u0": {"userErrors": []}}))
}

fn unauthorized() -> Reply {
    status(401, &json!({"errors": "[API] Invalid API key or access token"}))
}

fn tokens(script: &Script) -> Vec<String> {
    script.tokens.lock().unwrap().clone()
}

#[tokio::test(start_paused = true)]
async fn a_token_is_used_until_four_fifths_of_its_life_and_then_renewed() {
    let script = Script::new([granted("first", 1_000.0), done(), done(), granted("second", 1_000.0), done()]);
    let shop = Shopify::over(script.clone(), config(credentials()));
    submit(&shop, &[tag_on(1)]).await.unwrap();
    advance(Duration::from_secs(790)).await;
    submit(&shop, &[tag_on(1)]).await.unwrap();
    advance(Duration::from_secs(20)).await;
    submit(&shop, &[tag_on(1)]).await.unwrap();
    assert_eq!(tokens(&script), ["first", "first", "second"], "the token is not renewed in time, or too early");
}

#[tokio::test(start_paused = true)]
async fn a_token_refused_is_renewed_once_and_then_the_shop_is_disconnected() {
    let script = Script::new([granted("old", 86_399.0), unauthorized(), granted("new", 86_399.0), done()]);
    submit(&Shopify::over(script.clone(), config(credentials())), &[tag_on(1)]).await.unwrap();
    assert_eq!(tokens(&script), ["old", "new"], "a refused token is not renewed");
    let script = Script::new([granted("a", 9.0), unauthorized(), granted("b", 9.0), unauthorized()]);
    let error = submit(&Shopify::over(script.clone(), config(credentials())), &[tag_on(1)]).await.unwrap_err();
    assert!(matches!(error, ShopError::Disconnected(_)), "a shop that refuses a fresh token goes on: {error:?}");
    assert_eq!(script.unused(), 0, "the token was not renewed before giving up");
}

#[tokio::test(start_paused = true)]
async fn wrong_credentials_disconnect_and_a_sick_shop_is_only_away() {
    let script = Script::new([status(400, &json!({"error": "invalid_client", "client_secret": SECRET}))]);
    let error = submit(&Shopify::over(script, config(credentials())), &[tag_on(1)]).await.unwrap_err();
    assert!(matches!(error, ShopError::Disconnected(_)), "wrong credentials are tried on: {error:?}");
    assert!(error.to_string().contains("invalid_client"), "the shop's own code is lost: {error}");
    assert!(!error.to_string().contains(SECRET), "the words show the secret");
    let script = Script::new((0..5).map(|_| status(503, &json!({}))));
    let error = submit(&Shopify::over(script, config(credentials())), &[tag_on(1)]).await.unwrap_err();
    assert!(matches!(error, ShopError::Away(_)), "a shop in trouble is taken for disconnected: {error:?}");
}

#[test]
fn no_secret_shows_in_any_debug() {
    let script = Script::new([]);
    for access in [credentials(), Access::Token(TOKEN.into())] {
        let config = config(access.clone());
        let shop = Shopify::over(script.clone(), config.clone());
        for shown in [format!("{access:?}"), format!("{config:?}"), format!("{shop:?}"), format!("{config:#?}")] {
            assert!(!shown.contains(SECRET) && !shown.contains(TOKEN), "Debug shows a secret: {shown}");
        }
    }
}

#[test]
fn only_shops_and_this_machine_are_addresses() {
    let good = ["my-shop.myshopify.com", "a_b.shopify.com", "x.myshopify.io", "1.shop.dev", "my-shop.myshopify.com/"];
    for domain in good {
        assert!(Address::new(domain, None).is_ok(), "{domain} is a shop");
    }
    let bad = [
        "",
        "myshopify.com",
        "-a.myshopify.com",
        "evil.com",
        "a.myshopify.com.evil.com",
        "a.b.myshopify.com",
        "a/.shop.dev",
    ];
    for domain in bad {
        assert!(Address::new(domain, None).is_err(), "{domain} is no shop");
    }
    for base in ["http://127.0.0.1:9", "http://localhost:9/", "http://[::1]:9"] {
        assert!(Address::new("", Some(base)).is_ok(), "{base} is this machine");
    }
    for base in ["http://10.0.0.1", "https://evil.com", "http://127.0.0.1.evil.com", "nonsense", "http://user@evil.com"]
    {
        assert!(Address::new("", Some(base)).is_err(), "{base} is elsewhere");
    }
}

#[test]
fn an_old_version_is_refused_before_anything_is_sent() {
    let with = |version: &str| {
        let mut config = config(Access::Token(TOKEN.into()));
        config.settings.api_version = version.to_owned();
        Shopify::new(config)
    };
    for version in ["2026-04", "2025-10", "unstable", "", "2026-1"] {
        assert!(with(version).is_err(), "{version:?} is spoken though it never was tried");
    }
    for version in ["2026-07", "2026-10", "2027-01"] {
        assert!(with(version).is_ok(), "{version} is refused");
    }
}
