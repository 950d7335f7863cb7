//! What only Linux needs.

pub(crate) mod memory;

/// WebKitGTK shows an empty window with NVIDIA's driver under Wayland (WebKit bugs 261874 and 280210) unless explicit
/// synchronisation is off. Nothing is touched that the person has set.
pub(crate) fn mend_blank_windows() {
    const SYNC: &str = "__NV_DISABLE_EXPLICIT_SYNC";
    let nvidia = std::path::Path::new("/proc/driver/nvidia/version").exists();
    if nvidia && std::env::var_os(SYNC).is_none() {
        // No other thread exists yet that could read the environment.
        #[expect(unsafe_code, reason = "main has just begun; the variable must be set before WebKit is loaded")]
        unsafe {
            std::env::set_var(SYNC, "1");
        }
    }
}

/// Whether anything on this desktop shows tray icons. Building a tray succeeds even where nothing does.
pub(crate) fn tray_can_be_seen() -> bool {
    const WATCHER: &str = "org.kde.StatusNotifierWatcher";
    let asked = || -> zbus::Result<bool> {
        let property = (WATCHER, "IsStatusNotifierHostRegistered");
        let bus = zbus::blocking::Connection::session()?;
        let properties = Some("org.freedesktop.DBus.Properties");
        let answer = bus.call_method(Some(WATCHER), "/StatusNotifierWatcher", properties, "Get", &property)?;
        Ok(answer.body().deserialize::<zbus::zvariant::Value<'_>>()?.try_into()?)
    };
    // Its own thread: blocking calls must not wait inside the runtime.
    std::thread::spawn(move || asked().unwrap_or(false)).join().unwrap_or(false)
}
