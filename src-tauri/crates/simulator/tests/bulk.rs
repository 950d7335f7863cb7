//! Operations over a file, and over the whole catalogue.

use presell_simulator::journal::By;
use presell_simulator::shop::Policy;
use presell_simulator::{Clock, Fault, Faults, Shop, Simulator, Trouble};
use serde_json::{Value, json};

use crate::common::{data, open, policy};

const RUN: &str = "mutation($mutation: String!, $path: String!) { bulkOperationRunMutation(mutation: $mutation, stagedUploadPath: $path) {
  bulkOperation { id status url } userErrors { field message code } } }";
const READ: &str = "mutation($query: String!) { bulkOperationRunQuery(query: $query) { bulkOperation { id status } userErrors { code } } }";
const GET: &str = "query($id: ID!) { bulkOperation(id: $id) { status errorCode objectCount url partialDataUrl } }";
const CALL: &str = "mutation call($product: ID!, $variants: [ProductVariantsBulkInput!]!) { productVariantsBulkUpdate(productId: $product, variants: $variants) {
  product { id } userErrors { field message code } } }";
const STAGE: &str = "mutation { stagedUploadsCreate(input: [{resource: BULK_MUTATION_VARIABLES, filename: \"lines\", mimeType: \"text/jsonl\", httpMethod: POST}]) {
  stagedTargets { url parameters { name value } } userErrors { message } } }";

/// Uploads the lines as a client does, and gives their key.
async fn upload(simulator: &Simulator, lines: &str) -> String {
    let target = data(simulator, STAGE, json!({}))["stagedUploadsCreate"]["stagedTargets"][0].clone();
    let url = target["url"].as_str().expect("an address").to_owned();
    let mut body = String::new();
    let mut key = String::new();
    for parameter in target["parameters"].as_array().expect("parameters") {
        let (name, value) =
            (parameter["name"].as_str().unwrap_or_default(), parameter["value"].as_str().unwrap_or_default());
        if name == "key" {
            key = value.to_owned();
        }
        body += &format!("--XX\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    }
    body += &format!(
        "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"lines\"\r\nContent-Type: text/jsonl\r\n\r\n{lines}\r\n--XX--\r\n"
    );
    let status = tokio::task::spawn_blocking(move || {
        ureq::post(&url)
            .header("Content-Type", "multipart/form-data; boundary=XX")
            .send(&body)
            .map(|r| r.status().as_u16())
    });
    assert_eq!(status.await.expect("sent").expect("the upload is taken"), 201, "the upload is stored");
    key
}

async fn download(url: &Value) -> Vec<Value> {
    let url = url.as_str().expect("an address to download from").to_owned();
    let text =
        tokio::task::spawn_blocking(move || ureq::get(&url).call().and_then(|mut r| r.body_mut().read_to_string()));
    let text = text.await.expect("asked").expect("downloaded");
    text.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
}

fn lines(simulator: &Simulator, count: usize) -> String {
    (0..count).map(|n| policy(simulator, &format!("P{n:05}-S"), "CONTINUE").to_string() + "\n").collect()
}

async fn begin(simulator: &Simulator, clock: &Clock, lines: &str) -> Value {
    clock.advance(60_000);
    let path = upload(simulator, lines).await;
    data(simulator, RUN, json!({"mutation": CALL, "path": path}))["bulkOperationRunMutation"].clone()
}

fn polled(simulator: &Simulator, id: &Value) -> Value {
    data(simulator, GET, json!({"id": id}))["bulkOperation"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_line_of_the_file_is_done_and_says_how_it_went() {
    let (simulator, clock) = open(Shop::filled(20, 1)).await;
    let mut file = lines(&simulator, 20);
    file += "{\"product\": \"gid://shopify/Product/9999\", \"variants\": []}\n";
    file += "{\"product\": 7.5}\n";
    let begun = begin(&simulator, &clock, &file).await;
    assert_eq!(begun["bulkOperation"]["status"], "CREATED", "it waits for its turn: {begun}");
    let id = begun["bulkOperation"]["id"].clone();
    assert_eq!(polled(&simulator, &id)["status"], "RUNNING", "then it runs");
    let done = polled(&simulator, &id);
    assert_eq!(done["status"], "COMPLETED", "then it is through");
    assert_eq!(done["objectCount"], "22", "numbers of this kind are text");
    let result = download(&done["url"]).await;
    let order: Vec<u64> = result.iter().filter_map(|line| line["__lineNumber"].as_u64()).collect();
    let mut sorted = order.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, (0..22).collect::<Vec<u64>>(), "every line has its result, once");
    assert_ne!(order, sorted, "but in no order that could be relied on");
    let of = |n: u64| result.iter().find(|line| line["__lineNumber"] == n).expect("there");
    assert_eq!(
        of(20)["data"]["productVariantsBulkUpdate"]["userErrors"][0]["code"],
        "PRODUCT_DOES_NOT_EXIST",
        "a refusal is in its line"
    );
    assert!(of(21)["errors"].is_array(), "and so is a line that is not sound");
    let selling = simulator.shop().variants.values().filter(|v| v.policy == Policy::Continue).count();
    assert_eq!(selling, 20, "the good lines are done");
    let by_line = simulator.journal().iter().filter(|w| matches!(&w.by, By::Bulk { .. })).count();
    assert_eq!(by_line, 21, "each executed line is a write in the journal");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sixth_at_a_time_is_refused() {
    let (simulator, clock) = open(Shop::filled(3, 1)).await;
    for _ in 0..5 {
        let begun = begin(&simulator, &clock, &lines(&simulator, 1)).await;
        assert_eq!(begun["userErrors"], json!([]), "five may run");
    }
    let begun = begin(&simulator, &clock, &lines(&simulator, 1)).await;
    assert_eq!(begun["userErrors"][0]["code"], "LIMIT_REACHED", "the sixth may not");
    let list = "{ bulkOperations(first: 10, query: \"status:created\", reverse: true) { nodes { id status } } }";
    let running = data(&simulator, list, json!({}))["bulkOperations"]["nodes"].clone();
    assert_eq!(running.as_array().map(Vec::len), Some(5), "whoever lost their ids finds them again");
    let stop =
        "mutation($id: ID!) { bulkOperationCancel(id: $id) { bulkOperation { status } userErrors { message } } }";
    let said = data(&simulator, stop, json!({"id": running[0]["id"]}))["bulkOperationCancel"].clone();
    assert_eq!(said["bulkOperation"]["status"], "CANCELED", "one can be stopped");
    assert_eq!(begin(&simulator, &clock, &lines(&simulator, 1)).await["userErrors"], json!([]), "which makes room");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_fails_leaves_what_it_did_until_then() {
    let (simulator, clock) = open(Shop::filled(20, 1)).await;
    let fault = Fault::new(Trouble::BulkFails { after_lines: 7 }).on("bulkOperationRunMutation");
    simulator.set_faults(Faults { seed: 1, faults: vec![fault] });
    let id = begin(&simulator, &clock, &lines(&simulator, 20)).await["bulkOperation"]["id"].clone();
    let done = polled(&simulator, &id);
    assert_eq!(
        (&done["status"], &done["errorCode"]),
        (&json!("FAILED"), &json!("INTERNAL_SERVER_ERROR")),
        "it broke off"
    );
    assert_eq!(done["url"], Value::Null, "there is no whole result");
    assert_eq!(download(&done["partialDataUrl"]).await.len(), 7, "but a part of it");
    let selling = simulator.shop().variants.values().filter(|v| v.policy == Policy::Continue).count();
    assert_eq!(selling, 7, "and just that was done");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_catalogue_is_read_whole_with_children_after_their_parents() {
    let (simulator, _) = open(Shop::filled(300, 1)).await;
    let query = "{ products { edges { node { id status variants { edges { node { id sku inventoryItem { id tracked } } } } } } } }";
    let begun = data(&simulator, READ, json!({"query": query}))["bulkOperationRunQuery"].clone();
    let id = begun["bulkOperation"]["id"].clone();
    polled(&simulator, &id);
    let done = polled(&simulator, &id);
    assert_eq!(done["status"], "COMPLETED", "it is read: {begun}");
    let lines = download(&done["url"]).await;
    let (children, parents): (Vec<&Value>, Vec<&Value>) = lines.iter().partition(|line| line["__parentId"].is_string());
    assert_eq!(parents.len(), 300, "every product is there, however many pages it would have been");
    assert_eq!(children.len(), simulator.shop().variants.len(), "and every variant");
    let mut seen = std::collections::HashSet::new();
    for line in &lines {
        let parent = line["__parentId"].as_str();
        assert!(parent.is_none_or(|p| seen.contains(p)), "a child comes after its parent: {line}");
        seen.insert(line["id"].as_str().unwrap_or_default().to_owned());
    }
    assert!(children[0]["inventoryItem"]["id"].is_string(), "what is not a page stays within its line");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_never_uploaded_and_a_query_without_pages_are_refused() {
    let (simulator, _) = open(Shop::filled(1, 1)).await;
    let said = data(&simulator, RUN, json!({"mutation": CALL, "path": "tmp/1/bulk/7/lines"}));
    assert_eq!(said["bulkOperationRunMutation"]["userErrors"][0]["code"], "NO_SUCH_FILE", "there is no such file");
    let said = data(&simulator, READ, json!({"query": "{ shop { id } }"}));
    assert_eq!(said["bulkOperationRunQuery"]["userErrors"][0]["code"], "INVALID", "a bulk query reads pages");
}
