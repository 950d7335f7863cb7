//! Every command of the one list as a Tauri command, and the few that only a window has.

use presell_catalog::listings::Listed;
use presell_catalog::why::Why;
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
                    work::tell(&handle, &[$(Topic::$w),*]);
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
        pub(crate) const NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}
presell_commands::with_commands!(adapters);
