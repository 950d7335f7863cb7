//! The bucket, in virtual time: none is turned away, and nothing is left lying.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::*;

/// A shop that keeps its bucket as the real one does, answers after a while, and takes every tag.
struct Tagged {
    bucket: Mutex<(f64, Instant)>,
    delay: Duration,
    tags: Mutex<u64>,
    turned_away: Mutex<u64>,
    maximum: f64,
    restore: f64,
}

const MAXIMUM: f64 = 2_000.0;
const RESTORE: f64 = 100.0;

impl Tagged {
    fn new(delay: Duration) -> Arc<Tagged> {
        Tagged::sized(delay, MAXIMUM, RESTORE)
    }

    fn sized(delay: Duration, maximum: f64, restore: f64) -> Arc<Tagged> {
        let bucket = Mutex::new((maximum, Instant::now()));
        Arc::new(Tagged { bucket, delay, tags: Mutex::default(), turned_away: Mutex::default(), maximum, restore })
    }

    /// Another program takes points of the same bucket.
    fn drain(&self, points: f64) {
        self.bucket.lock().unwrap().0 -= points;
    }

    fn cost(&self, requested: f64, actual: Option<f64>, left: f64) -> Value {
        json!({"requestedQueryCost": requested, "actualQueryCost": actual, "throttleStatus":
            {"maximumAvailable": self.maximum, "currentlyAvailable": left.floor(), "restoreRate": self.restore}})
    }

    fn take(&self, points: f64) -> (bool, f64) {
        let mut bucket = self.bucket.lock().unwrap();
        let now = Instant::now();
        bucket.0 = (bucket.0 + (now - bucket.1).as_secs_f64() * self.restore).min(self.maximum);
        bucket.1 = now;
        let enough = bucket.0 >= points;
        if enough {
            bucket.0 -= points;
        }
        (enough, bucket.0)
    }
}

impl Wire for Tagged {
    fn post<'a>(&'a self, _: &'a Secret, body: Vec<u8>) -> BoxFuture<'a, Reply> {
        let body: Value = serde_json::from_slice(&body).unwrap();
        let calls = body["query"].as_str().unwrap().matches("tagsAdd").count();
        let points = calls as f64 * 10.0;
        Box::pin(async move {
            let (enough, left) = self.take(points);
            sleep(self.delay).await;
            if !enough {
                *self.turned_away.lock().unwrap() += 1;
                let errors = json!([{"message": "Throttled", "extensions": {"code": "THROTTLED"}}]);
                let cost = self.cost(points, None, left);
                return status(200, &json!({"errors": errors, "extensions": {"cost": cost}}));
            }
            *self.tags.lock().unwrap() += calls as u64;
            let data: serde_json::Map<String, Value> =
                (0..calls).map(|turn| (format!("u{turn}"), json!({"userErrors": []}))).collect();
            status(200, &json!({"data": data, "extensions": {"cost": self.cost(points, Some(points), left)}}))
        })
    }

    fn token<'a>(&'a self, _: &'a str, _: &'a Secret) -> BoxFuture<'a, Reply> {
        unreachable!("this shop has a lasting token")
    }

    fn upload<'a>(&'a self, _: &'a str, _: Vec<(String, String)>, _: Vec<u8>) -> BoxFuture<'a, Reply> {
        unreachable!("nothing is uploaded")
    }

    fn download<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Reply> {
        unreachable!("nothing is downloaded")
    }
}

/// On a small plan and on a large one, where the line could be too slow for the points.
#[tokio::test(start_paused = true)]
async fn ten_thousand_tags_take_as_long_as_the_points_take_to_come_back() {
    for (maximum, restore) in [(MAXIMUM, RESTORE), (20_000.0, 1_000.0)] {
        let wire = Tagged::sized(Duration::from_millis(400), maximum, restore);
        let ops: Vec<Op> = (0..10_000).map(tag_on).collect();
        let start = Instant::now();
        let outcomes = shop(wire.clone()).direct(ops[0].step, &ops, &NoLedger).await.unwrap();
        let (took, ideal) = (start.elapsed().as_secs_f64(), (100_000.0 - maximum) / restore);
        assert!(outcomes.iter().all(|outcome| kind(outcome).0 == "done"), "some tags are not on");
        assert_eq!(*wire.tags.lock().unwrap(), 10_000, "tags were written twice or not at all");
        assert_eq!(*wire.turned_away.lock().unwrap(), 0, "requests were sent without the points for them");
        assert!(took <= ideal * 1.1, "points lay idle: {took:.1} s instead of {ideal:.1} s");
    }
}

#[tokio::test(start_paused = true)]
async fn another_program_at_the_same_bucket_slows_us_down_and_no_more() {
    let wire = Tagged::new(Duration::from_millis(200));
    let ops: Vec<Op> = (0..2_000).map(tag_on).collect();
    let shop = shop(wire.clone());
    let other = async {
        for _ in 0..10 {
            sleep(Duration::from_secs(10)).await;
            wire.drain(500.0);
        }
    };
    let start = Instant::now();
    let (outcomes, ()) = tokio::join!(shop.direct(ops[0].step, &ops, &NoLedger), other);
    let took = start.elapsed().as_secs_f64();
    assert!(outcomes.unwrap().iter().all(|outcome| kind(outcome).0 == "done"), "being throttled counts as a failure");
    let fair = (2_000.0 * 10.0 - MAXIMUM) / RESTORE + 10.0 * 500.0 / RESTORE;
    // Each time the requests under way may be turned away, and no more: then the bucket is known again.
    let turned_away = *wire.turned_away.lock().unwrap();
    assert!(turned_away <= 10 * 8, "an empty bucket is asked on and on: {turned_away} were turned away");
    assert!(took <= fair * 1.1, "the other's points cost us more than they are: {took:.0} s instead of {fair:.0} s");
}

#[tokio::test(start_paused = true)]
async fn clones_share_one_bucket() {
    let wire = Tagged::new(Duration::from_millis(100));
    let ops: Vec<Op> = (0..1_000).map(tag_on).collect();
    let one = shop(wire.clone());
    let two = one.clone();
    let (a, b) = tokio::join!(one.direct(ops[0].step, &ops, &NoLedger), two.direct(ops[0].step, &ops, &NoLedger));
    assert!(a.and(b).is_ok(), "one of two clones failed");
    assert_eq!(*wire.turned_away.lock().unwrap(), 0, "clones count their points apart");
}

#[tokio::test(start_paused = true)]
async fn the_price_of_an_operation_is_learned() {
    let dear = |available: f64| {
        let data = json!({"u0": {"userErrors": []}});
        status(200, &json!({"data": data, "extensions": {"cost": cost(500.0, 500.0, available)}}))
    };
    let script = Script::new([dear(500.0), dear(0.0), dear(0.0)]);
    let shop = shop(script);
    let start = Instant::now();
    for _ in 0..3 {
        submit(&shop, &[tag_on(1)]).await.unwrap();
    }
    let waited = start.elapsed().as_secs_f64();
    assert!((4.9..5.2).contains(&waited), "the third is sent before its points are there: {waited} s");
    assert_eq!(shop.bucket().maximum, MAXIMUM, "the size of the bucket is not learned");
    assert!(shop.bucket().known, "what the shop said counts as a guess");
}
