//! Journeys through the whole house: each runs the real `presell` on a fresh database of each kind, as a person would.
//! To add some, write a file beside this one and name it here; `support` has what they need.

// `cfg(test)` says what is true of the whole binary, so that helpers may unwrap like the tests they serve.
#[cfg(test)]
mod safety;
#[cfg(test)]
mod support;
#[cfg(test)]
mod usage;
