//! What can be typed after `presell`, with help for people who do not live in a terminal.

mod import;
mod job;
mod shop;

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand};
use presell_catalog::rules::Class;

pub(crate) use import::{FileOptions, ImportCommand};
pub(crate) use job::{JobCommand, RunCommand, Runs, parameters};
pub(crate) use shop::{Add as AddedShop, Change as ChangedShop, ShopCommand, Simulator};

/// Sell what has not arrived yet, and never promise what will not come.
///
/// Presell reads your purchase orders, stock and customer orders, and decides which products can be pre-ordered or
/// backordered, for which date, and why. Everything stays in one database on this computer.
#[derive(Debug, Parser)]
#[command(
    name = "presell",
    version,
    max_term_width = 100,
    disable_help_subcommand = true,
    after_help = "Never used it? Type `presell demo`: it shows the whole story on sample data and leaves nothing behind.\n\n\
        A usual day:\n  \
          presell import purchase-orders orders.csv   bring in what you ordered from suppliers\n  \
          presell import inventory stock.csv          bring in what lies where\n  \
          presell refresh                             decide anew what can be pre-sold\n  \
          presell catalog                             see the two lists\n  \
          presell why SKU-1001                        see why one product is listed or not\n\n\
        Exit status, for scripts: 0 done; 1 failed; 2 typed wrongly; 3 done in part (some rows were left out)."
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command understands.
#[derive(Args, Debug)]
pub(crate) struct Common {
    /// The database to work on: a file, or postgres://user@host/name. Without it, the file in your own data folder
    #[arg(
        long,
        global = true,
        env = "PRESELL_DATABASE",
        hide_env_values = true,
        value_name = "URL",
        help_heading = "Everywhere"
    )]
    pub(crate) database: Option<String>,
    /// The store to work for
    #[arg(
        long,
        global = true,
        default_value = "default",
        hide_default_value = true,
        value_name = "CODE",
        help_heading = "Everywhere"
    )]
    pub(crate) store: String,
    /// Print the answer as JSON, for other programs
    #[arg(long, global = true, help_heading = "Everywhere")]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Bring in a file: purchase orders, stock, receipts, customer orders or products
    ///
    /// CSV, XLSX and JSON files are understood, and the columns are found by their names. Good rows go in; rows with a
    /// mistake stay out and are listed with what to do. Files are only read, never changed.
    #[command(subcommand)]
    Import(ImportCommand),
    /// List the files that were brought in
    #[command(after_help = "Take one back with: presell import undo NUMBER")]
    Imports,
    /// Decide anew which products are pre-orders, backorders or neither
    ///
    /// Looks at every product that something happened to since the last time, and changes the two lists where needed.
    #[command(after_help = "Examples:\n  \
        presell refresh                            bring the lists up to date\n  \
        presell refresh --dry-run                  only show what would change\n  \
        presell refresh --dry-run --as-of 2026-12-24   what would change by then, if nothing arrives")]
    Refresh(Refresh),
    /// Show the products that can be pre-sold now
    #[command(after_help = "Examples:\n  \
        presell catalog                            both lists, by promise date\n  \
        presell catalog --category pre-order       new styles only\n  \
        presell catalog --search \"jacket navy\"     products with both words in SKU, title or purchase order")]
    Catalog {
        /// Show only this list: pre-order or backorder
        #[arg(long, value_name = "LIST", value_parser = category)]
        category: Option<Class>,
        /// Show only products with these words in SKU, title or purchase order
        #[arg(long, value_name = "TEXT")]
        search: Option<String>,
    },
    /// Explain why a product is listed or not
    ///
    /// Shows the decision, the stock, every purchase order line with each question that was asked of it, and what
    /// happened before.
    #[command(after_help = "Example:\n  presell why SKU-1001")]
    Why {
        /// The product
        sku: String,
    },
    /// Keep products out of pre-selling, or let them in again
    #[command(after_help = "Examples:\n  \
        presell exclude SKU-1001 SKU-1002          never list these two\n  \
        presell exclude SKU-1001 --undo            let it be listed again")]
    Exclude {
        /// The products
        #[arg(required = true, value_name = "SKU")]
        skus: Vec<String>,
        /// Let them in again
        #[arg(long)]
        undo: bool,
    },
    /// List the jobs: what each does, when it runs next, how it went last
    #[command(after_help = "Examples:\n  \
        presell jobs                               all jobs\n  \
        presell jobs --search refresh              those with this word anywhere\n  \
        presell job enable JOB_REL_PREODR_CAT      let the catalog refresh by itself")]
    Jobs {
        /// Show only jobs with these words in name, id, help, parameters or last result
        #[arg(long, value_name = "TEXT")]
        search: Option<String>,
    },
    /// Set up a job, switch it on or off, skip, try out, or run it now
    #[command(subcommand)]
    Job(JobCommand),
    /// List the runs of jobs, newest first
    #[command(after_help = "Examples:\n  \
        presell runs                               the last 50\n  \
        presell runs --state failed                those that failed\n  \
        presell run show 12                        one of them, with its log")]
    Runs(Runs),
    /// Show one run with its log, or stop it
    #[command(subcommand)]
    Run(RunCommand),
    /// Connect shops, see what they should show and what they show, and bring them in line
    #[command(subcommand)]
    Shop(ShopCommand),
    /// Let the jobs run by themselves, until this program is stopped
    ///
    /// Several computers may do so on one PostgreSQL: each run is done by one of them, and if that one fails another goes on.
    #[command(
        after_help = "Stop it with Ctrl-C, or with SIGTERM: what runs is finished or handed back within 10 seconds.\n\
        As a service of the system: sudo systemctl enable --now presell, once Presell is installed."
    )]
    Daemon {
        /// Runs at work side by side
        #[arg(long, default_value_t = 4, value_name = "N", value_parser = clap::value_parser!(i64).range(1..=64))]
        slots: i64,
    },
    /// Show or change the rules of the store
    #[command(after_help = "Examples:\n  \
        presell settings                           all settings, with what each does\n  \
        presell settings set out_of_stock_level 2  two pieces or fewer count as out of stock\n  \
        presell settings set zone Europe/Paris     where the store's days begin and end")]
    Settings {
        #[command(subcommand)]
        action: Option<SettingsAction>,
    },
    /// Check that everything Presell rests on is in order
    Check,
    /// Save a copy of the database in a file
    #[command(after_help = "Example:\n  presell backup presell-monday.db")]
    Backup {
        /// The file to write; an existing file is never replaced
        file: PathBuf,
    },
    /// Go back to a saved copy of the database
    ///
    /// The copy is checked first. The present database is kept beside it under another name, so this can be undone.
    #[command(after_help = "Example:\n  presell restore presell-monday.db")]
    Restore {
        /// The copy, made by `presell backup`
        file: PathBuf,
    },
    /// See the whole story on sample data, step by step
    ///
    /// Uses a database of its own in a temporary folder; your data is not touched and nothing is left behind.
    Demo,
    /// Run a demo shop on this computer, until Ctrl-C
    ///
    /// It answers as a Shopify shop does, with trouble on demand, and has a page that shows what customers see.
    #[command(after_help = "Example:\n  \
        presell simulator --state demo.json\n  \
        presell shop add demo --platform demo --base-url http://127.0.0.1:4747")]
    Simulator(Simulator),
    /// Print the completions for a shell, so that the Tab key completes commands
    #[command(after_help = "Example:\n  presell completions bash > ~/.local/share/bash-completion/completions/presell")]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

#[derive(Args, Debug)]
pub(crate) struct Refresh {
    /// Show what would change, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Look at every product, not only at those that something happened to
    #[arg(long, conflicts_with = "sku")]
    pub(crate) full: bool,
    /// Look only at these products
    #[arg(long, num_args = 1.., value_name = "SKU")]
    pub(crate) sku: Vec<String>,
    /// Judge as if it were this day, such as 2026-12-24; only together with --dry-run
    #[arg(long, requires = "dry_run", value_name = "DATE")]
    pub(crate) as_of: Option<NaiveDate>,
    /// Go on even if many products leave the lists; use it after you have looked at the changes
    #[arg(long)]
    pub(crate) confirm: bool,
    /// Stop and ask if more than this percentage of the listed products would leave
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(0..=100))]
    pub(crate) max_change_percent: Option<i64>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SettingsAction {
    /// Show one setting
    Get {
        /// Its name
        key: String,
    },
    /// Change one setting
    #[command(
        after_help = "Example:\n  presell settings set out_of_stock_level 2\n\nThe next `presell refresh` goes by the new value."
    )]
    Set {
        /// Its name
        key: String,
        /// The new value
        value: String,
    },
}

fn category(text: &str) -> Result<Class, String> {
    text.parse().map_err(|_| "give pre-order or backorder".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definition_of_the_arguments_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn another_day_can_only_be_tried_out() {
        let parsed = Arguments::try_parse_from(["presell", "refresh", "--as-of", "2026-12-24"]);
        assert_eq!(parsed.unwrap_err().exit_code(), 2, "--as-of without --dry-run is a wrong use");
        assert!(Arguments::try_parse_from(["presell", "refresh", "--as-of", "2026-12-24", "--dry-run"]).is_ok());
    }
}
