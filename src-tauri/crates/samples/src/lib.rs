//! Realistic apparel data from a seed: purchase orders, stock, receipts, sales orders and products as the files a merchandiser would drop
//! on the window. Used by the demo, the tests and the benchmarks; knows no clock, no disk and no database.
//!
//! Every style lives one plot of a fixed cycle (`plot.rs`), so even the smallest set tells every story; the seed only varies the details.

mod dice;
mod inventory;
mod layout;
mod line;
mod plot;
mod products;
mod purchase_orders;
mod receipts;
mod sales_orders;
mod style;

use std::io::Write;

use chrono::NaiveDate;
use serde::Serialize;

use dice::Seed;
use layout::Layout;
use style::{MOST_COLOURS, MOST_SIZES};

/// How much data: rows of each file, and the shape of a style.
///
/// Rows of a kind that nothing can carry are left out: without a style that is partly received there are no receipts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// Rows of the purchase-order file.
    pub po_lines: usize,
    /// Rows of the product file: variants, each with its own SKU.
    pub products: usize,
    /// Rows of the inventory file: one for each product and facility that has been counted.
    pub stock_rows: usize,
    /// Rows of the sales-order file: order items.
    pub orders: usize,
    /// Rows of the receipts file.
    pub receipts: usize,
    /// Colours of a style, 1 to 10.
    pub colours: usize,
    /// Sizes of a colour, 1 to 8. A purchase order holds one style, so colours × sizes lines.
    pub sizes: usize,
}

impl Scale {
    /// One cycle of stories, small enough to read: 60 purchase-order lines, 44 products.
    pub fn small() -> Self {
        Scale { po_lines: 60, products: 44, stock_rows: 60, orders: 132, receipts: 8, colours: 2, sizes: 2 }
    }

    /// A company with `po_lines` purchase-order lines: half as many products, three stock rows a product.
    pub fn with_lines(po_lines: usize) -> Self {
        let products = po_lines.div_ceil(2);
        let (colours, sizes) = if po_lines < 10_000 { (2, 2) } else { (5, 8) };
        Scale {
            po_lines,
            products,
            stock_rows: products * 3,
            orders: po_lines / 2,
            receipts: po_lines / 10,
            colours,
            sizes,
        }
    }
}

/// The files a sample set consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum File {
    /// What was ordered from suppliers and when it comes.
    PurchaseOrders,
    /// What lies where.
    Inventory,
    /// What arrived on purchase orders since the purchase-order file was written; quantities are increments.
    Receipts,
    /// What customers ordered, with the purchase order promised to them where one was.
    Orders,
    /// What is sold: SKU, parent style, title, UPC.
    Products,
}

impl File {
    /// Every file, in the order in which one would import them.
    pub const ALL: [File; 5] = [File::Products, File::Inventory, File::PurchaseOrders, File::Receipts, File::Orders];

    /// File name with extension, such as `purchase-orders.csv`.
    pub fn name(self) -> &'static str {
        match self {
            File::PurchaseOrders => "purchase-orders.csv",
            File::Inventory => "inventory.csv",
            File::Receipts => "receipts.csv",
            File::Orders => "orders.csv",
            File::Products => "products.csv",
        }
    }
}

/// A sample set: the same scale, seed and day always give the same bytes.
#[derive(Debug, Clone)]
pub struct Samples {
    scale: Scale,
    today: NaiveDate,
    seed: Seed,
    layout: Layout,
}

impl Samples {
    /// Plans a set whose dates lie around `today`. Nothing is generated before [`Samples::write`].
    pub fn new(scale: Scale, seed: u64, today: NaiveDate) -> Self {
        let scale =
            Scale { colours: scale.colours.clamp(1, MOST_COLOURS), sizes: scale.sizes.clamp(1, MOST_SIZES), ..scale };
        Samples { scale, today, seed: Seed::new(seed), layout: Layout::new(&scale) }
    }

    /// Streams one file as CSV with a header row. Memory does not grow with the scale.
    ///
    /// # Errors
    /// Only those of `out`.
    pub fn write(&self, file: File, out: &mut dyn Write) -> std::io::Result<()> {
        match file {
            File::PurchaseOrders => purchase_orders::write(self, Sheet::new(out, purchase_orders::HEADER)?),
            File::Inventory => inventory::write(self, Sheet::new(out, inventory::HEADER)?),
            File::Receipts => receipts::write(self, Sheet::new(out, receipts::HEADER)?),
            File::Orders => sales_orders::write(self, Sheet::new(out, sales_orders::HEADER)?),
            File::Products => products::write(self, Sheet::new(out, products::HEADER)?),
        }
    }
}

/// A CSV file being written. The header is given, not derived, so that a file without rows still has one.
struct Sheet<'a>(csv::Writer<&'a mut dyn Write>);

impl<'a> Sheet<'a> {
    fn new(out: &'a mut dyn Write, header: &[&str]) -> std::io::Result<Self> {
        let mut writer = csv::WriterBuilder::new().has_headers(false).buffer_capacity(1 << 16).from_writer(out);
        writer.write_record(header)?;
        Ok(Sheet(writer))
    }

    fn row(&mut self, row: &impl Serialize) -> std::io::Result<()> {
        Ok(self.0.serialize(row)?)
    }

    fn finish(mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}
