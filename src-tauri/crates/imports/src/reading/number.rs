//! Binary numbers as cell text. XLSX and JSON know their numbers exactly; the text must not make them ambiguous again.

use std::fmt::Write as _;

/// Beyond this a binary number has lost digits that an identifier needs.
const EXACT: f64 = 1e15;

/// Writes a number: whole ones without a fraction; too large ones in scientific notation, which is refused as an identifier.
///
/// A fraction never ends after exactly three digits, so that no later reader takes `1.234` for one thousand and more.
pub(super) fn write(number: f64, out: &mut String) {
    let done = if !number.is_finite() {
        return;
    } else if number.abs() >= EXACT {
        write!(out, "{number:E}")
    } else if number.fract() == 0.0 {
        write!(out, "{number:.0}")
    } else {
        let start = out.len();
        // Fifteen digits, as a spreadsheet shows them: 0.1 + 0.2 is 0.3.
        let rounded = format!("{number:.14e}").parse().unwrap_or(number);
        let done = write!(out, "{rounded}");
        if out[start..].split_once('.').is_some_and(|(_, fraction)| fraction.len() == 3) {
            out.push('0');
        }
        done
    };
    debug_assert!(done.is_ok(), "writing into a text cannot fail");
}

#[cfg(test)]
mod tests {
    use super::write;
    use rstest::rstest;

    #[rstest]
    #[case(12.0, "12")]
    #[case(-3.0, "-3")]
    #[case(0.1 + 0.2, "0.3")]
    #[case(1.234, "1.2340")]
    #[case(36000291452.0, "36000291452")]
    #[case(1.5e18, "1.5E18")]
    #[case(f64::NAN, "")]
    fn a_number_is_written_so_that_it_reads_one_way(#[case] number: f64, #[case] text: &str) {
        let mut out = String::new();
        write(number, &mut out);
        assert_eq!(out, text);
    }
}
