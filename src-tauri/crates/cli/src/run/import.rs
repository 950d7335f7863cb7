//! `presell import …` and `presell imports`.

use std::io::IsTerminal;
use std::sync::Arc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use presell_commands::{
    App, Error, ImportFile, Imported, Nothing, Result, UndoImport, import_file_watched, list_imports, undo_import,
};
use presell_imports::headers::{Kind, fields};
use presell_imports::{Progress, Report};

use crate::arguments::{FileOptions, ImportCommand};
use crate::output::{Ending, Output};
use crate::render;

/// An import that is done sooner shows no bar: it would only flicker.
const UNTIL_BAR: Duration = Duration::from_millis(300);

/// Refuses a `--map` whose field this kind of file does not have, before anything is opened.
pub(crate) fn check_fields(command: &ImportCommand) -> Result<()> {
    let Some((kind, file)) = kind(command) else { return Ok(()) };
    let known: Vec<String> = fields(kind).iter().map(|field| field.name()).collect();
    match file.map.iter().find(|(field, _)| !known.contains(field)) {
        None => Ok(()),
        Some((field, _)) => Err(Error::NotAccepted {
            message: format!("\"{field}\" is not a field of this kind of file. The fields are: {}.", known.join(", ")),
        }),
    }
}

fn kind(command: &ImportCommand) -> Option<(Kind, &FileOptions)> {
    Some(match command {
        ImportCommand::PurchaseOrders { file, .. } => (Kind::PurchaseOrders, file),
        ImportCommand::Inventory { file, .. } => (Kind::Inventory, file),
        ImportCommand::Receipts { file, .. } => (Kind::Receipts, file),
        ImportCommand::Orders { file } => (Kind::Orders, file),
        ImportCommand::Products { file } => (Kind::Products, file),
        ImportCommand::Undo { .. } => return None,
    })
}

pub(crate) async fn run(app: &App, output: Output, command: ImportCommand) -> Result<Ending> {
    let request = match command {
        ImportCommand::Undo { id } => return undo(app, output, id).await,
        ImportCommand::PurchaseOrders { file, known } => {
            ImportFile { known: known.into(), ..file.request(Kind::PurchaseOrders) }
        }
        ImportCommand::Inventory { file, complete, zero_missing } => {
            ImportFile { complete, zero_missing, ..file.request(Kind::Inventory) }
        }
        ImportCommand::Receipts { file, totals } => ImportFile { totals, ..file.request(Kind::Receipts) },
        ImportCommand::Orders { file } => file.request(Kind::Orders),
        ImportCommand::Products { file } => file.request(Kind::Products),
    };
    let asked = request.clone();
    let imported = watched(app, request).await?;
    output.answer(&imported, |imported| render::import(imported, &asked))?;
    let report = imported.report;
    if report.refused == 0 && report.lines_waiting == 0 {
        return Ok(Ending::Done);
    }
    output.note(&left_out(&report));
    Ok(Ending::Partly)
}

/// Imports with a bar on standard error, where somebody sees it.
async fn watched(app: &App, request: ImportFile) -> Result<Imported> {
    let progress = Arc::new(Progress::default());
    if !std::io::stderr().is_terminal() {
        return import_file_watched(app, request, &progress).await;
    }
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
    if let Ok(style) = ProgressStyle::with_template("{msg:10} {bar:30} {percent:>3} %  {elapsed}") {
        bar.set_style(style);
    }
    let ticker = tokio::spawn({
        let (bar, progress) = (bar.clone(), Arc::clone(&progress));
        async move {
            tokio::time::sleep(UNTIL_BAR).await;
            bar.set_draw_target(ProgressDrawTarget::stderr());
            loop {
                let (what, done, total) = progress.now();
                bar.set_message(what);
                bar.set_length(total.max(1));
                bar.set_position(done.min(total.max(1)));
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    });
    let imported = import_file_watched(app, request, &progress).await;
    ticker.abort();
    bar.finish_and_clear();
    imported
}

fn left_out(report: &Report) -> String {
    let wrong = report.refused - report.unconfirmed;
    let mut parts = Vec::new();
    if wrong > 0 {
        parts.push(format!("{} left out because something is wrong", render::count(wrong, "row")));
    }
    if report.unconfirmed > 0 {
        parts.push(format!("{} waiting for your confirmation", render::count(report.unconfirmed, "row")));
    }
    if report.lines_waiting > 0 {
        let lines = render::count(report.lines_waiting, "line");
        parts.push(format!("{lines} missing in the file, waiting for your confirmation to be cancelled"));
    }
    format!("Done in part: {}.", parts.join(", "))
}

async fn undo(app: &App, output: Output, import_id: i64) -> Result<Ending> {
    let undone = undo_import(app, UndoImport { import_id }).await?;
    output.answer(&undone, |u| {
        format!(
            "Import {} is taken back: {} removed, {} put back as before.\nBring the lists up to date with: presell refresh\n",
            u.import_id,
            render::count(u.removed, "row"),
            render::count(u.restored, "row"),
        )
    })?;
    Ok(Ending::Done)
}

pub(crate) async fn list(app: &App, output: Output) -> Result<Ending> {
    let imports = list_imports(app, Nothing {}).await?;
    let zone = app.store().await?.zone;
    output.answer(imports.as_slice(), |imports| render::imports(imports, zone))?;
    Ok(Ending::Done)
}
