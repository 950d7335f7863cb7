//! Where things are in the repository.

use std::path::PathBuf;

/// The repository: the folder of the workspace's `Cargo.toml`.
pub(crate) fn root() -> PathBuf {
    let mut root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    // src-tauri/crates/xtask
    for _ in 0..3 {
        root.pop();
    }
    root
}

/// Cargo's target folder, also where the caller moved it.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |target| root().join(target))
}
