//! The rules of pre-selling, as sentences about behaviour. No database, no clock: facts in, decision out.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod allocation;
mod codes;
mod decisions;
mod facts;
mod golden;
mod online_atp;
mod plans;
mod po_atp;
mod properties;
mod settings;
