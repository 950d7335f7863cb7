//! Text to expression.

use std::iter::Peekable;
use std::str::Chars;

/// What is searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Expression {
    Everything,
    Term(Term),
    Not(Box<Expression>),
    All(Vec<Expression>),
    Any(Vec<Expression>),
}

/// `field:>=value`, or a bare word without field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Term {
    pub(crate) field: Option<String>,
    /// `=`, `<`, `<=`, `>` or `>=`.
    pub(crate) relation: &'static str,
    /// Any of these.
    pub(crate) values: Vec<String>,
}

/// Reads a search; an empty one finds everything.
pub(crate) fn parse(text: &str) -> Expression {
    let mut reader = Reader(text.chars().peekable());
    reader.any()
}

struct Reader<'a>(Peekable<Chars<'a>>);

impl Reader<'_> {
    fn any(&mut self) -> Expression {
        let mut parts = vec![self.all()];
        while self.word("OR") {
            parts.push(self.all());
        }
        if parts.len() == 1 { parts.remove(0) } else { Expression::Any(parts) }
    }

    fn all(&mut self) -> Expression {
        let mut parts = Vec::new();
        loop {
            self.space();
            self.word("AND");
            self.space();
            match self.0.peek().copied() {
                None | Some(')') => break,
                Some('O') if self.at_word("OR") => break,
                Some(_) => parts.push(self.one()),
            }
        }
        match parts.len() {
            0 => Expression::Everything,
            1 => parts.remove(0),
            _ => Expression::All(parts),
        }
    }

    fn one(&mut self) -> Expression {
        if self.0.next_if_eq(&'-').is_some() || self.word("NOT") {
            self.space();
            return Expression::Not(Box::new(self.one()));
        }
        if self.0.next_if_eq(&'(').is_some() {
            let inner = self.any();
            self.0.next_if_eq(&')');
            return inner;
        }
        self.term()
    }

    fn term(&mut self) -> Expression {
        let (first, quoted) = self.value();
        if quoted || self.0.next_if_eq(&':').is_none() {
            return Expression::Term(Term { field: None, relation: "=", values: vec![first] });
        }
        let relation = self.relation();
        let mut values = vec![self.value().0];
        while self.0.next_if_eq(&',').is_some() {
            values.push(self.value().0);
        }
        // A colon within an unquoted value: the real search loses its way here, so nobody may rely on it.
        if self.0.peek() == Some(&':') {
            while self.0.next_if(|c| !c.is_whitespace()).is_some() {}
            return Expression::Term(Term { field: Some(format!("{first}:{}", values.concat())), relation, values });
        }
        if let Some(field) = first.strip_suffix("_not") {
            let term = Term { field: Some(field.to_owned()), relation, values };
            return Expression::Not(Box::new(Expression::Term(term)));
        }
        Expression::Term(Term { field: Some(first), relation, values })
    }

    fn relation(&mut self) -> &'static str {
        let sign = self.0.next_if(|c| matches!(c, '<' | '>' | '='));
        let equal = matches!(sign, Some('<' | '>')) && self.0.next_if_eq(&'=').is_some();
        match (sign, equal) {
            (Some('<'), false) => "<",
            (Some('<'), true) => "<=",
            (Some('>'), false) => ">",
            (Some('>'), true) => ">=",
            _ => "=",
        }
    }

    /// A word, or what stands between quotes; a backslash takes the next character as it is.
    fn value(&mut self) -> (String, bool) {
        let quote = self.0.next_if(|c| matches!(c, '"' | '\''));
        let mut text = String::new();
        while let Some(&c) = self.0.peek() {
            let ends = match quote {
                Some(quote) => c == quote,
                None => c.is_whitespace() || matches!(c, ':' | ',' | '(' | ')'),
            };
            if ends {
                break;
            }
            self.0.next();
            text.push(if c == '\\' { self.0.next().unwrap_or(c) } else { c });
        }
        if quote.is_some() {
            self.0.next();
        } else if text.is_empty() {
            // Something that begins no value; passing over it keeps the reader moving.
            self.0.next_if(|c| !c.is_whitespace() && *c != ')');
        }
        (text, quote.is_some())
    }

    fn space(&mut self) {
        while self.0.next_if(|c| c.is_whitespace()).is_some() {}
    }

    fn at_word(&self, word: &str) -> bool {
        let mut ahead = self.0.clone();
        word.chars().all(|c| ahead.next() == Some(c)) && ahead.next().is_none_or(|c| c.is_whitespace() || c == '(')
    }

    fn word(&mut self, word: &str) -> bool {
        self.space();
        let there = self.at_word(word);
        if there {
            self.0.nth(word.len() - 1);
        }
        there
    }
}
