//! A browser gives a file's content where the window gives its path: the content is kept in a folder of this process.

use std::path::Path;

use axum::Json;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use futures_util::StreamExt;
use serde::Deserialize;
use tokio::io::AsyncWriteExt;

use crate::serve::Host;

/// The name the file had.
#[derive(Deserialize)]
pub(crate) struct Named {
    name: String,
}

/// `PUT /upload?name=FILE` with the content; answers `{"path": …}`.
pub(crate) async fn upload(
    State(host): State<Host>,
    Query(named): Query<Named>,
    body: Body,
) -> Result<Json<serde_json::Value>, (StatusCode, String)> {
    let wrong = |error: &dyn std::fmt::Display| (StatusCode::BAD_REQUEST, error.to_string());
    let name =
        Path::new(&named.name).file_name().ok_or((StatusCode::BAD_REQUEST, "The file has no name.".to_owned()))?;
    let folder = tempfile::tempdir_in(host.uploads.path()).map_err(|error| wrong(&error))?.keep();
    let path = folder.join(name);
    let mut file = tokio::fs::File::create(&path).await.map_err(|error| wrong(&error))?;
    let mut content = body.into_data_stream();
    while let Some(part) = content.next().await {
        file.write_all(&part.map_err(|error| wrong(&error))?).await.map_err(|error| wrong(&error))?;
    }
    file.flush().await.map_err(|error| wrong(&error))?;
    Ok(Json(serde_json::json!({ "path": path })))
}
