//! A process that ends anywhere, a full drive, a drive that is gone.

use std::fs::{self, File};

use super::*;

#[test]
fn a_process_that_ends_anywhere_leaves_the_old_state_or_the_new_one_with_just_its_changes() {
    for ill in [Ill::EndsBefore, Ill::EndsAfter] {
        let (mut old, mut new) = (0, 0);
        for at in 0.. {
            let folder = ready();
            submit(&sound(folder.path()), &lists("A", 9)).expect("it is written");
            let frail = Frail::new(ill, at);
            let _ = submit(&on(&frail, folder.path()), &[takes_off("A"), lists("B", 5)].concat());
            // The next process looks before it does anything.
            let seen = sound(folder.path()).inner.see(&["A".to_owned(), "B".to_owned()]).expect("it can be read");
            let sells: Vec<bool> = seen.iter().map(|seen| seen.continues).collect();
            match *sells {
                [true, false] => old += 1,
                [false, true] => new += 1,
                _ => panic!("{ill:?} at call {at}: half of a change is shown: {sells:?}"),
            }
            check(folder.path());
            if frail.held() {
                assert!(old > 3 && new > 3, "{ill:?}: it ended before and after the moment that counts: {old}, {new}");
                break;
            }
        }
    }
}

#[test]
fn what_was_done_is_not_written_a_second_time_after_a_crash() {
    for at in 0.. {
        let folder = ready();
        let frail = Frail::new(Ill::EndsAfter, at);
        let _ = submit(&on(&frail, folder.path()), &lists("A", 9));
        submit(&sound(folder.path()), &lists("A", 9)).expect("it is written");
        assert_eq!(changes(folder.path()).len(), 1, "ended at call {at}: one change, written once");
        check(folder.path());
        if frail.held() {
            break;
        }
    }
}

#[test]
fn a_full_drive_leaves_everything_as_it_was_and_says_what_to_do() {
    for at in 0.. {
        let folder = ready();
        submit(&sound(folder.path()), &lists("A", 9)).expect("it is written");
        let frail = Frail::new(Ill::Full, at);
        let done = submit(&on(&frail, folder.path()), &lists("B", 9));
        let Err(error) = done else {
            assert!(at >= 4, "each file that is staged found the drive full once");
            break;
        };
        assert!(
            matches!(&error, ShopError::Blocked(words) if words.contains("is full") && words.contains("Make room")),
            "{error}"
        );
        assert_eq!(check(folder.path()), 1, "full at call {at}: nothing is half-written, nothing is left");
        submit(&sound(folder.path()), &lists("B", 9)).expect("with room it goes on");
        assert_eq!((check(folder.path()), changes(folder.path()).len()), (2, 2), "and is written once");
    }
}

#[test]
fn a_folder_that_is_gone_or_not_the_one_says_so() {
    let said = |folder: &Path| sound(folder).inner.see(&["A".to_owned()]).expect_err("it is not right").to_string();
    let folder = ready();
    submit(&sound(folder.path()), &lists("A", 9)).expect("it is written");
    fs::rename(folder.path().join("listings.json"), folder.path().join("elsewhere")).expect("it is moved");
    assert!(said(folder.path()).contains("listings.json is gone"), "listings that are gone list nobody off");
    assert!(submit(&sound(folder.path()), &lists("B", 9)).is_err(), "and nothing is written as if there had been none");
    fs::write(folder.path().join("listings.json"), "{\"format\": 1, \"listings\": [").expect("it is written");
    assert!(
        said(folder.path()).contains("cannot be read"),
        "half of a file that others made is not taken for the truth"
    );
    fs::write(folder.path().join("listings.json"), "{\"format\": 2, \"listings\": []}").expect("it is written");
    assert!(said(folder.path()).contains("newer Presell"), "nor is one that is not understood");
    fs::rename(folder.path().join("elsewhere"), folder.path().join("listings.json")).expect("it is back");
    fs::remove_dir_all(folder.path().join("changes")).expect("it is gone");
    assert!(
        said(folder.path()).contains("Perhaps its drive is not connected"),
        "an empty place where a drive belongs is no empty shop"
    );
    let gone = path(&folder);
    drop(folder);
    assert!(said(&gone).contains("There is no folder"), "a folder that is gone is named");
    assert!(
        matches!(super::super::prepare(&gone), Err(ShopError::Blocked(_))),
        "and is not made by us: it may be a typing error"
    );
    assert!(!gone.exists(), "nothing was made in its place");
}

#[test]
fn two_processes_do_not_write_at_once() {
    let folder = ready();
    let other = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(folder.path().join(".presell.lock"))
        .expect("a lock");
    other.try_lock().expect("it is free");
    let error = submit(&sound(folder.path()), &lists("A", 9)).expect_err("another one is at work");
    assert!(error.to_string().contains("Another Presell"), "it says so: {error}");
    drop(other);
    submit(&sound(folder.path()), &lists("A", 9)).expect("now it may");
}

#[test]
fn what_somebody_else_changed_meanwhile_is_not_overwritten_unseen() {
    let folder = ready();
    let files = sound(folder.path());
    submit(&files, &lists("A", 9)).expect("it is written");
    let planned =
        Op { expect: Expect::Digest("PRE_ORDER 2027-01-13 10".to_owned()), ..op(Step::Remark, "A", Some(listing(12))) };
    let text = fs::read_to_string(folder.path().join("listings.json")).expect("it is read");
    fs::write(folder.path().join("listings.json"), text.replace("2027-01-13", "2027-02-01")).expect("somebody writes");
    let error = submit(&files, std::slice::from_ref(&planned)).expect_err("it was planned on something else");
    assert!(error.to_string().contains("Somebody else changed"), "it says so: {error}");
    fs::write(folder.path().join("listings.json"), text).expect("it is put back");
    submit(&files, &[planned]).expect("as it was planned it is done");
}

#[test]
fn errors_of_the_machine_are_told_in_words_that_help() {
    let of = |kind: io::ErrorKind| super::super::trouble::of(Path::new("/shop"), &kind.into());
    for (kind, words) in [
        (io::ErrorKind::NotFound, "put it back"),
        (io::ErrorKind::PermissionDenied, "Allow the account"),
        (io::ErrorKind::ReadOnlyFilesystem, "Make it writable"),
        (io::ErrorKind::QuotaExceeded, "Make room"),
    ] {
        let error = of(kind);
        assert!(matches!(&error, ShopError::Blocked(said) if said.contains(words)), "somebody has to act: {error}");
    }
    assert!(
        matches!(of(io::ErrorKind::StaleNetworkFileHandle), ShopError::Away(_)),
        "a network may come back by itself"
    );
}
