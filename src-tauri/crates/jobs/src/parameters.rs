//! What can be set for a run of a job.

/// What a parameter holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Yes or no.
    Flag,
    /// A whole number between two bounds, both included.
    Number {
        /// Smallest value.
        least: i64,
        /// Largest value.
        most: i64,
    },
    /// One text.
    Text,
    /// Texts, as a JSON array or separated by commas.
    Texts,
    /// A calendar date, such as 2026-12-24.
    Date,
    /// One of these words.
    Choice(&'static [&'static str]),
}

impl Kind {
    /// What may be given, in words.
    pub fn allowed(self) -> String {
        match self {
            Kind::Flag => "true or false".to_owned(),
            Kind::Number { least, most } => format!("a whole number from {least} to {most}"),
            Kind::Text => "a text".to_owned(),
            Kind::Texts => "one or more texts, separated by commas".to_owned(),
            Kind::Date => "a date such as 2026-12-24".to_owned(),
            Kind::Choice(words) => format!("one of {}", words.join(", ")),
        }
    }

    /// Its name for programs.
    pub fn id(self) -> &'static str {
        match self {
            Kind::Flag => "flag",
            Kind::Number { .. } => "number",
            Kind::Text => "text",
            Kind::Texts => "texts",
            Kind::Date => "date",
            Kind::Choice(_) => "choice",
        }
    }
}

/// One parameter of a job.
#[derive(Debug)]
pub struct Parameter {
    /// Its key, as HotWax and our own history write it.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// A run without it is refused.
    pub required: bool,
    /// What a run uses when it is not given; none: the store's own setting, or nothing.
    pub default: Option<&'static str>,
    /// Never shown, logged or copied.
    pub secret: bool,
    /// What it does, in one sentence.
    pub help: &'static str,
}

impl Parameter {
    const fn new(name: &'static str, kind: Kind, help: &'static str) -> Parameter {
        Parameter { name, kind, required: false, default: None, secret: false, help }
    }

    /// A flag that is off unless given.
    pub const fn flag(name: &'static str, help: &'static str) -> Parameter {
        Parameter::new(name, Kind::Flag, help).or("false")
    }

    /// A whole number within bounds.
    pub const fn number(name: &'static str, least: i64, most: i64, help: &'static str) -> Parameter {
        Parameter::new(name, Kind::Number { least, most }, help)
    }

    /// One text.
    pub const fn text(name: &'static str, help: &'static str) -> Parameter {
        Parameter::new(name, Kind::Text, help)
    }

    /// Several texts.
    pub const fn texts(name: &'static str, help: &'static str) -> Parameter {
        Parameter::new(name, Kind::Texts, help)
    }

    /// A calendar date.
    pub const fn date(name: &'static str, help: &'static str) -> Parameter {
        Parameter::new(name, Kind::Date, help)
    }

    /// One of some words.
    pub const fn choice(name: &'static str, words: &'static [&'static str], help: &'static str) -> Parameter {
        Parameter::new(name, Kind::Choice(words), help)
    }

    /// With this value unless another is given.
    pub const fn or(self, default: &'static str) -> Parameter {
        Parameter { default: Some(default), ..self }
    }

    /// Which must be given.
    pub const fn required(self) -> Parameter {
        Parameter { required: true, ..self }
    }
}

/// `dryRun`, as every job takes it.
pub(crate) const DRY_RUN: Parameter = Parameter::flag("dryRun", "Shows what would change and changes nothing.");
/// `includeAll`, of jobs that otherwise send only what changed.
pub(crate) const INCLUDE_ALL: Parameter = Parameter::flag("includeAll", "Takes everything, not only what changed.");
/// `shop`, of jobs of shops.
pub(crate) const SHOP: Parameter = Parameter::text("shop", "Works on this shop only, by its name.");
/// `limit`, of jobs that take items in portions.
pub(crate) const LIMIT: Parameter = Parameter::number("limit", 1, 100_000, "Takes at most this many items in one run.");
/// `orderId`, of jobs about customer orders.
pub(crate) const ORDER_ID: Parameter = Parameter::texts("orderId", "Takes only these customer orders.");
/// `productId`, of jobs about products.
pub(crate) const PRODUCT_ID: Parameter = Parameter::texts("productId", "Looks only at these SKUs.");
/// `fromDate`, of jobs about a span of days.
pub(crate) const FROM_DATE: Parameter = Parameter::date("fromDate", "Takes only what changed on this day or later.");
/// `toDate`, of jobs about a span of days.
pub(crate) const TO_DATE: Parameter = Parameter::date("toDate", "Takes only what changed on this day or earlier.");
/// `minShiftDays`, of jobs about moved dates.
pub(crate) const MIN_SHIFT_DAYS: Parameter =
    Parameter::number("minShiftDays", 0, 365, "Leaves out dates that moved by fewer days than this.");
