//! Who may come in, with which rights, and how much at a time.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::clock::Millis;

/// What the merchant pays for; the points an app may spend follow from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Plan {
    /// 2,000 points, 100 back per second.
    #[default]
    Standard,
    /// 4,000 points, 200 back per second.
    Advanced,
    /// 20,000 points, 1,000 back per second.
    Plus,
}

impl Plan {
    /// Points at most.
    pub fn bucket(self) -> f64 {
        self.restore() * 20.0
    }

    /// Points back per second.
    pub fn restore(self) -> f64 {
        match self {
            Self::Standard => 100.0,
            Self::Advanced => 200.0,
            Self::Plus => 1_000.0,
        }
    }

    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Standard => "Basic",
            Self::Advanced => "Advanced",
            Self::Plus => "Plus",
        }
    }
}

/// Whether the shop answers at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Standing {
    /// It does.
    #[default]
    Open,
    /// The bill was not paid: 402.
    Frozen,
    /// The merchant took the approval back: 403.
    NotApproved,
    /// Locked by the platform: 423.
    Locked,
}

impl Standing {
    /// What every request gets instead of an answer.
    pub(crate) fn refusal(self) -> Option<(u16, &'static str)> {
        match self {
            Self::Open => None,
            Self::Frozen => Some((402, "Unavailable Shop")),
            Self::NotApproved => Some((403, "[API] This action requires merchant approval for write_products scope.")),
            Self::Locked => Some((423, "Shop Locked")),
        }
    }
}

/// Credentials, tokens and rights.
#[derive(Debug, Clone)]
pub struct Access {
    /// Secrets by client id.
    pub clients: BTreeMap<String, String>,
    /// Tokens and when they end; `None` never.
    pub tokens: BTreeMap<String, Option<Millis>>,
    /// What an app may do here.
    pub scopes: Vec<String>,
    /// How long a token from client credentials lives.
    pub token_life_ms: Millis,
    /// Whether the shop answers at all.
    pub standing: Standing,
    issued: u64,
}

impl Default for Access {
    fn default() -> Self {
        let scopes = "read_products write_products read_inventory write_inventory read_locations read_orders \
                      read_publications write_publications read_inventory_transfers read_inventory_shipments";
        Self {
            clients: BTreeMap::from([(Self::CLIENT.into(), Self::SECRET.into())]),
            tokens: BTreeMap::from([(Self::TOKEN.into(), None)]),
            scopes: scopes.split_whitespace().map(str::to_owned).collect(),
            token_life_ms: 86_399_000,
            standing: Standing::Open,
            issued: 0,
        }
    }
}

impl Access {
    /// The token that every demo shop knows, as a legacy custom app has one. It opens nothing but a demo shop.
    pub const TOKEN: &str = "shpat_demo";
    /// The client id that every demo shop knows.
    pub const CLIENT: &str = "presell-demo";
    /// Its secret.
    pub const SECRET: &str = "demo-secret";

    /// A new token for a client, unless id or secret are wrong.
    pub(crate) fn issue(&mut self, client: &str, secret: &str, now: Millis) -> Option<(String, Millis)> {
        if self.clients.get(client)? != secret {
            return None;
        }
        self.issued += 1;
        let token = format!("shpat_{:016x}{:08x}", now, self.issued);
        self.tokens.insert(token.clone(), Some(now + self.token_life_ms));
        Some((token, self.token_life_ms))
    }

    pub(crate) fn knows(&self, token: &str, now: Millis) -> bool {
        self.tokens.get(token).is_some_and(|ends| ends.is_none_or(|at| now < at))
    }

    pub(crate) fn may(&self, scope: &str) -> bool {
        self.scopes.iter().any(|s| s == scope)
    }
}
