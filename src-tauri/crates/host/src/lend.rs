//! A database of its own on the test server, for whoever cannot make one himself: there until its asker has gone.

use anyhow::{Result, bail};
use presell_store::Address;
use presell_store::testing::{Kind, Place};

/// Prints the address; removes the database when the input ends, and it ends with the asker, however that came.
pub(crate) async fn lend() -> Result<()> {
    if std::env::var_os("PRESELL_TEST_POSTGRES").is_none() {
        bail!("PRESELL_TEST_POSTGRES names no server; `cargo xtask postgres CMD` starts one for CMD");
    }
    let place = Place::new(Kind::Postgres).await;
    if let Address::Server(url) = &place.address {
        println!("{url}");
    }
    tokio::task::spawn_blocking(|| std::io::copy(&mut std::io::stdin(), &mut std::io::sink())).await??;
    place.remove().await;
    Ok(())
}
