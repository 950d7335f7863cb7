//! The stories a style can live. The cycle repeats over all styles: one turn of it is the small set, and every reason for which a product
//! is listed or not appears in it.

/// What happens to a style; its variants differ by their place in the style, see [`crate::line`] and [`crate::inventory`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plot {
    /// A new style on its way, never counted in any facility: pre-order. Every fourth variant was dropped from the first order.
    NewArrival,
    /// A known style that is sold out and on its way again: backorder.
    Restock,
    /// A style that was new with its first order, now sold to the last piece; the second order, a restock, takes over and changes the class.
    TakeOver,
    /// A known style that still lies in the warehouse: nothing to pre-sell.
    InStock,
    /// A known style whose first order arrives in parts; one variant completely, one is on the shelf already.
    PartlyReceived,
    /// A known style that nobody has counted: its stock is unknown, which is not zero.
    Uncounted,
    /// A new style due today, yesterday and weeks ago; days of safety still carry one variant.
    Late,
    /// A sold-out style whose purchase order was cancelled.
    Cancelled,
    /// A known style whose purchase order is completed, mostly short.
    Completed,
    /// A new style whose lines ended each in its own way: kept back, sold out, received, cancelled.
    LineEnds,
    /// A known style without any purchase order.
    NoOrder,
}

impl Plot {
    /// The styles in turn. `NoOrder` stays last: ranks of purchase orders are counted without it.
    pub(crate) const CYCLE: [Plot; 11] = [
        Plot::NewArrival,
        Plot::Restock,
        Plot::TakeOver,
        Plot::InStock,
        Plot::PartlyReceived,
        Plot::Uncounted,
        Plot::Late,
        Plot::Cancelled,
        Plot::Completed,
        Plot::LineEnds,
        Plot::NoOrder,
    ];

    pub(crate) fn is_new_style(self) -> bool {
        matches!(self, Plot::NewArrival | Plot::TakeOver | Plot::Late | Plot::LineEnds)
    }

    pub(crate) fn is_bought(self) -> bool {
        self != Plot::NoOrder
    }

    /// Styles that are only new have no stock record yet, and one known style was forgotten.
    pub(crate) fn is_counted(self) -> bool {
        self == Plot::TakeOver || !self.is_new_style() && self != Plot::Uncounted
    }
}
