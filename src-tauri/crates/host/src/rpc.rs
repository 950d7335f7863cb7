//! Every command as `POST /rpc/NAME`: the request as JSON, the answer as JSON, an error as status 422 with its JSON.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use presell_commands::*;

use crate::serve::Host;

macro_rules! routes {
    ($($name:ident($req:ty) -> $res:ty, reads $r:tt, writes [$($w:ident),*];)*) => {
        /// One route for each command.
        pub(crate) fn routes() -> Router<Host> {
            Router::new()$(.route(
                concat!("/rpc/", stringify!($name)),
                post(async |State(host): State<Host>, Json(args): Json<$req>| {
                    let done = $name(&host.app, args).await;
                    if done.is_ok() {
                        host.wrote(&[$(Topic::$w),*]).await;
                    }
                    answer(done)
                }),
            ))*
        }
    };
}
presell_commands::with_commands!(routes);

fn answer<T: serde::Serialize>(done: Result<T>) -> Response {
    match done {
        Ok(answer) => Json(answer).into_response(),
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, Json(error)).into_response(),
    }
}
