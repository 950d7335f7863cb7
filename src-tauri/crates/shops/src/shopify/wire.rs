//! The line to the shop. Behind a trait, so that tests can answer word by word.

use std::time::Duration;

use futures_util::future::BoxFuture;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::multipart::{Form, Part};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};

use super::address::Address;
use crate::adapter::ShopError;
use crate::secrets::Secret;

/// A reply as it came, whatever it says.
#[derive(Clone, Debug, Default)]
pub(super) struct Raw {
    pub(super) status: u16,
    /// The version that answered.
    pub(super) version: Option<String>,
    /// The shop's own number of the request, for its support.
    pub(super) request: Option<String>,
    /// Seconds to wait, possibly a part of one.
    pub(super) retry_after: Option<f64>,
    /// What we use that will go away.
    pub(super) deprecated: Option<String>,
    pub(super) body: Vec<u8>,
}

/// No reply came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Silence {
    /// The request never left.
    NotSent(String),
    /// It left; nobody knows what became of it.
    Lost(String),
}

/// What the client needs of the network.
pub(super) trait Wire: Send + Sync {
    /// Posts a document.
    fn post<'a>(&'a self, token: &'a Secret, body: Vec<u8>) -> BoxFuture<'a, Result<Raw, Silence>>;
    /// Exchanges the credentials of an app for a token.
    fn token<'a>(&'a self, client_id: &'a str, secret: &'a Secret) -> BoxFuture<'a, Result<Raw, Silence>>;
    /// Puts a file where the shop said; the file is the last field.
    fn upload<'a>(
        &'a self,
        url: &'a str,
        fields: Vec<(String, String)>,
        file: Vec<u8>,
    ) -> BoxFuture<'a, Result<Raw, Silence>>;
    /// Fetches a result.
    fn download<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Result<Raw, Silence>>;
}

const CONNECT: Duration = Duration::from_secs(5);
/// The shop cuts a request after about ten seconds.
const WHOLE: Duration = Duration::from_secs(15);
/// A file of up to 100 MB over a slow line.
const FILE: Duration = Duration::from_secs(600);

/// The real line.
pub(super) struct Http {
    client: Client,
    address: Address,
    api: String,
}

impl Http {
    pub(super) fn new(address: Address, version: &str, user_agent: &str) -> Result<Http, ShopError> {
        // The one provider that the database drivers bring along anyway; a second call changes nothing.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = Client::builder()
            .connect_timeout(CONNECT)
            .timeout(WHOLE)
            .redirect(Policy::none())
            .user_agent(user_agent)
            .https_only(!address.is_local());
        if address.is_local() {
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(|error| {
            ShopError::Answer(format!("The connection to shops cannot be set up on this machine: {error}."))
        })?;
        let api = address.to(&format!("/admin/api/{version}/graphql.json"));
        Ok(Http { client, address, api })
    }
}

impl Wire for Http {
    fn post<'a>(&'a self, token: &'a Secret, body: Vec<u8>) -> BoxFuture<'a, Result<Raw, Silence>> {
        Box::pin(async move {
            let mut token = HeaderValue::from_str(token.expose())
                .map_err(|_| Silence::NotSent("the access token contains characters no token has".to_owned()))?;
            token.set_sensitive(true);
            let request = self.client.post(&self.api).header("X-Shopify-Access-Token", token);
            read(request.header(CONTENT_TYPE, "application/json").body(body).send().await).await
        })
    }

    fn token<'a>(&'a self, client_id: &'a str, secret: &'a Secret) -> BoxFuture<'a, Result<Raw, Silence>> {
        let form = [("client_id", client_id), ("client_secret", secret.expose()), ("grant_type", "client_credentials")];
        let request = self.client.post(self.address.to("/admin/oauth/access_token")).form(&form);
        Box::pin(async move { read(request.send().await).await })
    }

    fn upload<'a>(
        &'a self,
        url: &'a str,
        fields: Vec<(String, String)>,
        file: Vec<u8>,
    ) -> BoxFuture<'a, Result<Raw, Silence>> {
        let form = fields.into_iter().fold(Form::new(), |form, (name, value)| form.text(name, value));
        let form = form.part("file", Part::bytes(file).file_name("bulk_op_vars"));
        Box::pin(async move { read(self.client.post(url).timeout(FILE).multipart(form).send().await).await })
    }

    fn download<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Result<Raw, Silence>> {
        Box::pin(async move { read(self.client.get(url).timeout(FILE).send().await).await })
    }
}

async fn read(response: Result<Response, reqwest::Error>) -> Result<Raw, Silence> {
    let response = response.map_err(|error| silence(&error.without_url()))?;
    let headers = response.headers();
    let raw = Raw {
        status: response.status().as_u16(),
        version: text(headers, "x-shopify-api-version"),
        request: text(headers, "x-request-id"),
        retry_after: text(headers, "retry-after").and_then(|seconds| seconds.trim().parse().ok()),
        deprecated: text(headers, "x-shopify-api-deprecated-reason"),
        body: Vec::new(),
    };
    // The status line came, so the request was there: what is missing of the body does not undo it.
    let body = response.bytes().await.map_err(|error| Silence::Lost(words(&error.without_url())))?;
    Ok(Raw { body: body.into(), ..raw })
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.to_owned())
}

fn silence(error: &reqwest::Error) -> Silence {
    match error.is_connect() || error.is_builder() {
        true => Silence::NotSent(words(error)),
        false => Silence::Lost(words(error)),
    }
}

/// The innermost cause says most.
fn words(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "it did not answer in time".to_owned();
    }
    let mut inmost: &dyn std::error::Error = error;
    while let Some(cause) = inmost.source() {
        inmost = cause;
    }
    inmost.to_string()
}
