//! What a node has in hand: each run it holds, and what its parts share.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use presell_store::{Db, Result, StoreError};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, broadcast, mpsc};
use tokio::task::AbortHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::alive::Alive;
use super::run_log::Note;
use super::{Clock, Event, Joined, Options};
use crate::machine::Ending;
use crate::{Millis, Registry, Run, RunState};

/// No single question to the database may take longer; then it counts as away. On a server that is a connection whose other
/// end vanished: half of the ten seconds after which a node shall be at work again, since the next ones may have to be tried,
/// too. A file does not vanish, but another program may keep it locked for a while.
const PATIENCE: Duration = Duration::from_secs(5);
const PATIENCE_WITH_A_FILE: Duration = Duration::from_secs(10);

/// Why a run was told to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// Somebody asked.
    Stop,
    /// This node is not trusted with it any more.
    Lease,
    /// The node quits.
    Quit,
    /// It took longer than allowed.
    Time,
}

/// One run that this node holds, from its claim until its end is written.
pub(super) struct Hand {
    pub(super) run: Run,
    pub(super) token: CancellationToken,
    /// Numbers the lines of its log.
    pub(super) lines: AtomicI64,
    state: Mutex<State>,
}

struct State {
    cause: Option<Cause>,
    trusted: Instant,
    handler: Option<AbortHandle>,
    ended: Option<RunState>,
    permit: Option<OwnedSemaphorePermit>,
}

impl Hand {
    pub(super) fn new(run: Run, trusted: Instant, permit: OwnedSemaphorePermit) -> Hand {
        let state = State { cause: None, trusted, handler: None, ended: None, permit: Some(permit) };
        Hand { run, token: CancellationToken::new(), lines: AtomicI64::new(0), state: Mutex::new(state) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells the handler to stop. The first cause counts, except that without a lease nothing else matters.
    pub(super) fn cancel(&self, cause: Cause) {
        let mut state = self.state();
        if state.cause.is_none() || cause == Cause::Lease {
            state.cause = Some(cause);
        }
        drop(state);
        self.token.cancel();
    }

    pub(super) fn cause(&self) -> Option<Cause> {
        self.state().cause
    }

    pub(super) fn trusted(&self) -> Instant {
        self.state().trusted
    }

    pub(super) fn trust(&self, until: Instant) {
        self.state().trusted = until;
    }

    pub(super) fn set_handler(&self, handler: AbortHandle) {
        self.state().handler = Some(handler);
    }

    /// Its handler does nothing any more.
    pub(super) fn is_over(&self) -> bool {
        self.state().handler.as_ref().is_none_or(AbortHandle::is_finished)
    }

    pub(super) fn abort(&self) {
        if let Some(handler) = &self.state().handler {
            handler.abort();
        }
    }

    /// Its handler ended it, with its last writes.
    pub(super) fn set_ended(&self, ended: RunState) {
        self.state().ended = Some(ended);
    }

    pub(super) fn ended(&self) -> Option<RunState> {
        self.state().ended
    }

    /// Gives its slot to another run, or takes one back.
    pub(super) fn set_permit(&self, permit: Option<OwnedSemaphorePermit>) {
        let before = std::mem::replace(&mut self.state().permit, permit);
        drop(before);
    }
}

/// What the parts of an engine share.
pub(super) struct Shared {
    pub(super) db: Db,
    pub(super) registry: Arc<dyn Registry>,
    pub(super) options: Options,
    pub(super) node: i64,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) alive: Option<Alive>,
    pub(super) slots: Arc<Semaphore>,
    pub(super) events: broadcast::Sender<Event>,
    pub(super) endings: mpsc::UnboundedSender<Ending>,
    pub(super) notes: mpsc::Sender<Note>,
    /// Look at once.
    pub(super) wake: Notify,
    /// Ask at once whether somebody wants a run stopped.
    pub(super) beat: Notify,
    /// A run was taken.
    pub(super) taken: Notify,
    /// A run ended, here.
    pub(super) ended: Notify,
    /// Nothing new is taken.
    pub(super) closed: CancellationToken,
    held: Mutex<HashMap<i64, Arc<Hand>>>,
    /// A claim is on its way: the database may already count runs that nobody here has heard of yet.
    claiming: AtomicBool,
    /// Database's clock minus this machine's.
    ahead: AtomicI64,
}

/// What the writers of endings and of logs read from.
pub(super) struct Ends {
    pub(super) endings: mpsc::UnboundedReceiver<Ending>,
    pub(super) notes: mpsc::Receiver<Note>,
}

impl Shared {
    pub(super) fn new(
        db: Db,
        registry: Arc<dyn Registry>,
        options: Options,
        joined: Joined,
        clock: Arc<dyn Clock>,
    ) -> (Arc<Shared>, Ends) {
        let (endings, endings_out) = mpsc::unbounded_channel();
        let (notes, notes_out) = mpsc::channel(4_096);
        let slots = usize::try_from(options.node.slots).unwrap_or(1).max(1);
        let shared = Shared {
            slots: Arc::new(Semaphore::new(slots)),
            events: broadcast::channel(1_024).0,
            wake: Notify::new(),
            beat: Notify::new(),
            taken: Notify::new(),
            ended: Notify::new(),
            closed: CancellationToken::new(),
            held: Mutex::default(),
            claiming: AtomicBool::new(false),
            ahead: AtomicI64::new(0),
            db,
            registry,
            options,
            node: joined.node,
            clock,
            alive: joined.alive,
            endings,
            notes,
        };
        (Arc::new(shared), Ends { endings: endings_out, notes: notes_out })
    }

    fn held(&self) -> MutexGuard<'_, HashMap<i64, Arc<Hand>>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn hold(&self, hand: Arc<Hand>) {
        self.held().insert(hand.run.id, hand);
        self.taken.notify_one();
    }

    /// Its end is written, or it is not ours any more.
    pub(super) fn release(&self, run: i64) {
        self.held().remove(&run);
        self.ended.notify_waiters();
    }

    pub(super) fn set_claiming(&self, on_its_way: bool) {
        self.claiming.store(on_its_way, Ordering::SeqCst);
    }

    pub(super) fn is_claiming(&self) -> bool {
        self.claiming.load(Ordering::SeqCst)
    }

    pub(super) fn hands(&self) -> Vec<Arc<Hand>> {
        self.held().values().cloned().collect()
    }

    pub(super) fn in_hand(&self) -> usize {
        self.held().len()
    }

    /// A listener is not needed.
    pub(super) fn tell(&self, event: Event) {
        let _ = self.events.send(event);
    }

    /// Asks the database, and waits only so long.
    pub(super) async fn ask<T>(&self, question: impl Future<Output = Result<T>>) -> Result<T> {
        let patience = if self.db.is_postgres() { PATIENCE } else { PATIENCE_WITH_A_FILE };
        let silence = |_| StoreError::Away(format!("it did not answer within {} seconds", patience.as_secs()));
        tokio::time::timeout(patience, question).await.map_err(silence)?
    }

    /// The database's clock said `now` just now.
    pub(super) fn set_now(&self, now: Millis) {
        self.ahead.store(now - self.clock.wall(), Ordering::Relaxed);
    }

    /// About what the database's clock says.
    pub(super) fn now(&self) -> Millis {
        self.clock.wall() + self.ahead.load(Ordering::Relaxed)
    }

    /// How long a run is trusted after a request that was sent at `sent`; the rest of the lease is for slow answers and
    /// clocks that do not run alike.
    pub(super) fn trusted_from(&self, sent: Instant) -> Instant {
        sent + self.options.lease * 5 / 6
    }
}
