//! What a window leaves behind when it is closed, given back: in the tray Presell waits for days.

use std::fs;
use std::time::Duration;

use rustix::mm::{Advice, madvise};
use rustix::process::{Pid, Signal, kill_process};

/// After this long a page that is gone has no data left to write.
pub(crate) const UNTIL_WRITTEN: Duration = Duration::from_secs(3);

/// Gives back what the engine needed for a window. Only while there is none, on the thread that builds windows.
pub(crate) fn give_back() {
    end_network_process();
    forget_clean_pages(&fs::read_to_string("/proc/self/smaps").unwrap_or_default());
}

/// WebKit's network process outlives the last page: WebKitGTK keeps it as long as its context is there, and Tauri keeps that
/// for the next window. WebKit starts another as soon as there is a page.
fn end_network_process() {
    for process in children() {
        if fs::read_to_string(format!("/proc/{process}/comm")).is_ok_and(|name| name.starts_with("WebKitNetwork"))
            && let Some(process) = i32::try_from(process).ok().and_then(Pid::from_raw)
        {
            // It may have ended by itself; then there is nothing to do.
            let _ = kill_process(process, Signal::TERM);
        }
    }
}

/// The processes that this one started.
fn children() -> Vec<u32> {
    let threads = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let lists = threads.filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok());
    lists.flat_map(|list| list.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<_>>()).collect()
}

/// Lets go of pages of programs and libraries that are as they are in their files. Whoever needs one again gets it from
/// there, mostly from the system's cache.
fn forget_clean_pages(smaps: &str) {
    for (start, length) in clean(smaps) {
        #[expect(unsafe_code, reason = "the mapping cannot be written and nothing in it differs from its file")]
        // A mapping that is gone meanwhile is refused, which is as good.
        let _ = unsafe { madvise(start as *mut _, length, Advice::LinuxDontNeed) };
    }
}

/// Start and length of the mappings of files that cannot be written, and of which no page was ever changed: relocated
/// parts of libraries cannot be written either, but would be lost.
fn clean(smaps: &str) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    let mut open = false;
    for line in smaps.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            [range, rights, _, _, _, ref path @ ..] if rights.len() == 4 => {
                let ends =
                    range.split_once('-').map(|(a, b)| (usize::from_str_radix(a, 16), usize::from_str_radix(b, 16)));
                let of_file = rights.starts_with("r-")
                    && rights.ends_with('p')
                    && path.first().is_some_and(|p| p.starts_with('/'));
                open = false;
                if let (Some((Ok(start), Ok(end))), true) = (ends, of_file) {
                    found.push((start, end.saturating_sub(start)));
                    open = true;
                }
            }
            ["Private_Dirty:" | "Shared_Dirty:" | "Anonymous:" | "Swap:", kilobytes, "kB"]
                if open && kilobytes != "0" =>
            {
                found.pop();
                open = false;
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMAPS: &str = "\
1000-3000 r-xp 00000000 08:01 7 /usr/lib/libone.so
Private_Dirty:         0 kB
Anonymous:             0 kB
3000-4000 r--p 00002000 08:01 7 /usr/lib/libone.so
Private_Dirty:         4 kB
Anonymous:             4 kB
4000-5000 rw-p 00003000 08:01 7 /usr/lib/libone.so
Private_Dirty:         0 kB
5000-6000 r--s 00000000 08:01 8 /home/ann/presell.db-shm
Private_Dirty:         0 kB
6000-7000 r--p 00000000 00:00 0
Private_Dirty:         0 kB
7000-9000 r-xp 00000000 00:00 0 [vdso]
Private_Dirty:         0 kB
9000-a000 r--p 00000000 08:01 9 /usr/share/a file with spaces
Anonymous:             0 kB
";

    #[test]
    fn only_what_is_as_in_its_file_is_let_go() {
        let found = clean(SMAPS);
        assert_eq!(found, [(0x1000, 0x2000), (0x9000, 0x1000)], "nothing that was changed, can be, or is shared");
    }

    #[test]
    fn a_program_goes_on_after_its_pages_were_let_go() {
        let smaps = fs::read_to_string("/proc/self/smaps").expect("Linux tells it");
        assert!(clean(&smaps).len() > 2, "the test itself is made of such pages");
        forget_clean_pages(&smaps);
        let text: String = std::hint::black_box(["still", "here"]).join(" ");
        assert_eq!(text, "still here", "code and constants come back from their files");
    }
}
