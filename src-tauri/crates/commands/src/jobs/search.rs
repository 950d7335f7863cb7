//! Finding by words: all of them, anywhere, whatever their case and accents.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Lower case, without accents; what people type and what they look for become alike.
pub(crate) fn folded(text: &str) -> String {
    if text.is_ascii() {
        // Most texts are; ten thousand runs are searched while somebody types.
        return text.trim().to_ascii_lowercase();
    }
    text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect::<String>().trim().to_owned()
}

/// Whether every word of `search` is somewhere in `texts`.
pub(super) fn matches<'a>(search: &str, texts: impl IntoIterator<Item = &'a str>) -> bool {
    let all = texts.into_iter().map(folded).collect::<Vec<_>>().join("\n");
    folded(search).split_whitespace().all(|word| all.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_must_be_there_in_any_order_case_and_accent() {
        let texts = ["Auto refresh pre-sell catalog", "Décide chaque jour"];
        assert!(matches("CATALOG refresh", texts), "order and case do not matter");
        assert!(matches("decide", texts), "accents do not matter");
        assert!(!matches("refresh shop", texts), "a word that is nowhere finds nothing");
        assert!(matches("  ", texts), "no word narrows nothing");
    }
}
