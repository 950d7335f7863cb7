//! The words for what the rules say, so that the window, the terminal and the files people get use the same ones.

use presell_catalog::rules::{Code, LeftOut, Rule, TermName};
use serde::Serialize;
use ts_rs::TS;

use crate::{App, Nothing, Result};

/// All words.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "CatalogWords")]
pub struct Words {
    /// Why a product is not listed.
    pub reasons: Vec<ReasonWords>,
    /// What is asked of a line of a purchase order, in this order.
    pub checks: Vec<CheckWords>,
    /// What a number of pieces is made of.
    pub terms: Vec<TermWords>,
    /// Why a facility's stock does not count.
    pub left_out: Vec<LeftOutWords>,
}

/// A reason.
#[derive(Clone, Copy, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReasonWords {
    /// Its code.
    pub code: Code,
    /// In two or three words.
    pub label: &'static str,
    /// In one sentence.
    pub sentence: &'static str,
}

/// A check.
#[derive(Clone, Copy, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CheckWords {
    /// Its name.
    pub check: Rule,
    /// What it asks for.
    pub label: &'static str,
}

/// A summand.
#[derive(Clone, Copy, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TermWords {
    /// Its name.
    pub term: TermName,
    /// What it stands for.
    pub label: &'static str,
}

/// A reason not to count a facility.
#[derive(Clone, Copy, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LeftOutWords {
    /// Its name.
    pub left_out: LeftOut,
    /// In a few words.
    pub label: &'static str,
}

/// The words for reasons, checks and numbers.
pub async fn catalog_words(_: &App, _: Nothing) -> Result<Words> {
    let reason = |code: &Code| ReasonWords { code: *code, label: code.label(), sentence: code.explain() };
    Ok(Words {
        reasons: Code::ALL.iter().map(reason).collect(),
        checks: Rule::ALL.iter().map(|check| CheckWords { check: *check, label: check.explain() }).collect(),
        terms: TermName::ALL.iter().map(|term| TermWords { term: *term, label: term.explain() }).collect(),
        left_out: LeftOut::ALL.iter().map(|why| LeftOutWords { left_out: *why, label: why.explain() }).collect(),
    })
}
