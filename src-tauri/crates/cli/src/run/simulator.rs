//! `presell simulator`: the demo shop, until somebody stops it.

use std::path::Path;

use presell_commands::{Error, Result};
use presell_simulator::{Faults, Options, Simulator};

use super::daemon::Stop;
use crate::arguments;
use crate::output::{BOLD, Ending, Output};

pub(crate) async fn run(output: Output, typed: arguments::Simulator) -> Result<Ending> {
    let faults = typed.faults.as_deref().map_or_else(|| Ok(Faults::default()), faults)?;
    let trouble = faults.faults.len();
    let mut stop = Stop::listen()?;
    let options = Options { port: typed.port, state: typed.state, faults, ..Options::default() };
    let mut simulator = Simulator::start(options).await.map_err(|error| Error::refused(error.to_string()))?;
    let url = simulator.base_url().to_owned();
    output.answer(&serde_json::json!({ "baseUrl": url, "page": format!("{url}/"), "faults": trouble }), |_| {
        let with = if trouble == 0 { "" } else { ", with trouble on purpose" };
        format!(
            "The demo shop is open at {BOLD}{url}{BOLD:#}{with}. Stop it with Ctrl-C.\n\n  \
             What customers see   {url}/\n  \
             Every write it got   {url}/simulator/journal\n\n\
             Connect it with: presell shop add NAME --platform demo --base-url {url}\n"
        )
    })?;
    tokio::select! {
        _ = stop.wanted() => {}
        () = simulator.closed() => {}
    }
    simulator.shutdown().await;
    Ok(Ending::Done)
}

fn faults(path: &Path) -> Result<Faults> {
    let told = |why: String| Error::NotAccepted { message: format!("{} is no plan of faults: {why}.", path.display()) };
    let text = std::fs::read_to_string(path).map_err(|error| told(error.to_string()))?;
    serde_json::from_str(&text).map_err(|error| told(error.to_string()))
}
