//! Why a product is listed or not: the decision, the stock, every line with its checks, and what happened before.

use std::fmt::Write;

use chrono_tz::Tz;
use presell_catalog::rules::{LeftOut, Term};
use presell_catalog::why::{Answer, LineWhy, Past, StockWhy, Why};
use presell_commands::Explained;

use super::in_shops::in_shops;
use super::words::{class, count, date, moment, number};
use crate::output::{BAD, BOLD, DIM, GOOD};

/// The whole answer.
pub(crate) fn why(explained: &Explained, zone: Tz) -> String {
    let why = &explained.why;
    let title = if why.title.is_empty() { String::new() } else { format!(" · {}", why.title) };
    let mut out = format!("{BOLD}{}{BOLD:#}{title}\n", why.sku);
    decision(&mut out, why);
    stock(&mut out, &why.stock, zone, matches!(why.decision, Answer::Listed));
    if why.lines.is_empty() {
        let _ = writeln!(out, "\n{BOLD}Purchase orders{BOLD:#}\n  None brings this product.");
    } else {
        let _ = writeln!(
            out,
            "\n{BOLD}Purchase order lines{BOLD:#} {DIM}(the first that passes every check counts){DIM:#}"
        );
        why.lines.iter().for_each(|l| line(&mut out, l));
    }
    in_shops(&mut out, &explained.shops, zone);
    history(&mut out, &why.history, zone);
    out
}

fn decision(out: &mut String, why: &Why) {
    let day = why.promise_date.map(date).unwrap_or_default();
    let order = why.purchase_order.as_deref().unwrap_or_default();
    let _ = match (why.decision, why.category) {
        (Answer::Listed, Some(list)) => {
            writeln!(out, "{GOOD}✓{GOOD:#} Can be sold as a {}, promised for {day} from {order}.", class(list))
        }
        (Answer::Listed, None) => writeln!(out, "{GOOD}✓{GOOD:#} Can be pre-sold."),
        (Answer::NotListed, _) => writeln!(out, "{BAD}✗{BAD:#} Cannot be pre-sold."),
        (Answer::Undetermined, _) => writeln!(out, "{BAD}?{BAD:#} Undetermined, so nothing is changed."),
    };
    for code in &why.reasons {
        let _ = writeln!(out, "  {} {DIM}{code}{DIM:#}", code.explain());
    }
    let now = match &why.listed_now {
        Some(p) => format!(
            "Now in the {} list, promised for {}, {} on offer",
            class(p.category),
            date(p.promise_date),
            count(p.cap.unsigned_abs(), "piece")
        ),
        None => "Now in neither list".to_owned(),
    };
    let next = match why.next_change {
        "ADD" => "; the next refresh adds it",
        "MOVE" => "; the next refresh moves it to the other list",
        "UPDATE" => "; the next refresh brings date and pieces up to date",
        "REMOVE" => "; the next refresh takes it off",
        _ => "; the next refresh leaves it so",
    };
    let _ = writeln!(out, "  {now}{next}.");
}

fn stock(out: &mut String, stock: &StockWhy, zone: Tz, listed: bool) {
    let _ = writeln!(out, "\n{BOLD}Stock{BOLD:#}");
    let _ = match stock.online_atp {
        Some(n) => {
            writeln!(out, "  The web shop can sell {}: {}.", count(n.unsigned_abs(), "piece"), sum(&stock.terms))
        }
        None if listed => {
            let rule = "By the setting unknown_stock_policy this counts as sold out here.";
            writeln!(out, "  Unknown: no facility has a usable record. {rule}")
        }
        None => writeln!(out, "  Unknown: no facility has a usable record. Unknown is not zero."),
    };
    for f in &stock.facilities {
        let as_of = f.as_of.map_or_else(String::new, |at| format!(", counted {}", moment(at, zone)));
        let left_out = match f.left_out {
            None | Some(LeftOut::NoRecord) => String::new(),
            Some(left_out) => format!(" – {}", left_out.explain()),
        };
        let pieces = f.atp.map_or_else(|| "no record".to_owned(), |atp| format!("{atp}{as_of}"));
        let _ = writeln!(out, "  {}: {pieces}{left_out}", f.facility);
    }
}

/// `120 ordered from the supplier − 20 kept back as order buffer`; terms of 0 are left out.
fn sum(terms: &[Term]) -> String {
    let mut text = String::new();
    for (i, term) in terms.iter().enumerate().filter(|(i, term)| *i == 0 || term.value != 0) {
        let sign = match (i, term.value < 0) {
            (0, true) => "−",
            (0, false) => "",
            (_, true) => " − ",
            (_, false) => " + ",
        };
        let _ = write!(text, "{sign}{} {}", number(term.value.unsigned_abs()), term.name.explain());
    }
    text
}

fn line(out: &mut String, l: &LineWhy) {
    let (mark, what) = match (l.active, l.qualifies) {
        (true, _) => (format!("{GOOD}►{GOOD:#}"), "this one counts"),
        (false, true) => (format!("{GOOD}✓{GOOD:#}"), "could take over"),
        (false, false) => (format!("{BAD}✗{BAD:#}"), "does not qualify"),
    };
    let style = if l.is_new { "new style" } else { "known product" };
    let _ =
        writeln!(out, "  {mark} {BOLD}{} line {}{BOLD:#} to {}, {style}: {what}", l.purchase_order, l.line, l.facility);
    for check in &l.checks {
        let mark = if check.passed { format!("{GOOD}✓{GOOD:#}") } else { format!("{BAD}✗{BAD:#}") };
        let needs = if check.passed { String::new() } else { format!(" – needs {}", check.needs) };
        let _ = writeln!(out, "      {mark} {:<27} {}{needs}", check.check.explain(), check.value);
        if !check.passed {
            let _ = writeln!(out, "        {} {DIM}{}{DIM:#}", check.code.explain(), check.code);
        }
    }
    let _ = writeln!(out, "        {DIM}{} = {}{DIM:#}", sum(&l.terms), number(l.po_atp.unsigned_abs()));
    if l.oversold > 0 {
        let _ = writeln!(
            out,
            "      {BAD}!{BAD:#} {} promised beyond what will come",
            count(l.oversold.unsigned_abs(), "piece")
        );
    }
}

fn history(out: &mut String, history: &[Past], zone: Tz) {
    if history.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{BOLD}History{BOLD:#}");
    for past in history {
        let list = past.category.map(class).unwrap_or_default();
        let what = match past.change.as_str() {
            "ADD" => format!("added as {list}"),
            "MOVE" => format!("moved to {list}"),
            "UPDATE" => format!("updated as {list}"),
            "REMOVE" => "taken off the list".to_owned(),
            other => other.to_owned(),
        };
        let _ = write!(out, "  {}  {what}", moment(past.at, zone));
        if past.change == "REMOVE" {
            let why: Vec<&str> = past.reasons.iter().map(|code| code.explain()).collect();
            let _ = writeln!(out, ". {}", why.join(" "));
            continue;
        }
        let order = past.purchase_order.as_deref().unwrap_or_default();
        let line = past.line.map_or_else(String::new, |line| format!(" line {line}"));
        let day = past.promise_date.map(date).unwrap_or_default();
        let pieces = past.cap.map_or_else(String::new, |cap| format!(", {}", count(cap.unsigned_abs(), "piece")));
        let _ = writeln!(out, ", promised for {day} from {order}{line}{pieces}");
    }
}

#[cfg(test)]
mod tests {
    use presell_catalog::rules::TermName;

    use super::*;

    #[test]
    fn a_sum_shows_each_term_with_its_sign_and_leaves_out_zeros() {
        let term = |name, value| Term { name, value };
        let terms = [term(TermName::Ordered, 120), term(TermName::Received, 0), term(TermName::Buffer, -20)];
        assert_eq!(sum(&terms), "120 ordered from the supplier − 20 kept back as order buffer");
        assert_eq!(
            sum(&[term(TermName::Stock, -1), term(TermName::Floor, 1)]).chars().next(),
            Some('−'),
            "a negative start keeps its sign"
        );
    }
}
