//! Measures the window as it is shipped. Called by `cargo xtask bench --only window`, which puts it on a display and a bus of its
//! own and names the folder of the programs; each call answers one question with one JSON line.

#[expect(dead_code, reason = "the tests use the rest of it")]
mod driver;
#[expect(dead_code, reason = "the tests use the rest of it")]
mod machine;

mod measure;

fn main() {
    let question = std::env::args().nth(1).unwrap_or_default();
    let answer = match question.as_str() {
        "memory" => measure::memory(),
        "login" => measure::login(),
        "floor" => measure::floor(),
        "usable" => measure::usable(),
        "search" => measure::search(),
        other => panic!("memory, login, floor, usable or search can be asked, not \"{other}\""),
    };
    println!("{answer}");
}
