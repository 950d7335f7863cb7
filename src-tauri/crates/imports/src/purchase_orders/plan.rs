//! What the rows of one purchase order mean for what is known of it. Pure: rows and known lines in, changes out.

use presell_catalog::rules::Status;
use rustc_hash::{FxHashMap, FxHashSet};

use super::known::{Head, KnownLine, KnownOrder};
use super::rows::{OrderRow, Rows};
use crate::findings::Findings;
use crate::problem::{Check, Problem, Severity};
use crate::request::{Difference, Known};

/// A row with the keys of what it names; a product, facility or store that is still to be added has none.
#[derive(Clone, Debug)]
pub(crate) struct Resolved<'a> {
    pub(crate) row: &'a OrderRow,
    pub(crate) product: Option<i64>,
    pub(crate) facility: Option<i64>,
    pub(crate) store: Option<i64>,
}

/// What to write for one order.
#[derive(Debug)]
pub(crate) struct OrderPlan<'a> {
    pub(crate) code: &'a str,
    /// As it stands; none if the order is new.
    pub(crate) known: Option<Head>,
    pub(crate) status: Status,
    pub(crate) store: Option<i64>,
    /// New lines: the row and its line number.
    pub(crate) new: Vec<(Resolved<'a>, i64)>,
    pub(crate) changed: Vec<Changed<'a>>,
    /// Products of all its lines, if the order itself changes.
    pub(crate) all_products: Vec<i64>,
    pub(crate) unchanged_rows: u64,
    pub(crate) changed_rows: u64,
    pub(crate) differences: Vec<Difference>,
}

/// A known line that changes.
#[derive(Debug)]
pub(crate) struct Changed<'a> {
    pub(crate) before: KnownLine,
    pub(crate) after: KnownLine,
    /// The row that changes it, whose product or facility may still have to be added; none if the file leaves the line out.
    pub(crate) row: Option<&'a OrderRow>,
}

impl OrderPlan<'_> {
    /// Whether the order itself, not only its lines, is new or changes.
    pub(crate) fn head_changes(&self) -> bool {
        self.known.as_ref().is_none_or(|head| head.status != self.status || head.store != self.store)
    }
}

/// Plans one order. Rows that are wrong or wait for a confirmation become findings and are left out.
pub(crate) fn plan<'a>(
    names: &'a Rows,
    code: &'a str,
    rows: Vec<Resolved<'a>>,
    known: Option<KnownOrder>,
    mode: Known,
    findings: &mut Findings,
) -> OrderPlan<'a> {
    let head = known.as_ref().map(|k| k.head.clone());
    let mut plan = OrderPlan {
        code,
        status: head.as_ref().map_or(Status::Created, |h| h.status),
        store: head.as_ref().and_then(|h| h.store),
        known: head,
        new: Vec::new(),
        changed: Vec::new(),
        all_products: Vec::new(),
        unchanged_rows: 0,
        changed_rows: 0,
        differences: Vec::new(),
    };
    let lines = known.map(|k| k.lines).unwrap_or_default();
    let untouched = mode == Known::Skip || mode == Known::Append;
    if plan.known.is_some() && mode == Known::Skip {
        for row in &rows {
            findings.note(
                Check::V9,
                u64::from(row.row.row),
                "The purchase order is known already and was left as it is.",
            );
        }
        for row in &rows {
            findings.unchanged(u64::from(row.row.row));
        }
        plan.unchanged_rows = rows.len() as u64;
        return plan;
    }
    let Some(rows) = agreed(rows, code, findings) else { return plan };
    differing_flags(&rows, findings);
    head_status(&mut plan, &rows, untouched, findings);
    let assigned = assign(&mut plan, names, rows, &lines, findings);
    let mut matched = FxHashSet::default();
    for (row, known) in assigned {
        matched.insert(known.id);
        if untouched {
            plan.unchanged_rows += 1;
            findings.unchanged(u64::from(row.row.row));
            findings.note(Check::V9, u64::from(row.row.row), "The line is known already and was left as it is.");
        } else {
            compare(&mut plan, names, &row, known, findings);
        }
    }
    if mode == Known::Replace {
        cancel_missing(&mut plan, &lines, &matched, findings);
    }
    partly_cancelled(&plan, &lines, findings);
    plan.new.retain(|(row, _)| findings.out(u64::from(row.row.row)).is_none());
    if plan.head_changes() && plan.known.is_some() {
        plan.all_products = lines.iter().map(|l| l.product).collect();
    }
    plan
}

/// V11: the rows of one order must agree on its status and store.
fn agreed<'a>(rows: Vec<Resolved<'a>>, code: &str, findings: &mut Findings) -> Option<Vec<Resolved<'a>>> {
    let statuses: FxHashSet<Status> = rows.iter().filter_map(|r| r.row.status).collect();
    let stores: FxHashSet<i64> = rows.iter().filter_map(|r| r.store).collect();
    let what = match (statuses.len() > 1, stores.len() > 1) {
        (false, false) => return Some(rows),
        (true, _) => "status",
        (false, true) => "store",
    };
    let message = format!(
        "The rows of purchase order {code} name different values for its {what}. Give all of them the same one."
    );
    for row in rows {
        findings.add(Problem::refused(Check::V11, u64::from(row.row.row), message.clone()).with_value(code));
    }
    None
}

/// V12: lines of one product that are to come, some as new style and some not.
fn differing_flags(rows: &[Resolved<'_>], findings: &mut Findings) {
    let mut flags: FxHashMap<_, bool> = FxHashMap::default();
    for row in rows.iter().filter(|r| r.row.line_status.is_none_or(Status::is_open)) {
        let Some(flag) = row.row.is_new else { continue };
        if *flags.entry(row.row.sku).or_insert(flag) != flag {
            let what = "The new-style flag differs between lines of one product; the line with the earliest date decides its list.";
            findings.note(Check::V12, u64::from(row.row.row), what);
        }
    }
}

/// The order's own status and store. A change of a known order asks.
fn head_status(plan: &mut OrderPlan<'_>, rows: &[Resolved<'_>], untouched: bool, findings: &mut Findings) {
    let given = rows.iter().find_map(|r| r.row.status.map(|s| (s, r.row.row)));
    let store = rows.iter().find_map(|r| r.store.map(|s| (s, r.row.row)));
    let Some(head) = &plan.known else {
        plan.status = given.map_or(Status::Created, |g| g.0);
        plan.store = store.map(|s| s.0);
        return;
    };
    if untouched {
        return;
    }
    if let Some((status, row)) = given.filter(|(status, _)| *status != head.status) {
        let fields = vec![("status", head.status.to_string(), status.to_string())];
        if ask_for_change(findings, row, &format!("Purchase order {}", plan.code), &fields) {
            plan.status = status;
        }
        plan.differences.push(Difference { row: Some(u64::from(row)), subject: plan.code.to_owned(), fields });
    }
    if let Some((store, row)) = store.filter(|(store, _)| Some(*store) != head.store) {
        let old = head.store.map_or_else(|| "every store".to_owned(), |s| format!("store {s}"));
        let fields = vec![("store", old, format!("store {store}"))];
        if ask_for_change(findings, row, &format!("Purchase order {}", plan.code), &fields) {
            plan.store = Some(store);
        }
        plan.differences.push(Difference { row: Some(u64::from(row)), subject: plan.code.to_owned(), fields });
    }
}

/// V11: a new line that comes cancelled into an order with open ones may be a slip of the export.
fn partly_cancelled(plan: &OrderPlan<'_>, lines: &[KnownLine], findings: &mut Findings) {
    let cancelled = |row: &OrderRow| row.line_status == Some(Status::Cancelled);
    let open = plan.new.iter().any(|(row, _)| !cancelled(row.row)) || lines.iter().any(|line| line.status.is_open());
    if !open || !plan.status.is_open() {
        return;
    }
    for (row, _) in plan.new.iter().filter(|(row, _)| cancelled(row.row)) {
        let message = format!(
            "This line is cancelled while others of purchase order {} are open. Confirm that it is so.",
            plan.code
        );
        findings.add(Problem::asks(Check::V11, message).at_row(u64::from(row.row.row)));
    }
}

/// V9: what is known changes only after a confirmation. Returns whether it may.
fn ask_for_change(findings: &mut Findings, row: u32, subject: &str, fields: &[(&'static str, String, String)]) -> bool {
    let changes: Vec<String> = fields.iter().map(|(field, old, new)| format!("{field} {old} → {new}")).collect();
    let message =
        format!("{subject} is known already; the file changes {}. Confirm to take the change.", changes.join(", "));
    findings.add(Problem::asks(Check::V9, message).at_row(u64::from(row)))
}

/// Gives each row its line: by number; else by product and facility (several: by date, then in order); else a new one.
/// Returns the rows that have a known line; new ones go into the plan.
fn assign<'a>(
    plan: &mut OrderPlan<'a>,
    names: &'a Rows,
    rows: Vec<Resolved<'a>>,
    lines: &[KnownLine],
    findings: &mut Findings,
) -> Vec<(Resolved<'a>, KnownLine)> {
    let mut numbers: FxHashMap<i64, u32> = FxHashMap::default();
    let mut known = Vec::new();
    let mut free: Vec<Option<&KnownLine>> = lines.iter().map(Some).collect();
    let (numbered, unnumbered): (Vec<_>, Vec<_>) = rows.into_iter().partition(|r| r.row.line_no.is_some());
    for row in numbered {
        let number = row.row.line_no.unwrap_or_default();
        if let Some(first) = numbers.insert(number, row.row.row) {
            numbers.insert(number, first);
            let message = format!(
                "Line {number} of purchase order {} stands in row {first} already. Remove one of the two.",
                plan.code
            );
            findings.add(Problem::refused(Check::V8, u64::from(row.row.row), message));
            continue;
        }
        match free.iter_mut().find(|l| l.is_some_and(|l| l.line_no == number)).and_then(Option::take) {
            Some(line) => known.push((row, line.clone())),
            None => plan.new.push((row, number)),
        }
    }
    let mut next = lines.iter().map(|l| l.line_no).chain(numbers.keys().copied()).max().unwrap_or(0) + 1;
    let mut seen: FxHashMap<_, u32> = FxHashMap::default();
    for row in unnumbered {
        let same = |l: &KnownLine| Some(l.product) == row.product && Some(l.facility) == row.facility;
        let by_date = free.iter().position(|l| l.is_some_and(|l| same(l) && l.arrival == Some(row.row.arrival)));
        let place = by_date.or_else(|| free.iter().position(|l| l.is_some_and(same)));
        let twin = seen.insert((row.row.sku, row.row.facility, row.row.arrival), row.row.row);
        match place.and_then(|place| free[place].take()) {
            Some(line) => known.push((row, line.clone())),
            None => {
                if let Some(first) = twin {
                    let message = format!(
                        "{} stands twice in purchase order {} for the same facility and date (row {first} too). Confirm to keep both as two lines, or remove one.",
                        names.skus.get(row.row.sku),
                        plan.code
                    );
                    if !findings.add(Problem::asks(Check::V8, message).at_row(u64::from(row.row.row))) {
                        continue;
                    }
                }
                plan.new.push((row, next));
                next += 1;
            }
        }
    }
    known
}

/// Compares a row with its known line; a difference asks (V9), and asks twice where it is dangerous (V10).
fn compare<'a>(plan: &mut OrderPlan<'a>, names: &Rows, row: &Resolved<'a>, known: KnownLine, findings: &mut Findings) {
    let at = u64::from(row.row.row);
    let subject = format!("{} line {}", plan.code, known.line_no);
    let after = merged(&known, names, row);
    let fields = differences(&known, &after);
    if fields.is_empty() {
        if findings.out(at).is_none() {
            plan.unchanged_rows += 1;
            findings.unchanged(at);
        }
        return;
    }
    plan.differences.push(Difference { row: Some(at), subject: subject.clone(), fields: fields.clone() });
    if after.sku != known.sku && (known.allocated > 0 || known.received > 0) {
        let message = format!(
            "{subject} brings {} and has been received or pre-sold; it cannot become {}. Add a new line instead.",
            known.sku, after.sku
        );
        findings.add(Problem::refused(Check::V10, at, message));
        return;
    }
    let mut taken = ask_for_change(findings, row.row.row, &subject, &fields);
    let promised = after.received + after.allocated;
    if after.ordered < known.ordered && after.ordered - after.cancelled < promised {
        let message = format!(
            "{subject}: {} pieces are fewer than the {} received and {} promised to customers. Confirm to take the lower quantity; the rest is shown as oversold.",
            after.ordered, after.received, after.allocated
        );
        taken &= findings.add(Problem::asks(Check::V10, message).at_row(at));
    }
    let closed = |s: Status| !s.is_open();
    let was_closed = closed(known.status) || plan.known.as_ref().is_some_and(|h| closed(h.status));
    if was_closed {
        let message = format!(
            "{subject} is closed ({}); the file changes it all the same. Confirm to take the change.",
            known.status
        );
        taken &= findings.add(Problem::asks(Check::V10, message).at_row(at));
    }
    if taken && findings.out(at).is_none() {
        plan.changed_rows += 1;
        plan.changed.push(Changed { before: known, after, row: Some(row.row) });
    }
}

/// The known line with everything that the row says.
fn merged(known: &KnownLine, names: &Rows, row: &Resolved<'_>) -> KnownLine {
    let r = row.row;
    let or = |new: Option<i32>, old: i64| new.map_or(old, i64::from);
    KnownLine {
        product: row.product.unwrap_or(known.product),
        sku: if row.product == Some(known.product) { known.sku.clone() } else { names.skus.get(r.sku).to_owned() },
        facility: row.facility.unwrap_or(known.facility),
        facility_code: names.facilities.get(r.facility).to_owned(),
        status: r.line_status.unwrap_or(known.status),
        is_new: r.is_new.unwrap_or(known.is_new),
        ordered: i64::from(r.quantity),
        received: or(r.received, known.received),
        cancelled: or(r.cancelled, known.cancelled),
        buffer: or(r.buffer, known.buffer),
        arrival: Some(r.arrival),
        buffer_days: r.buffer_days.map_or(known.buffer_days, i64::from),
        ..known.clone()
    }
}

/// Every field that differs: its name, the old value, the new value.
pub(crate) fn differences(a: &KnownLine, b: &KnownLine) -> Vec<(&'static str, String, String)> {
    let date = |d: Option<chrono::NaiveDate>| d.map_or_else(|| "none".to_owned(), |d| d.to_string());
    let flag = |f: bool| if f { "Y" } else { "N" }.to_owned();
    [
        ("sku", a.sku.clone(), b.sku.clone()),
        ("facility", a.facility_code.clone(), b.facility_code.clone()),
        ("status", a.status.to_string(), b.status.to_string()),
        ("is_new", flag(a.is_new), flag(b.is_new)),
        ("quantity", a.ordered.to_string(), b.ordered.to_string()),
        ("received", a.received.to_string(), b.received.to_string()),
        ("cancelled", a.cancelled.to_string(), b.cancelled.to_string()),
        ("buffer", a.buffer.to_string(), b.buffer.to_string()),
        ("arrival_date", date(a.arrival), date(b.arrival)),
        ("buffer_days", a.buffer_days.to_string(), b.buffer_days.to_string()),
    ]
    .into_iter()
    .filter(|(_, old, new)| old != new)
    .collect()
}

/// With "replace", open lines that the file leaves out are cancelled, after a confirmation.
fn cancel_missing(plan: &mut OrderPlan<'_>, lines: &[KnownLine], matched: &FxHashSet<i64>, findings: &mut Findings) {
    for line in lines.iter().filter(|l| l.status.is_open() && !matched.contains(&l.id)) {
        let subject = format!("{} line {}", plan.code, line.line_no);
        let fields = vec![("status", line.status.to_string(), Status::Cancelled.to_string())];
        plan.differences.push(Difference { row: None, subject: subject.clone(), fields });
        let message = format!("{subject} ({}) is missing in the file. Confirm to cancel it.", line.sku);
        if findings.add(Problem::new(Check::V9, Severity::Asks, message)) {
            let after = KnownLine { status: Status::Cancelled, ..line.clone() };
            plan.changed.push(Changed { before: line.clone(), after, row: None });
        }
    }
}
