//! What can be typed after `presell job`, `runs` and `run`.

use clap::{Args, Subcommand};
use presell_commands::JobSetting;
use presell_scheduler::{CatchUp, Overlap, RunState};
use serde_json::{Map, Value};

#[derive(Debug, Subcommand)]
pub(crate) enum JobCommand {
    /// Show one job: schedule, parameters, what it does
    Show {
        /// The job, such as JOB_REL_PREODR_CAT
        id: String,
    },
    /// Switch a job on, so that it runs by itself
    #[command(after_help = "Examples:\n  \
        presell job enable JOB_REL_PREODR_CAT                          at its usual frequency\n  \
        presell job enable JOB_REL_PREODR_CAT --every HOURLY           hourly\n  \
        presell job enable PS_PURGE --cron \"0 3 * * SUN\" --zone Europe/Paris\n  \
        presell job enable JOB_PRC_PND_DML --param importPath=/srv/inbox")]
    Enable {
        /// The job
        id: String,
        #[command(flatten)]
        setup: Setup,
    },
    /// Change how and when a job runs; it stays switched on or off as it is
    #[command(after_help = "Examples:\n  \
        presell job save JOB_REL_PREODR_CAT --every EVERY_30_MIN       another frequency\n  \
        presell job save JOB_REL_PREODR_CAT --at tomorrow              the next run tomorrow, at this time of day\n  \
        presell job save JOB_REL_PREODR_CAT --param maxChangePercent=10")]
    Save {
        /// The job
        id: String,
        #[command(flatten)]
        setup: Setup,
        /// Save only if the job still has this version, so that nobody else's change is overwritten
        #[arg(long, value_name = "N")]
        if_version: Option<i64>,
    },
    /// Switch a job off; its settings and its history stay
    #[command(after_help = "Changed your mind? presell job undo ID")]
    Disable {
        /// The job
        id: String,
    },
    /// Take back switching off, as if it had not happened
    Undo {
        /// The job
        id: String,
    },
    /// Let a job rest until it is resumed
    Pause {
        /// The job
        id: String,
    },
    /// Let a paused job run again
    Resume {
        /// The job
        id: String,
        /// Make up for what fell due during the pause, as after a shutdown
        #[arg(long)]
        catch_up: bool,
    },
    /// Leave out the next run
    Skip {
        /// The job
        id: String,
    },
    /// Show the next runs, as it is or as it would be; nothing is saved
    #[command(after_help = "Examples:\n  \
        presell job preview PS_PURGE\n  \
        presell job preview PS_PURGE --cron \"30 2 * * *\" --zone Europe/Paris --at 2027-03-26T12:00")]
    Preview {
        /// The job
        id: String,
        #[command(flatten)]
        setup: Setup,
        /// How many
        #[arg(long, default_value_t = 5, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1000))]
        count: u16,
    },
    /// Run a job once, now, whatever its schedule says; waits for the end
    #[command(after_help = "Examples:\n  \
        presell job run JOB_REL_PREODR_CAT --dry-run                   show what would change\n  \
        presell job run JOB_REL_PREODR_CAT --param productId=SKU-1001,SKU-1002")]
    Run {
        /// The job
        id: String,
        /// A parameter for this run, as NAME=VALUE
        #[arg(long, value_name = "NAME=VALUE", value_parser = parameter)]
        param: Vec<(String, Value)>,
        /// Show what would change, and change nothing
        #[arg(long)]
        dry_run: bool,
    },
}

/// How and when a job runs.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Setup {
    /// How often: EVERY_5_MIN, EVERY_15_MIN, EVERY_30_MIN, HOURLY, EVERY_6_HOUR, EVERYDAY, ON_DEMAND, or a step such as 20m, 2h or 3d
    #[arg(long, value_name = "FREQUENCY", conflicts_with = "cron")]
    every: Option<String>,
    /// When, as a cron expression: minute, hour, day, month, weekday
    #[arg(long, value_name = "EXPRESSION")]
    cron: Option<String>,
    /// Whose clocks to go by, such as Europe/Paris; usually the store's
    #[arg(long, value_name = "ZONE")]
    zone: Option<String>,
    /// When it runs first: now, in-5-minutes, in-15-minutes, in-an-hour, tomorrow, 14:30 or 2026-12-24T09:00
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// A parameter, as NAME=VALUE; NAME= goes back to what is usual
    #[arg(long, value_name = "NAME=VALUE", value_parser = parameter)]
    param: Vec<(String, Value)>,
    /// What to do about runs missed while the computer slept: run_once, skip or run_all
    #[arg(long, value_name = "HOW")]
    catch_up: Option<CatchUp>,
    /// What to do if it falls due while still at work: follow_up, skip or stop_previous
    #[arg(long, value_name = "HOW")]
    overlap: Option<Overlap>,
    /// How often to try in all, if a failure may pass by itself
    #[arg(long, value_name = "N")]
    attempts: Option<i64>,
    /// Spread the starts over so many seconds
    #[arg(long, value_name = "SECONDS")]
    jitter: Option<i64>,
    /// End a run that takes longer
    #[arg(long, value_name = "SECONDS")]
    timeout: Option<i64>,
    /// Keep at least so many of its runs when history is purged
    #[arg(long, value_name = "N")]
    keep_runs: Option<i64>,
    /// Keep its runs at least so many days when history is purged
    #[arg(long, value_name = "DAYS")]
    keep_days: Option<i64>,
}

impl From<Setup> for JobSetting {
    fn from(setup: Setup) -> JobSetting {
        JobSetting {
            every: setup.every,
            cron: setup.cron,
            zone: setup.zone,
            at: setup.at,
            parameters: parameters(setup.param),
            catch_up: setup.catch_up,
            overlap: setup.overlap,
            max_attempts: setup.attempts,
            jitter_seconds: setup.jitter,
            timeout_seconds: setup.timeout,
            keep_runs: setup.keep_runs,
            keep_days: setup.keep_days,
        }
    }
}

#[derive(Args, Debug)]
pub(crate) struct Runs {
    /// Only of this job
    #[arg(long, value_name = "ID")]
    pub(crate) job: Option<String>,
    /// Only in this state: pending, queued, running, stopping, finished, partial, failed, crashed, cancelled or skipped
    #[arg(long, value_name = "STATE")]
    pub(crate) state: Option<RunState>,
    /// At most so many
    #[arg(long, default_value_t = 50, value_name = "N", value_parser = clap::value_parser!(i64).range(1..=100_000))]
    pub(crate) limit: i64,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RunCommand {
    /// Show one run: what it did, its parameters, its log
    Show {
        /// Its number, from `presell runs`
        id: i64,
    },
    /// Cancel a run that waits, or stop one that is at work
    Stop {
        /// Its number, from `presell runs`
        id: i64,
    },
}

/// Parameters as they were typed; the last of a name counts.
pub(crate) fn parameters(typed: Vec<(String, Value)>) -> Map<String, Value> {
    typed.into_iter().collect()
}

fn parameter(text: &str) -> Result<(String, Value), String> {
    let (name, value) = text.split_once('=').ok_or("give a parameter as NAME=VALUE")?;
    let value = if value.is_empty() { Value::Null } else { Value::from(value) };
    Ok((name.trim().to_owned(), value))
}
