//! What can be typed after `presell import`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use presell_commands::{ImportFile, KnownOrders};
use presell_imports::headers::Kind;

#[derive(Debug, Subcommand)]
pub(crate) enum ImportCommand {
    /// Lines ordered from suppliers: what comes, how much, when, and where to
    #[command(after_help = "Examples:\n  \
        presell import purchase-orders po.csv --dry-run    check the file, change nothing\n  \
        presell import purchase-orders po.csv              bring in the good rows\n  \
        presell import purchase-orders po.csv --confirm    also those that wait for your yes\n  \
        presell import purchase-orders po.xlsx --map arrival_date=\"ETA port\" --rejects left-out.csv\n\n\
        Needed columns: purchase order, SKU, quantity, arrival date, facility.")]
    PurchaseOrders {
        #[command(flatten)]
        file: FileOptions,
        /// What to do with purchase orders that are known already: update changes and adds lines; replace also cancels
        /// lines missing in the file; append only adds new lines; skip leaves them alone
        #[arg(long, value_enum, default_value = "update", value_name = "HOW")]
        known: Known,
    },
    /// Stock: how many pieces of a product lie in a facility
    #[command(
        after_help = "Example:\n  presell import inventory stock.csv\n\nNeeded columns: SKU, quantity, facility."
    )]
    Inventory {
        #[command(flatten)]
        file: FileOptions,
        /// The file names every product in stock; products missing in it are pointed out and left unchanged
        #[arg(long)]
        complete: bool,
        /// With --complete: products missing in the file have no stock left
        #[arg(long, requires = "complete")]
        zero_missing: bool,
    },
    /// Goods that arrived for a purchase order
    #[command(
        after_help = "Example:\n  presell import receipts receipts.csv\n\nNeeded columns: purchase order, SKU or line, quantity."
    )]
    Receipts {
        #[command(flatten)]
        file: FileOptions,
        /// Quantities are all that was received so far, not what came now
        #[arg(long)]
        totals: bool,
    },
    /// What customers ordered, with the purchase order promised to them where there is one
    #[command(
        after_help = "Example:\n  presell import orders orders.csv\n\nNeeded columns: order, SKU, quantity, ordered at."
    )]
    Orders {
        #[command(flatten)]
        file: FileOptions,
    },
    /// Products: SKU, title, barcode and parent style
    #[command(after_help = "Example:\n  presell import products products.csv\n\nNeeded column: SKU.")]
    Products {
        #[command(flatten)]
        file: FileOptions,
    },
    /// Take an import back, as long as nothing later rests on it
    #[command(after_help = "Example:\n  presell imports          find the number\n  presell import undo 3")]
    Undo {
        /// Number of the import, as `presell imports` shows it
        #[arg(value_name = "NUMBER")]
        id: i64,
    },
}

/// What every kind of file takes.
#[derive(Args, Debug)]
pub(crate) struct FileOptions {
    /// The file: CSV, XLSX or JSON
    pub(crate) file: PathBuf,
    /// Check the file and show what would change, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Say yes to the rows that ask for it, such as a date in the past
    #[arg(long)]
    pub(crate) confirm: bool,
    /// Add products and facilities that are not known yet; this is so anyway while there are none
    #[arg(long)]
    pub(crate) create: bool,
    /// Refuse rows with products or facilities that are not known yet
    #[arg(long, conflicts_with = "create")]
    pub(crate) no_create: bool,
    /// Say which column holds a field, such as quantity="Qty open"; may be given several times
    #[arg(long, value_name = "FIELD=COLUMN", value_parser = pair)]
    pub(crate) map: Vec<(String, String)>,
    /// Write the rows that were left out to this CSV file, each with the reason
    #[arg(long, value_name = "FILE")]
    pub(crate) rejects: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "kebab-case")]
pub(crate) enum Known {
    #[value(help = "Change and add lines; lines missing in the file stay")]
    Update,
    #[value(help = "As update, and cancel lines missing in the file")]
    Replace,
    #[value(help = "Only add new lines")]
    Append,
    #[value(help = "Leave them alone")]
    Skip,
}

impl From<Known> for KnownOrders {
    fn from(known: Known) -> KnownOrders {
        match known {
            Known::Update => KnownOrders::Update,
            Known::Replace => KnownOrders::Replace,
            Known::Append => KnownOrders::Append,
            Known::Skip => KnownOrders::Skip,
        }
    }
}

impl FileOptions {
    /// The request for a file of this kind; what only one kind takes is added by the caller.
    pub(crate) fn request(self, kind: Kind) -> ImportFile {
        ImportFile {
            dry_run: self.dry_run,
            confirm: self.confirm,
            create: if self.create { Some(true) } else { self.no_create.then_some(false) },
            columns: self.map,
            rejects: self.rejects,
            ..ImportFile::new(kind, self.file)
        }
    }
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((field, column)) if !field.trim().is_empty() && !column.trim().is_empty() => {
            Ok((field.trim().to_owned(), column.trim().to_owned()))
        }
        _ => Err("write the field, an equals sign and the column's header, such as quantity=\"Qty open\"".to_owned()),
    }
}
