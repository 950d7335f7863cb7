//! Operations as a file that the shop works off by itself: no points, no hurry, and every line of the result is read.

mod result;

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::sleep;

use super::answer::Trouble;
use super::client::{Client, Repeat, Request};
use super::documents::{BULK_GET, BULK_LIST, BULK_RUN, STAGE};
use super::read::question;
use super::retry::Backoff;
use super::write::{Verdict, Write, units};
use crate::adapter::{Ledger, Outcome, Reason, ShopError};
use crate::plan::{Op, Step};

const FIRST_LOOK: Duration = Duration::from_secs(1);
const LONGEST_LOOK: Duration = Duration::from_secs(30);

/// One bulk operation of one step.
pub(super) struct Bulk<'a> {
    pub(super) client: &'a Client,
    pub(super) write: &'a dyn Write,
    pub(super) ops: &'a [Op],
    pub(super) step: Step,
    pub(super) ledger: &'a dyn Ledger,
}

/// An operation that the shop ended.
pub(super) struct Ended {
    completed: bool,
    status: String,
    url: Option<String>,
}

impl Bulk<'_> {
    /// What the file did of each operation; none: the shop did not take the file, nothing was done. Once the shop has taken
    /// it, whatever goes wrong leaves operations unknown: the ledger then says that it still runs.
    pub(super) async fn run(&self) -> Result<Option<Vec<Verdict>>, ShopError> {
        let places: Vec<usize> = (0..self.ops.len()).collect();
        let lines = units(self.write, self.ops, &places, self.write.line());
        let Some(id) = self.started(&lines).await? else { return Ok(None) };
        self.ledger.started(&id, self.step, self.ops.len()).await?;
        let unknown = |why: String| Some(vec![Verdict::Is(Outcome::Unknown(Reason::new("BULK", why))); self.ops.len()]);
        let ended = match ended(self.client, &id).await {
            Ok(Some(ended)) => ended,
            Ok(None) => {
                let why = "The shop does not know the bulk operation any more.";
                self.ledger.ended(&id, "failed", Some(why)).await?;
                return Ok(unknown(why.to_owned()));
            }
            Err(error) => return Ok(unknown(format!("The bulk operation was begun, but not seen to end: {error}"))),
        };
        let Some(text) = self.result(&id, &ended).await else {
            let why = format!("The bulk operation is {}, but its result cannot be fetched.", ended.status);
            self.ledger.ended(&id, "partial", Some(&why)).await?;
            return Ok(unknown(why));
        };
        let (verdicts, count) = result::read(self.write, self.ops, &lines, &text, &ended.status);
        let state = match (ended.completed && count.whole(), count.done) {
            (true, _) => "done",
            (false, 0) => "failed",
            (false, _) => "partial",
        };
        self.ledger.ended(&id, state, (state != "done").then(|| count.words(&ended.status)).as_deref()).await?;
        Ok(Some(verdicts))
    }

    /// Puts the file there and starts it. None: it did not begin, for a reason that does not hinder direct calls.
    async fn started(&self, lines: &[Vec<usize>]) -> Result<Option<String>, ShopError> {
        let staged = match self
            .client
            .ask(&question(
                &STAGE,
                json!({"input": [{"resource": "BULK_MUTATION_VARIABLES",
            "filename": "bulk_op_vars", "mimeType": "text/jsonl", "httpMethod": "POST"}]}),
                11.0,
            ))
            .await
        {
            Ok(data) => data,
            Err(trouble) => return passable(trouble),
        };
        let target = &staged["stagedUploadsCreate"]["stagedTargets"][0];
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let fields: Vec<(String, String)> = (target["parameters"].as_array().into_iter().flatten())
            .filter_map(|parameter| Some((text(&parameter["name"])?, text(&parameter["value"])?)))
            .collect();
        let path = fields.iter().find(|(name, _)| name == "key").map(|(_, path)| path.clone());
        let (Some(url), Some(path)) = (target["url"].as_str(), path) else {
            return not_begun("the shop gave no place for the file");
        };
        if let Err(why) = self.upload(url, fields, self.file(lines)).await {
            return not_begun(&why);
        }
        let mutation = self.write.mutation();
        let name = format!("{}_{:016x}", mutation.name, fastrand::u64(..));
        let variables = json!({"mutation": mutation.bulk(&name), "path": path, "cid": format!("presell-{name}")});
        let run = Request { repeat: Repeat::Never, ..question(&BULK_RUN, variables, 11.0) };
        match self.client.call(&run, Some(self.ledger)).await {
            Ok(answer) => {
                let payload = &answer.data["bulkOperationRunMutation"];
                match payload["bulkOperation"]["id"].as_str() {
                    Some(id) => Ok(Some(id.to_owned())),
                    None => not_begun(&payload["userErrors"].to_string()),
                }
            }
            // It may have begun: then the list of operations has it under its name.
            Err(Trouble::Lost(_) | Trouble::Ill(_)) => self.found(&name).await,
            Err(trouble) => passable(trouble),
        }
    }

    async fn found(&self, name: &str) -> Result<Option<String>, ShopError> {
        let data = self.client.ask(&question(&BULK_LIST, json!({}), 12.0)).await?;
        let nodes = data["bulkOperations"]["nodes"].as_array().into_iter().flatten();
        let mut ours = nodes.filter(|node| node["query"].as_str().is_some_and(|query| query.contains(name)));
        Ok(ours.next().and_then(|node| node["id"].as_str()).map(str::to_owned))
    }

    /// One line of variables for each call.
    fn file(&self, lines: &[Vec<usize>]) -> Vec<u8> {
        let mut file = Vec::with_capacity(lines.len() * 256);
        for line in lines {
            let ops: Vec<&Op> = line.iter().map(|place| &self.ops[*place]).collect();
            file.extend_from_slice(Value::Object(self.write.variables(&ops)).to_string().as_bytes());
            file.push(b'\n');
        }
        file
    }

    async fn upload(&self, url: &str, fields: Vec<(String, String)>, file: Vec<u8>) -> Result<(), String> {
        let mut backoff = Backoff::default();
        loop {
            let why = match self.client.wire().upload(url, fields.clone(), file.clone()).await {
                Ok(raw) if (200..300).contains(&raw.status) => return Ok(()),
                Ok(raw) => format!("the store of files answers {}", raw.status),
                Err(silence) => format!("{silence:?}"),
            };
            match backoff.next() {
                Some(wait) => sleep(wait).await,
                None => return Err(why),
            }
        }
    }

    /// The lines of the result. An address that has run out is asked for anew.
    async fn result(&self, id: &str, ended: &Ended) -> Option<Vec<u8>> {
        let mut url = ended.url.clone();
        let mut backoff = Backoff::default();
        loop {
            let Some(address) = url else { return Some(Vec::new()) };
            if let Ok(raw) = self.client.wire().download(&address).await
                && raw.status == 200
            {
                return Some(raw.body);
            }
            sleep(backoff.next()?).await;
            url = look(self.client, id).await.ok()??.url;
        }
    }
}

/// Waits until the shop has ended an operation; none: it does not know it.
pub(super) async fn ended(client: &Client, id: &str) -> Result<Option<Ended>, ShopError> {
    let mut pause = FIRST_LOOK;
    loop {
        sleep(pause).await;
        match look(client, id).await? {
            Some(Ended { status, .. }) if matches!(status.as_str(), "CREATED" | "RUNNING" | "CANCELING") => {}
            other => return Ok(other),
        }
        pause = pause.mul_f64(1.5).min(LONGEST_LOOK);
    }
}

async fn look(client: &Client, id: &str) -> Result<Option<Ended>, ShopError> {
    let mut data = client.ask(&question(&BULK_GET, json!({"id": id}), 1.0)).await?;
    let operation = data["bulkOperation"].take();
    let text = |name: &str| operation[name].as_str().map(str::to_owned);
    Ok(text("status").map(|status| Ended {
        completed: status == "COMPLETED",
        url: text("url").or_else(|| text("partialDataUrl")),
        status,
    }))
}

/// Only a shop that stopped as a whole hinders direct calls too.
fn passable(trouble: Trouble) -> Result<Option<String>, ShopError> {
    match trouble {
        Trouble::Shop(_) | Trouble::Token(_) | Trouble::NotSent(_) => Err(trouble.into()),
        other => not_begun(&ShopError::from(other).to_string()),
    }
}

fn not_begun(why: &str) -> Result<Option<String>, ShopError> {
    tracing::warn!(why, "no bulk operation: direct calls do it");
    Ok(None)
}
