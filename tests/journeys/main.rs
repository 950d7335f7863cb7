//! Journeys through the whole house: each runs the real `presell` on a fresh database of each kind, as a person would.
//! To add some, write a file beside this one and name it here; `support` has what they need.

mod safety;
mod support;
mod usage;
