//! What should be listed for pre-selling, and why.
//! `rules` and `settings` are pure: no database, no clock, no async. They get facts and `now`, and give decisions.
//! `refresh`, `why` and `listings` read facts from the store, ask the rules, and keep what they say.

pub mod browse;
pub mod claims;
pub mod coming;
mod facts;
pub mod listings;
pub mod refresh;
pub mod rules;
pub mod settings;
pub mod standing;
pub mod stores;
pub mod what_if;
pub mod why;
