//! Shops: how Presell gets on with them, what they show, and what a sync did.

use std::fmt::Write;

use chrono_tz::Tz;
use presell_commands::{Difference, DriftReport, Linked, Matrix, ShopTested, ShopView};
use presell_shops::diff::said;
use presell_shops::shop::{Platform, ShopState};
use presell_shops::sync::Report;

use super::table::{table, text};
use super::words::{class, count, date, moment, number};
use crate::output::{BAD, BOLD, CAUTION, DIM, GOOD};

/// Rows of a plan that are shown; the JSON has all.
const MOST: usize = 50;

/// All shops of the store.
pub(crate) fn shops(shops: &[ShopView], zone: Tz) -> String {
    if shops.is_empty() {
        return "No shop is connected. Begin with one to try things out: presell shop add demo --platform demo\n"
            .to_owned();
    }
    let mut rows = table(&["=Shop", "=Kind", "=State", "=Last sync", "What it shows", "Where"]);
    for shop in shops {
        let synced = shop.synced_at.map_or_else(|| "never".to_owned(), |at| moment(at.0, zone));
        let counts: Vec<String> =
            shop.states.iter().map(|s| format!("{} {}", number(s.count.unsigned_abs()), state(&s.state))).collect();
        let shown = if counts.is_empty() { "nothing is on the lists".to_owned() } else { counts.join(", ") };
        rows.add_row([
            shop.name.clone(),
            platform(shop.platform).to_owned(),
            standing(shop.platform, shop.state).to_owned(),
            synced,
            shown,
            place(shop),
        ]);
    }
    let mut out = text(&rows);
    for shop in shops {
        if let Some(trouble) = &shop.trouble {
            let _ = writeln!(out, "\n{BAD}✗{BAD:#} {}: {trouble}", shop.name);
        }
    }
    out
}

/// A shop that was added.
pub(crate) fn shop_added(shop: &ShopView) -> String {
    let name = &shop.name;
    let next = [
        (format!("presell shop test {name}"), "see whether it answers"),
        (format!("presell shop diff {name}"), "see what it would show"),
        (format!("presell shop sync {name}"), "make it show that"),
        ("presell job enable JOB_PREORDER_CAT_SYC".to_owned(), "keep all shops in line by themselves"),
    ];
    let width = next.iter().map(|(command, _)| command.len()).max().unwrap_or_default();
    let mut out = format!("The shop \"{name}\" is added. Nothing was sent to it yet.\n\n");
    for (command, what) in next {
        let _ = writeln!(out, "  {command:width$}   {what}");
    }
    // In a demo shop nobody buys.
    if shop.platform != Platform::Demo {
        out.push_str(
            "\nDoes your ERP or POS forbid negative stock? Then it will refuse orders of products that are sold without stock.\n\
             Allow it there, or let these orders wait until the goods are in.\n",
        );
    }
    out
}

/// A shop that was changed.
pub(crate) fn shop_changed(shop: &ShopView) -> String {
    format!("The shop \"{0}\" is changed. See whether it answers: presell shop test {0}\n", shop.name)
}

/// What a shop said of itself.
pub(crate) fn shop_tested(tested: &ShopTested) -> String {
    let answers = &tested.answers;
    let mark = match answers.missing_scopes.is_empty() {
        true => format!("{GOOD}✓{GOOD:#}"),
        false => format!("{BAD}✗{BAD:#}"),
    };
    let mut out = format!("{mark} {BOLD}{}{BOLD:#} answers.\n", answers.name);
    let facts = [("Plan", &answers.plan), ("Time zone", &answers.zone), ("Version", &answers.version)];
    for (name, value) in facts {
        if let Some(value) = value {
            let _ = writeln!(out, "  {DIM}{name:9}{DIM:#}  {value}");
        }
    }
    for note in &answers.notes {
        let _ = writeln!(out, "  {note}");
    }
    if !answers.missing_scopes.is_empty() {
        let _ = writeln!(
            out,
            "  The access does not suffice. Allow the app this, too, in the shop: {}",
            answers.missing_scopes.join(", ")
        );
    }
    for warning in &answers.warnings {
        let _ = writeln!(out, "  {CAUTION}!{CAUTION:#} {warning}");
    }
    out
}

/// What looking products up came to.
pub(crate) fn shop_linked(linked: &Linked, name: &str) -> String {
    let mut out = format!(
        "{} looked up: {} found, {} not in the shop, {} there several times.\n",
        count(linked.looked_for, "product"),
        number(linked.linked),
        number(linked.missing),
        number(linked.ambiguous)
    );
    if linked.missing > 0 {
        let _ = writeln!(out, "Those that are not there: presell shop show {name} --state notLinked");
    }
    if linked.ambiguous > 0 {
        let _ = writeln!(out, "Those that are there several times: presell shop show {name} --state ambiguous");
    }
    out
}

/// What a sync would do.
pub(crate) fn shop_diff(differences: &[Difference], name: &str) -> String {
    if differences.is_empty() {
        return format!(
            "Every product that is linked shows what it should. What the shop does not have: presell shop show {name} --state notLinked\n"
        );
    }
    let mut out = String::new();
    for difference in differences.iter().take(MOST) {
        let _ = writeln!(
            out,
            "{BOLD}{}{BOLD:#}  {}  {DIM}{}{DIM:#}",
            difference.sku,
            action(&difference.action),
            difference.because
        );
        for (at, operation) in difference.operations.iter().enumerate() {
            let _ = writeln!(out, "  {}. {operation}", at + 1);
        }
    }
    if differences.len() > MOST {
        let _ = writeln!(out, "… and {} more.", number((differences.len() - MOST) as u64));
    }
    let _ = writeln!(out, "\n{} to change: presell shop sync {name}", count(differences.len() as u64, "product"));
    out
}

/// What a sync did.
pub(crate) fn shop_synced(synced: &Report, name: &str, dry_run: bool) -> String {
    let mut out = String::new();
    let products = count(synced.planned, "product");
    if dry_run {
        let _ = writeln!(out, "{products} to change, {} as they should be.", number(synced.unchanged));
        out.push_str("This was a trial: nothing was sent.\n");
        if synced.planned > 0 {
            let _ = writeln!(out, "\nSee each of them with: presell shop diff {name}");
        }
        return out;
    }
    let parts = [
        (synced.confirmed, "confirmed by the shop"),
        (synced.failed, "failed"),
        (synced.unknown, "without an answer"),
        (synced.waiting, "left for later"),
    ];
    let parts: Vec<String> =
        parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{} {what}", number(*n))).collect();
    let _ = match (synced.planned, parts.is_empty()) {
        (0, true) => writeln!(out, "Nothing to send: {}.", shows(synced.unchanged)),
        _ => {
            let unchanged = number(synced.unchanged);
            writeln!(out, "{products} to change: {}; {unchanged} as they should be.", parts.join(", "))
        }
    };
    if synced.refused_before > 0 {
        let refused = count(synced.refused_before, "product");
        let _ = writeln!(
            out,
            "{refused} refused by the shop before, and not sent again: presell shop show {name} --state failed"
        );
    }
    if synced.not_linked > 0 {
        let missing = count(synced.not_linked, "product");
        let _ =
            writeln!(out, "{missing} of the lists not found in the shop: presell shop show {name} --state notLinked");
    }
    if !synced.problems.is_empty() {
        let mut rows = table(&["=Product", "=Was to", "What happened"]);
        for problem in synced.problems.iter().take(MOST) {
            rows.add_row([problem.sku.clone(), action(&problem.action).to_owned(), problem.message.clone()]);
        }
        let _ = write!(out, "\n{}", text(&rows));
        let _ = writeln!(out, "\nWhen it is put right in the shop, try again with: presell shop sync {name} --retry");
    }
    out
}

fn shows(unchanged: u64) -> String {
    match unchanged {
        0 => "nothing is listed, and nothing was".to_owned(),
        1 => "the one product shows what it should".to_owned(),
        n => format!("all {} show what they should", count(n, "product")),
    }
}

/// What somebody else changed.
pub(crate) fn shop_drift(report: &DriftReport, name: &str) -> String {
    let mut out = format!("{} read back", count(report.looked_at, "product"));
    if report.drifted.is_empty() && report.strays.is_empty() && report.gone.is_empty() {
        out.push_str(": all show what Presell wrote.\n");
        return out;
    }
    out.push_str(".\n");
    for drifted in &report.drifted {
        let _ = writeln!(out, "{CAUTION}!{CAUTION:#} {}: {}", drifted.sku, drifted.what.join("; "));
        let listing = |listing: Option<_>| listing.map_or_else(|| "not listed".to_owned(), said);
        let _ = writeln!(
            out,
            "  {DIM}written{DIM:#} {}  {DIM}wanted{DIM:#} {}  {DIM}shown{DIM:#} {}",
            listing(drifted.base),
            listing(drifted.ours),
            listing(drifted.theirs)
        );
    }
    if !report.strays.is_empty() {
        let _ = writeln!(out, "Marked, but none of ours: {}", report.strays.join(", "));
    }
    if !report.gone.is_empty() {
        let _ = writeln!(out, "Not in the shop any more: {}", report.gone.join(", "));
    }
    if !report.drifted.is_empty() {
        let _ = writeln!(out, "\nPut right what differs with: presell shop sync {name}");
    }
    out
}

/// Product by product.
pub(crate) fn shop_matrix(matrix: &Matrix, filtered: bool) -> String {
    if matrix.rows.is_empty() {
        return match filtered {
            true => "No product is like that.\n",
            false => "Nothing is on the lists, and nothing was ever written to this shop.\n",
        }
        .to_owned();
    }
    let mut rows = table(&["=Product", "=State", "Should show", "Shows", "=Sells at zero", "Why"]);
    for row in &matrix.rows {
        let listing = |listing: &Option<presell_shops::model::Listing>| {
            listing.as_ref().map_or_else(
                || "—".to_owned(),
                |l| format!("{} {}, {} pcs", class(l.class), date(l.promise_date), number(l.cap.unsigned_abs())),
            )
        };
        let sells = row.sells.map_or("not known", |sells| if sells { "yes" } else { "no" });
        rows.add_row([
            row.sku.clone(),
            state(&row.state).to_owned(),
            listing(&row.expected),
            listing(&row.observed),
            sells.to_owned(),
            row.reason.clone().unwrap_or_default(),
        ]);
    }
    let counts: Vec<String> =
        matrix.states.iter().map(|s| format!("{} {}", number(s.count.unsigned_abs()), state(&s.state))).collect();
    let mut out = format!("{}\n{}.\n", text(&rows), counts.join(", "));
    let more = matrix.total - i64::try_from(matrix.rows.len()).unwrap_or(0);
    if more > 0 {
        let _ = writeln!(out, "{} more: raise --limit or narrow with --search.", number(more.unsigned_abs()));
    }
    out
}

fn place(shop: &ShopView) -> String {
    match shop.platform {
        Platform::Demo => "on this computer".to_owned(),
        Platform::Shopify | Platform::File => shop.address.clone(),
    }
}

fn platform(platform: Platform) -> &'static str {
    match platform {
        Platform::Shopify => "Shopify",
        Platform::Demo => "demo shop",
        Platform::File => "files",
    }
}

pub(super) fn standing(platform: Platform, state: ShopState) -> &'static str {
    match state {
        ShopState::Blocked if platform == Platform::File => "not usable",
        ShopState::New => "not tested yet",
        ShopState::Connected => "connected",
        ShopState::Disconnected => "disconnected",
        ShopState::Blocked => "closed",
    }
}

pub(super) fn state(state: &str) -> &str {
    match state {
        "notListed" => "not listed",
        "pending" => "waiting",
        "drifted" => "changed by others",
        "notLinked" => "not in the shop",
        "ambiguous" => "there several times",
        "unknown" => "not known",
        other => other,
    }
}

fn action(action: &str) -> &str {
    match action {
        "delist" => "take off",
        "tags" => "set tags",
        other => other,
    }
}
