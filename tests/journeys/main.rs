//! Journeys through the whole house: each runs the real `presell` on a fresh database of each kind, as a person would.
//! To add some, write a file beside this one and name it here; `support` has what they need.

// `cfg(test)` says what is true of the whole binary, so that helpers may unwrap like the tests they serve.
#[cfg(test)]
mod brake;
#[cfg(test)]
mod checks_known;
#[cfg(test)]
mod checks_rows;
#[cfg(test)]
mod daemon;
#[cfg(test)]
mod files;
#[cfg(test)]
mod findings;
#[cfg(test)]
mod formats;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod job_input;
#[cfg(test)]
mod jobs;
#[cfg(test)]
mod numbers;
#[cfg(test)]
mod removals;
#[cfg(test)]
mod runs;
#[cfg(test)]
mod safety;
#[cfg(test)]
mod secrets;
#[cfg(test)]
mod shop;
#[cfg(test)]
mod shops;
#[cfg(test)]
mod shops_daemon;
#[cfg(test)]
mod shops_files;
#[cfg(test)]
mod shops_rules;
#[cfg(test)]
mod support;
#[cfg(test)]
mod usage;
