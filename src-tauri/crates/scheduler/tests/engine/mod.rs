//! Nodes at work, in this process.
