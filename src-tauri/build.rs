//! Checks the configuration of the shell and bakes it in.

fn main() {
    // Patterns of our own are not watched by Tauri itself.
    for folder in ["capabilities", "permissions"] {
        println!("cargo:rerun-if-changed=src-tauri/{folder}");
    }
    let permissions = tauri_build::AppManifest::new().permissions_path_pattern("./src-tauri/permissions/**/*");
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("./src-tauri/capabilities/**/*")
        .app_manifest(permissions);
    tauri_build::try_build(attributes).expect("a valid Tauri configuration");
}
