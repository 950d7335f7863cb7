//! The demo shop in virtual time.

use std::time::Duration;

use presell_simulator::shop::{Access as Rights, Plan};
use presell_simulator::{Clock, Options, Shop, Simulator};
use tokio::time::Instant;

use super::simulated::{all, ops, plus};
use super::*;

/// 2026-11-25T12:00:00Z.
const NOON: i64 = 1_795_608_000_000;

/// The demo shop without a network, so that it can live in the time of a test.
pub(super) struct Near {
    pub(super) simulator: Simulator,
}

impl Near {
    pub(super) async fn open(shop: Shop) -> Arc<Near> {
        let start = Instant::now();
        let now = move || NOON + i64::try_from(start.elapsed().as_millis()).unwrap_or(i64::MAX);
        let options = Options { shop: Some(shop), clock: Clock::Of(Arc::new(now)), ..Options::default() };
        Arc::new(Near { simulator: Simulator::start(options).await.expect("the demo shop starts on a free port") })
    }
}

impl Wire for Near {
    fn post<'a>(&'a self, token: &'a Secret, body: Vec<u8>) -> BoxFuture<'a, Reply> {
        let (code, said) = self.simulator.call("2026-10", token.expose(), &serde_json::from_slice(&body).unwrap());
        Box::pin(async move {
            tokio::time::sleep(Duration::from_millis(100)).await;
            status(code, &said)
        })
    }

    fn token<'a>(&'a self, _: &'a str, _: &'a Secret) -> BoxFuture<'a, Reply> {
        unreachable!("the demo shop is near by its lasting token")
    }

    fn upload<'a>(&'a self, _: &'a str, _: Vec<(String, String)>, _: Vec<u8>) -> BoxFuture<'a, Reply> {
        unreachable!("files go over the network")
    }

    fn download<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Reply> {
        unreachable!("files go over the network")
    }
}

#[tokio::test(start_paused = true)]
async fn a_shop_with_few_points_is_filled_in_the_time_they_take_to_come_back() {
    let mut shop = plus(600);
    shop.plan = Plan::Standard;
    let near = Near::open(shop).await;
    let shopify = Shopify::over(near.clone(), config(Access::Token(Rights::TOKEN.into())));
    let seen = all(&shopify, 600).await;
    tokio::time::sleep(Duration::from_secs(30)).await;
    let start = Instant::now();
    let outcomes = submit(&shopify, &ops(Step::TagOn(Class::PreOrder), &seen, None)).await.unwrap();
    assert!(outcomes.iter().all(|outcome| kind(outcome).0 == "done"), "some tags are not on");
    let (took, ideal) = (start.elapsed().as_secs_f64(), (600.0 * 10.0 - 2_000.0) / 100.0);
    assert!(took <= ideal * 1.1, "points lay idle: {took:.1} s instead of {ideal:.1} s");
    assert_eq!(near.simulator.requests().1, 0, "requests were sent without the points for them");
}
