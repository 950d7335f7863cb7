//! Every command of the one list as a Tauri command, and the few that only a window has.

use presell_catalog::coming::Coming;
use presell_catalog::listings::Listed;
use presell_catalog::standing::ReasonsProgress;
use presell_catalog::what_if::Imagined;
use presell_commands::*;
use presell_imports::{Import, Undone};
use tauri::ipc::Invoke;
use tauri::{AppHandle, Runtime, State};

use crate::core::Core;
use crate::work;
use crate::{autostart, files, window};

macro_rules! adapters {
    ($($name:ident($req:ty) -> $res:ty, reads $r:tt, writes [$($w:ident),*];)*) => {
        $(
            #[tauri::command]
            async fn $name<R: Runtime>(handle: AppHandle<R>, core: State<'_, Core>, args: $req) -> Result<$res> {
                let app = core.app()?;
                let done = presell_commands::$name(&app, args).await;
                if done.is_ok() {
                    work::wrote(&handle, &app, &[$(Topic::$w),*]).await;
                }
                done
            }
        )*

        /// Answers every command of the list, and those of the window.
        pub(crate) fn handler<R: Runtime>() -> impl Fn(Invoke<R>) -> bool + Send + Sync + 'static {
            tauri::generate_handler![
                $($name,)*
                window::shell_status,
                window::set_unsaved,
                window::close_window,
                window::quit,
                work::reopen,
                autostart::start_at_login,
                files::pick_file,
                files::pick_target,
            ]
        }

        /// Names of the commands that this shell answers from the list.
        #[cfg(test)]
        const NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}
presell_commands::with_commands!(adapters);

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;
    use std::path::Path;

    use super::*;

    /// What only a window has, as the handler lists it.
    const OF_THE_WINDOW: &[&str] = &[
        "shell_status",
        "set_unsaved",
        "close_window",
        "quit",
        "reopen",
        "start_at_login",
        "pick_file",
        "pick_target",
    ];

    /// How often each command is granted, and by which permissions the window may use any.
    fn granted() -> (BTreeMap<String, usize>, Vec<String>) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src-tauri/permissions");
        let (mut commands, mut permissions) = (BTreeMap::new(), Vec::new());
        for file in fs::read_dir(folder).unwrap() {
            let text = fs::read_to_string(file.unwrap().path()).unwrap();
            let table: toml::Table = text.parse().unwrap();
            for permission in table["permission"].as_array().unwrap() {
                permissions.push(permission["identifier"].as_str().unwrap().to_owned());
                for command in permission["commands"]["allow"].as_array().unwrap() {
                    *commands.entry(command.as_str().unwrap().to_owned()).or_insert(0) += 1;
                }
            }
        }
        (commands, permissions)
    }

    #[test]
    fn every_command_is_granted_once_and_nothing_else_is() {
        let (granted, _) = granted();
        for name in NAMES.iter().chain(OF_THE_WINDOW) {
            assert_eq!(granted.get(*name), Some(&1), "{name}: one permission in src-tauri/permissions grants it");
        }
        let unknown: Vec<&String> =
            granted.keys().filter(|name| !NAMES.iter().chain(OF_THE_WINDOW).any(|known| known == name)).collect();
        assert!(unknown.is_empty(), "granted, but no command: {unknown:?}");
    }

    #[test]
    fn the_window_has_our_permissions_and_no_plugin() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src-tauri/capabilities/main.json");
        let capability: serde_json::Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        let (_, mut wanted) = granted();
        wanted.extend(["core:event:allow-listen", "core:event:allow-unlisten"].map(str::to_owned));
        wanted.sort();
        let mut has: Vec<&str> =
            capability["permissions"].as_array().unwrap().iter().filter_map(|p| p.as_str()).collect();
        has.sort_unstable();
        assert_eq!(has, wanted, "our own permissions and listening to events, nothing else");
        assert_eq!(capability["windows"], serde_json::json!(["main"]), "the one window, by its name");
    }
}
