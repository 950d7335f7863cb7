//! Pieces: whole numbers, however a locale groups their digits. What a lone mark means is decided over the whole
//! column: [`NumberFormat::observe`] every cell first, then parse. Never rounds and never guesses a fraction away.

use super::{FieldError, trimmed};
use crate::problem::{Check, Problem};
use thiserror::Error;

/// Largest quantity that is believed, in pieces.
pub const MAX: i64 = 1_000_000;

/// Why a cell is no quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum QuantityError {
    /// An empty cell is unknown, not zero.
    #[error("The quantity is empty. Write a number of pieces; an empty cell is not read as zero.")]
    Empty,
    /// Letters, several signs, broken digit groups.
    #[error("This is not a number of pieces. Write digits only, for example 1234.")]
    NotANumber,
    /// 1.5 pieces.
    #[error("A quantity is a whole number of pieces; this has a fraction.")]
    Fraction,
    /// Less than nothing.
    #[error("The quantity is negative. Write the pieces ordered; put cancelled pieces into their own column.")]
    Negative,
    /// More than a million.
    #[error("The quantity is above 1,000,000, which is more likely a mistake. Split the line if it is real.")]
    TooLarge,
    /// The column writes fractions in two ways.
    #[error(
        "The column writes numbers in two ways, so this one could be read as thousands or as a fraction. Write it without thousands marks."
    )]
    Unclear,
}

impl FieldError for QuantityError {
    fn check(&self) -> Check {
        Check::V5
    }
}

/// What the cells of one column say about their decimal mark.
///
/// Cells that show it (`12,00`, `1.234,5`, `1,234,567`) decide for those that do not (`1,234`). Without any such cell a
/// mark before three digits groups thousands, since a thousandth of a piece makes no sense.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NumberFormat {
    comma_is_decimal: u32,
    point_is_decimal: u32,
    grouped: u32,
    round_thousands: u32,
}

/// What the column turned out to use before the fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Decimal {
    Comma,
    Point,
    NeverSeen,
    Mixed,
}

impl NumberFormat {
    /// Takes one cell of the column as evidence.
    pub fn observe(&mut self, cell: &str) {
        if cell.bytes().all(|b| b.is_ascii_digit()) {
            return;
        }
        let Some(number) = Anatomy::of(trimmed(cell)) else { return };
        match number.evidence() {
            Some(b',') => self.comma_is_decimal += 1,
            Some(_) => self.point_is_decimal += 1,
            None if number.commas + number.points == 1 && number.ends_in_000 => self.round_thousands += 1,
            None if number.commas + number.points == 1 => self.grouped += 1,
            None => {}
        }
    }

    /// Takes a person's word for it.
    pub fn decide(&mut self, comma_is_decimal: bool) {
        *self = NumberFormat {
            comma_is_decimal: comma_is_decimal.into(),
            point_is_decimal: (!comma_is_decimal).into(),
            ..NumberFormat::default()
        };
    }

    /// Whether a comma stands before the fraction, if the cells show it.
    pub fn shown(&self) -> Option<bool> {
        match self.decimal() {
            Decimal::Comma => Some(true),
            Decimal::Point => Some(false),
            Decimal::NeverSeen | Decimal::Mixed => None,
        }
    }

    /// Pieces from 0 to 1,000,000.
    ///
    /// # Errors
    /// Empty, no number, a fraction, negative, or above 1,000,000.
    pub fn quantity(&self, cell: &str) -> Result<i64, QuantityError> {
        match self.signed(cell)? {
            n if n < 0 => Err(QuantityError::Negative),
            n => Ok(n),
        }
    }

    /// Pieces from −1,000,000 to 1,000,000, for stock, where a negative count is a fact.
    ///
    /// # Errors
    /// Empty, no number, a fraction, or beyond a million.
    pub fn signed(&self, cell: &str) -> Result<i64, QuantityError> {
        let bytes = cell.as_bytes();
        if !bytes.is_empty() && bytes.len() <= 6 && bytes.iter().all(u8::is_ascii_digit) {
            return Ok(bytes.iter().fold(0, |n, digit| n * 10 + i64::from(digit - b'0')));
        }
        let cell = trimmed(cell);
        if cell.is_empty() {
            return Err(QuantityError::Empty);
        }
        let number = Anatomy::of(cell).ok_or(QuantityError::NotANumber)?;
        let decimal = match self.decimal() {
            _ if number.commas + number.points == 0 => b'.',
            Decimal::Comma => b',',
            Decimal::Point => b'.',
            Decimal::Mixed => number.evidence().ok_or(QuantityError::Unclear)?,
            Decimal::NeverSeen if number.commas > 0 => b'.',
            Decimal::NeverSeen => number.evidence().unwrap_or(b','),
        };
        let whole = number.read(cell, decimal)?;
        Ok(if number.negative { -whole } else { whole })
    }

    /// A question for the person, where every marked number could be thousands or a number with three zero decimals.
    pub fn asks(&self, column: &str) -> Option<Problem> {
        let open = self.decimal() == Decimal::NeverSeen && self.grouped == 0 && self.round_thousands > 0;
        open.then(|| {
            Problem::asks(
                Check::V5,
                "Numbers such as 1,000 or 1.000 in this column were read as one thousand. If they mean one piece with three decimals, export the column without decimals.",
            )
            .in_column(column)
        })
    }

    fn decimal(&self) -> Decimal {
        match (self.comma_is_decimal, self.point_is_decimal) {
            (0, 0) => Decimal::NeverSeen,
            (_, 0) => Decimal::Comma,
            (0, _) => Decimal::Point,
            _ => Decimal::Mixed,
        }
    }
}

/// The marks of one number.
struct Anatomy {
    negative: bool,
    commas: u32,
    points: u32,
    other_groups: u32,
    last_mark: u8,
    digits_before: usize,
    leading_zero: bool,
    digits_after: usize,
    ends_in_000: bool,
}

impl Anatomy {
    /// `None` where the cell is no number at all.
    fn of(cell: &str) -> Option<Self> {
        let (body, negative) = unsigned(cell);
        let mut found = Self {
            negative,
            commas: 0,
            points: 0,
            other_groups: 0,
            last_mark: 0,
            digits_before: 0,
            leading_zero: body.starts_with('0'),
            digits_after: 0,
            ends_in_000: body.ends_with("000"),
        };
        for c in body.chars() {
            match c {
                '0'..='9' if found.last_mark == 0 => found.digits_before += 1,
                '0'..='9' => found.digits_after += 1,
                ',' | '.' => {
                    found.commas += u32::from(c == ',');
                    found.points += u32::from(c == '.');
                    found.last_mark = c as u8;
                    found.digits_after = 0;
                }
                _ if is_group_mark(c) => {
                    found.other_groups += 1;
                    found.last_mark = b' ';
                    found.digits_after = 0;
                }
                _ => return None,
            }
        }
        let complete =
            body.ends_with(|c: char| c.is_ascii_digit()) && (found.digits_before > 0 || found.digits_after > 0);
        complete.then_some(found)
    }

    /// The decimal mark this number shows on its own, if it does.
    fn evidence(&self) -> Option<u8> {
        let other = |mark| if mark == b',' { b'.' } else { b',' };
        match (self.commas, self.points) {
            (0, 0) => None,
            (1.., 1..) => Some(self.last_mark).filter(|mark| *mark != b' '),
            (2.., 0) => Some(other(b',')),
            (0, 2..) => Some(other(b'.')),
            (commas, _) => {
                let mark = if commas == 1 { b',' } else { b'.' };
                let cannot_group =
                    self.digits_after != 3 || self.digits_before > 3 || self.digits_before == 0 || self.leading_zero;
                (cannot_group || self.other_groups > 0).then_some(mark)
            }
        }
    }

    /// The whole number, given the decimal mark; every group before it must hold three digits.
    fn read(&self, cell: &str, decimal: u8) -> Result<i64, QuantityError> {
        let (body, _) = unsigned(cell);
        let (whole, fraction) = body.split_once(char::from(decimal)).unwrap_or((body, ""));
        if !fraction.bytes().all(|b| b.is_ascii_digit()) {
            return Err(QuantityError::NotANumber);
        }
        let mut value: i64 = 0;
        let mut group = 0;
        let mut groups = 0;
        for c in whole.chars() {
            if let Some(digit) = c.to_digit(10) {
                value = value.saturating_mul(10).saturating_add(i64::from(digit));
                group += 1;
            } else {
                let first = groups == 0 && (1..=3).contains(&group);
                if !(first || groups > 0 && group == 3) {
                    return Err(QuantityError::NotANumber);
                }
                groups += 1;
                group = 0;
            }
        }
        match () {
            () if groups > 0 && group != 3 => Err(QuantityError::NotANumber),
            () if fraction.bytes().any(|b| b != b'0') => Err(QuantityError::Fraction),
            () if value > MAX => Err(QuantityError::TooLarge),
            () => Ok(value),
        }
    }
}

/// The number without its sign: `-5`, `−5`, `5-` and `(5)` are negative.
fn unsigned(cell: &str) -> (&str, bool) {
    if let Some(body) = cell.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        return (body, true);
    }
    if let Some(body) = cell.strip_prefix(['-', '−']).or_else(|| cell.strip_suffix('-')) {
        return (trimmed(body), true);
    }
    (cell.strip_prefix('+').unwrap_or(cell), false)
}

fn is_group_mark(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}' | '\'' | '\u{2019}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    fn column(cells: &[&str]) -> NumberFormat {
        let mut format = NumberFormat::default();
        cells.iter().for_each(|cell| format.observe(cell));
        format
    }

    #[rstest]
    #[case("120", 120)]
    #[case(" 120 ", 120)]
    #[case("+5", 5)]
    #[case("0", 0)]
    #[case("007", 7)]
    #[case("1,234", 1234)]
    #[case("1.234", 1234)]
    #[case("1 234", 1234)]
    #[case("1\u{a0}234", 1234)]
    #[case("1'234", 1234)]
    #[case("1’234", 1234)]
    #[case("12,00", 12)]
    #[case("12.00", 12)]
    #[case("1.234,00", 1234)]
    #[case("1,234.00", 1234)]
    #[case("1,000,000", 1_000_000)]
    #[case("1'234.000", 1234)]
    #[case("3.000000", 3)]
    fn a_number_of_any_locale_is_read(#[case] cell: &str, #[case] pieces: i64) {
        assert_eq!(column(&[cell]).quantity(cell), Ok(pieces));
    }

    #[rstest]
    #[case("", QuantityError::Empty)]
    #[case("  ", QuantityError::Empty)]
    #[case("twelve", QuantityError::NotANumber)]
    #[case("12 pcs", QuantityError::NotANumber)]
    #[case("1E3", QuantityError::NotANumber)]
    #[case("1,23,456", QuantityError::NotANumber)]
    #[case(".", QuantityError::NotANumber)]
    #[case("--5", QuantityError::NotANumber)]
    #[case("1.5", QuantityError::Fraction)]
    #[case("0,125", QuantityError::Fraction)]
    #[case("-5", QuantityError::Negative)]
    #[case("(5)", QuantityError::Negative)]
    #[case("5-", QuantityError::Negative)]
    #[case("1000001", QuantityError::TooLarge)]
    #[case("99999999999999999999999", QuantityError::TooLarge)]
    fn what_is_no_whole_number_of_pieces_is_refused(#[case] cell: &str, #[case] error: QuantityError) {
        assert_eq!(column(&[cell]).quantity(cell), Err(error));
        assert_eq!(error.check(), Check::V5);
    }

    #[test]
    fn the_column_decides_what_a_lone_mark_means() {
        let german = column(&["1.234", "12,00"]);
        assert_eq!(german.quantity("1.234"), Ok(1234), "a decimal comma elsewhere makes the point a thousands mark");
        assert_eq!(german.quantity("1,234"), Err(QuantityError::Fraction));
        let american = column(&["1,234", "12.00"]);
        assert_eq!(american.quantity("1,234"), Ok(1234));
        assert_eq!(american.quantity("1.234"), Err(QuantityError::Fraction));
        let both = column(&["12,00", "12.00"]);
        assert_eq!(both.quantity("1,234"), Err(QuantityError::Unclear), "a column of two habits is not guessed");
        assert_eq!(both.quantity("12,00"), Ok(12));
    }

    #[test]
    fn three_zeros_after_every_mark_ask_whether_they_are_decimals() {
        assert!(column(&["1.000", "2.000"]).asks("Qty").is_some(), "1.000 may be one piece with three decimals");
        assert!(
            column(&["1.000", "1.250"]).asks("Qty").is_none(),
            "a quarter piece makes no sense, so they are thousands"
        );
        assert!(column(&["1.000", "0.000"]).asks("Qty").is_none(), "0.000 shows that the point is a decimal mark");
        assert_eq!(column(&["1.000", "0.000"]).quantity("1.000"), Ok(1));
        assert!(column(&["1000", "5"]).asks("Qty").is_none());
    }

    #[test]
    fn stock_may_be_negative() {
        assert_eq!(column(&[]).signed("-3"), Ok(-3));
        assert_eq!(column(&[]).signed("−1,234"), Ok(-1234));
        assert_eq!(column(&[]).signed("-2,000,000"), Err(QuantityError::TooLarge));
    }

    proptest! {
        #[test]
        fn no_cell_makes_the_reader_fail(cell in any::<String>(), marked in "[-+(]?[0-9.,' ]{0,12}[-)]?") {
            for cell in [cell, marked] {
                if let Ok(n) = column(&[&cell]).quantity(&cell) {
                    prop_assert!((0..=MAX).contains(&n), "a quantity lies within its bounds");
                }
            }
        }

        #[test]
        fn a_number_survives_being_written_in_any_locale(n in 0..=MAX, mark in prop::sample::select(vec![",", ".", " ", "'"])) {
            let digits = n.to_string();
            let mut grouped = String::new();
            for (i, c) in digits.chars().enumerate() {
                if i > 0 && (digits.len() - i) % 3 == 0 { grouped.push_str(mark); }
                grouped.push(c);
            }
            prop_assert_eq!(column(&[&grouped]).quantity(&grouped), Ok(n));
        }
    }
}
