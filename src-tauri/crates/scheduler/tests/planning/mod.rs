//! When a schedule is due, and what becomes of each occurrence; no database, no clock.
