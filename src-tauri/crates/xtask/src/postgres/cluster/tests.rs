//! The throwaway server for real; these need PostgreSQL on the machine, as all database tests do.

use super::*;
use crate::postgres::{Server, psql};

#[test]
fn a_port_that_was_taken_meanwhile_is_left_to_its_owner() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let taken = taken.local_addr().map(|address| (taken, address.port())).unwrap();
    let mut ports = [taken.1].into_iter();
    let cluster = Cluster::start_on(|| ports.next().map_or_else(free_port, Ok), Durability::Fast).unwrap();
    assert_ne!(cluster.port, taken.1, "the server moved on to another port");
}

#[test]
fn only_a_durable_server_forces_its_writes() {
    assert!(configuration(1, Durability::Fast).contains("fsync = off"), "tests never pull the plug");
    assert!(
        !configuration(1, Durability::Durable).contains("off"),
        "measurements and crash tests run as a company's server would"
    );
}

#[test]
fn a_server_answers_and_leaves_nothing_behind() {
    let cluster = Cluster::start(Durability::Fast).unwrap();
    let (folder, server) = (cluster.folder.clone(), Server::Throwaway(cluster));
    let programs = Programs::find().unwrap();
    let mut query = psql(&programs, &server.url());
    let said = process::run_quietly(query.args(["-At", "-c", "SELECT 'b' < 'C', current_setting('max_connections')"]))
        .unwrap();
    assert_eq!(said, "t|200", "text sorts as people sort it, and two hundred connections fit");
    drop(server);
    assert!(!folder.exists(), "the server's folder is removed");
    assert!(!folder.with_extension("lock").exists(), "and its lock");
    assert!(process::run_quietly(&mut query).is_err(), "nobody answers any more");
}

#[test]
fn the_server_of_a_killed_call_is_stopped_by_the_next() {
    let mut killed = Cluster::start(Durability::Fast).unwrap();
    let (folder, port) = (killed.folder.clone(), killed.port);
    fs::write(folder.join("marker"), "").unwrap();
    // A killed process frees its lock and runs no destructor.
    running().retain(|(running, _)| *running != folder);
    killed._owner = File::open("/dev/null").unwrap();
    std::mem::forget(killed);

    let next = Cluster::start(Durability::Fast).unwrap();
    assert!(!folder.join("marker").exists(), "the left-over is removed");
    assert_ne!(next.port, port, "the next call has a server of its own");
    assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_err(), "and its server is stopped");
}
