//! The jobs: one file each, with id, label, plain-language help, typed parameters and handler. [`DEFINITIONS`] is the
//! list of these files. To add a job, write its file beside `refresh_catalog.rs` and name it in the list.

mod definition;
mod parameters;
mod run;

pub mod refresh_catalog;

pub use definition::{Definition, Page};
pub use parameters::{BadParameter, Kind, Parameter, Values};
pub use run::{Context, RunError, Ticket};

/// Every job that Presell knows.
pub static DEFINITIONS: &[&Definition] = &[&refresh_catalog::DEFINITION];

/// The job with this id.
pub fn find(id: &str) -> Option<&'static Definition> {
    DEFINITIONS.iter().find(|d| d.id == id).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_job_has_an_id_a_label_help_and_explained_parameters() {
        for job in DEFINITIONS {
            assert!(!job.id.is_empty() && job.id.len() <= 20, "{}: an id has 1 to 20 characters", job.id);
            assert!(!job.label.is_empty() && !job.group.is_empty(), "{}: a job has a label and a group", job.id);
            assert!(job.help.ends_with('.'), "{}: help is written in sentences", job.id);
            for parameter in job.parameters {
                assert!(parameter.help.ends_with('.'), "{}.{}: help is written in sentences", job.id, parameter.name);
            }
            assert_eq!(find(job.id).map(|d| d.id), Some(job.id), "{}: an id names one job", job.id);
        }
    }
}
