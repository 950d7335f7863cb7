//! What an event of the engine makes stale on the screens.

use presell_scheduler::engine::Event;

use crate::Topic;

/// The topics that `event` makes stale. Somebody else's change may be any; what a run did, too.
pub fn topics(event: &Event) -> &'static [Topic] {
    match event {
        Event::Changed | Event::Ended { .. } | Event::Recovered { .. } | Event::DatabaseBack => Topic::ALL,
        Event::Started { .. } | Event::Stale { .. } => &[Topic::Jobs, Topic::Runs, Topic::Health],
        Event::Resumed | Event::Unreadable { .. } | Event::DatabaseAway { .. } => &[Topic::Jobs, Topic::Health],
    }
}
