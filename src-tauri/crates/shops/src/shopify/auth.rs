//! The token that opens the shop: a legacy one that lasts, or one that is exchanged for credentials and renewed in time.

use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep};

use super::retry::Backoff;
use super::wire::{Raw, Silence, Wire};
use crate::adapter::ShopError;
use crate::secrets::Secret;

/// How a shop lets us in.
#[derive(Clone, Debug)]
pub enum Access {
    /// An admin token of a custom app of old; it does not end.
    Token(Secret),
    /// The merchant's own app: its credentials are exchanged for a token that lasts about a day.
    ClientCredentials {
        /// The id of the app; no secret.
        client_id: String,
        /// Its secret.
        client_secret: Secret,
    },
}

/// Part of a token's life after which it is renewed.
const RENEWED_AT: f64 = 0.8;

pub(super) struct Door {
    access: Access,
    wire: Arc<dyn Wire>,
    /// Locked while it is renewed, so that many requests renew it once.
    token: Mutex<Option<Token>>,
}

#[derive(Clone)]
struct Token {
    secret: Secret,
    renew: Instant,
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    expires_in: f64,
}

impl Door {
    pub(super) fn new(access: Access, wire: Arc<dyn Wire>) -> Door {
        Door { access, wire, token: Mutex::new(None) }
    }

    /// A token that should be valid.
    pub(super) async fn token(&self) -> Result<Secret, ShopError> {
        let (client_id, client_secret) = match &self.access {
            Access::Token(secret) => return Ok(secret.clone()),
            Access::ClientCredentials { client_id, client_secret } => (client_id, client_secret),
        };
        let mut kept = self.token.lock().await;
        if let Some(token) = kept.as_ref().filter(|token| Instant::now() < token.renew) {
            return Ok(token.secret.clone());
        }
        let token = self.exchange(client_id, client_secret).await?;
        Ok(kept.insert(token).secret.clone())
    }

    /// The shop refused this token. Whether another one can be had.
    pub(super) async fn refused(&self, token: &Secret) -> bool {
        let mut kept = self.token.lock().await;
        if kept.as_ref().is_some_and(|kept| kept.secret.expose() == token.expose()) {
            *kept = None;
        }
        matches!(self.access, Access::ClientCredentials { .. })
    }

    async fn exchange(&self, client_id: &str, secret: &Secret) -> Result<Token, ShopError> {
        let mut backoff = Backoff::default();
        loop {
            let asked = Instant::now();
            let why = match self.wire.token(client_id, secret).await {
                Ok(raw) if raw.status == 200 => return granted(&raw, asked),
                Ok(raw) if raw.status == 429 || raw.status >= 500 => format!("it answers {}", raw.status),
                Ok(raw) => return Err(ShopError::Disconnected(refusal(&raw))),
                Err(Silence::NotSent(why) | Silence::Lost(why)) => why,
            };
            match backoff.next() {
                Some(wait) => sleep(wait).await,
                None => return Err(ShopError::Away(format!("The shop gives no access just now: {why}."))),
            }
        }
    }
}

fn granted(raw: &Raw, asked: Instant) -> Result<Token, ShopError> {
    let granted: Granted = serde_json::from_slice(&raw.body)
        .map_err(|_| ShopError::Answer("The shop's answer to the credentials holds no token.".to_owned()))?;
    let life = Duration::try_from_secs_f64(granted.expires_in * RENEWED_AT).unwrap_or_default();
    Ok(Token { secret: granted.access_token.into(), renew: asked + life })
}

/// In words, without what the body may repeat of the credentials.
fn refusal(raw: &Raw) -> String {
    let error: serde_json::Value = serde_json::from_slice(&raw.body).unwrap_or_default();
    let code = error["error"].as_str().filter(|code| code.len() <= 40).unwrap_or("no reason given");
    format!(
        "The shop does not accept the client id and secret of the app ({}, {code}). Check both, and that the app is installed.",
        raw.status
    )
}
