//! The host itself: an open Presell with its scheduler at work, behind routes on loopback.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use axum::Router;
use axum::http::{HeaderValue, header::CONTENT_SECURITY_POLICY};
use axum::routing::{get, put};
use clap::Args;
use presell_commands::{App, Desk, Node, Topic, news, place};
use presell_scheduler::machine::NodeKind;
use tempfile::TempDir;
use tokio::sync::broadcast;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::{events, rpc, upload};

/// The same policy as the window's, but for the address of the commands.
const POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'");
const GRACE: Duration = Duration::from_secs(1);
const SLOTS: i64 = 2;

#[derive(Args)]
pub(crate) struct Serve {
    /// The database; without it, a temporary file that is gone afterwards
    #[arg(long)]
    database: Option<String>,
    /// The store to work for
    #[arg(long, default_value = "default")]
    store: String,
    /// The port; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// The built user interface
    #[arg(long, default_value = "ui/dist")]
    ui: PathBuf,
}

/// What every route works with.
#[derive(Clone)]
pub(crate) struct Host {
    pub(crate) app: Arc<App>,
    pub(crate) changes: broadcast::Sender<Vec<Topic>>,
    pub(crate) uploads: Arc<TempDir>,
}

impl Host {
    /// Tells every page, and everybody else on the database.
    pub(crate) async fn wrote(&self, topics: &[Topic]) {
        if !topics.is_empty() {
            self.tell(topics);
            self.app.changed().await;
        }
    }

    /// Tells every page; nobody may be there.
    pub(crate) fn tell(&self, topics: &[Topic]) {
        if !topics.is_empty() {
            self.changes.send(topics.to_vec()).unwrap_or_default();
        }
    }
}

impl Serve {
    /// Serves until the process is stopped.
    ///
    /// # Errors
    /// The database does not open, or the port is taken.
    pub(crate) async fn run(self) -> Result<()> {
        tracing_subscriber::fmt().with_writer(std::io::stderr).with_env_filter("warn,presell_commands=info").init();
        let uploads = Arc::new(tempfile::tempdir()?);
        let database = self.database.unwrap_or_else(|| uploads.path().join("presell.db").display().to_string());
        // What the person at this computer set for herself is nothing to a test.
        let desk = Desk::in_folder(uploads.path());
        let app = Arc::new(place::open(Some(&database), &self.store).await?.at(desk));
        let host = Host { app: app.clone(), changes: broadcast::channel(256).0, uploads };
        let mut node = Node::start(&app, NodeKind::Desktop, SLOTS, GRACE).await?;
        let pages = Router::new()
            .merge(rpc::routes())
            .route("/events", get(events::events))
            .route("/upload", put(upload::upload))
            .fallback_service(ServeDir::new(&self.ui))
            .layer(SetResponseHeaderLayer::overriding(CONTENT_SECURITY_POLICY, POLICY))
            .with_state(host.clone());
        let listener = tokio::net::TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, self.port))).await?;
        println!("http://{}", listener.local_addr().context("the port is open")?);
        let mut serving = tokio::spawn(axum::serve(listener, pages).into_future());
        loop {
            tokio::select! {
                event = node.next() => host.tell(news::topics(&event?)),
                ended = &mut serving => return Ok(ended??),
                _ = tokio::signal::ctrl_c() => break,
            }
        }
        serving.abort();
        node.stop().await;
        app.db.close().await;
        Ok(())
    }
}
