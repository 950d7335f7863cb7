//! What each probe does. Chance hangs on the run, so that a look at its row tells what it meant to do.

use std::time::Duration;

use fastrand::Rng;
use presell_scheduler::engine::Work;
use presell_scheduler::runs::Request;
use presell_scheduler::{Done, Failure, Origin};
use tokio::time::sleep;

use super::{Probe, traces};

pub(super) async fn act(probe: Probe, work: &Work) -> Result<Done, Failure> {
    let mut chance = Rng::with_seed(work.run.id.unsigned_abs());
    match probe {
        Probe::Effect => traces::finish(work).await,
        Probe::Slow => slow(work, &mut chance).await,
        Probe::Failing => failing(work, &mut chance).await,
        Probe::Poison => poison(work, &mut chance).await,
        Probe::Parent => parent(work).await,
        Probe::Part => {
            sleep(Duration::from_millis(chance.u64(50..400))).await;
            traces::finish(work).await
        }
        Probe::Runaway => runaway(work, &mut chance).await,
    }
}

async fn slow(work: &Work, chance: &mut Rng) -> Result<Done, Failure> {
    let half = Duration::from_millis(chance.u64(250..2_000));
    // The deaf ones go on after their lease is lost, and find out when they commit.
    let deaf = chance.u8(..) < 80;
    for turn in 0..2 {
        tokio::select! {
            () = sleep(half) => {}
            () = work.token.cancelled(), if !deaf => {
                return Err(Failure::transient("STOPPED", "It was asked to stop."));
            }
        }
        if turn == 0 {
            work.progress(1, 2);
            traces::middle(work).await?;
        }
    }
    traces::finish_slowly(work, Duration::from_millis(chance.u64(..1_500))).await
}

async fn failing(work: &Work, chance: &mut Rng) -> Result<Done, Failure> {
    match chance.u8(..10) {
        0..3 => Err(Failure::transient("UNLUCKY", "It failed, as it does most of the time.")),
        3..6 => {
            let mut tx = work.begin().await?;
            traces::effect(&mut tx, work, "end").await?;
            tx.rollback().await?;
            Err(Failure::transient("UNLUCKY", "It failed just before its commit."))
        }
        6 => Err(Failure::permanent("HOPELESS", "It failed, and will not try again.")),
        _ => traces::finish(work).await,
    }
}

async fn poison(work: &Work, chance: &mut Rng) -> Result<Done, Failure> {
    match chance.u8(..24) {
        0 => std::process::abort(),
        1 => {
            let mut tx = work.begin().await?;
            traces::effect(&mut tx, work, "end").await?;
            std::process::abort()
        }
        2 => {
            traces::finish(work).await?;
            std::process::abort()
        }
        _ => traces::finish(work).await,
    }
}

async fn parent(work: &Work) -> Result<Done, Failure> {
    for _ in 0..3 {
        let request = Request {
            shop_id: work.run.shop_id.clone(),
            timeout_ms: Probe::Part.timeout_ms(),
            ..Request::new(Probe::Part.job_id(), work.run.store_id, Origin::Child, &work.run.actor)
        };
        work.child(request).await?;
    }
    let (parts, _) = work.wait_for_children().await?;
    if let Some(open) = parts.iter().find(|part| !part.state.is_ended()) {
        return Err(Failure::permanent("PART_OPEN", format!("Part {} had not ended.", open.id)));
    }
    traces::finish(work).await
}

async fn runaway(work: &Work, chance: &mut Rng) -> Result<Done, Failure> {
    match chance.u8(..3) {
        0 => loop {
            sleep(Duration::from_secs(1)).await;
        },
        1 => {
            sleep(Duration::from_secs(5)).await;
            traces::finish(work).await
        }
        _ => traces::finish(work).await,
    }
}
