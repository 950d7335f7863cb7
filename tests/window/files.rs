//! Files that come to the window from elsewhere.

use crate::display::Display;
use crate::drag::Drag;
use crate::driver::{Home, Window, until};

const LET_GO: &str = "Let go to look at this file";

#[test]
fn a_file_that_is_dropped_is_looked_at_and_nothing_is_imported_unasked() {
    let home = Home::new();
    let window = Window::open(&home);
    window.says("First steps");
    window.go("#/import");
    window.says("Choose a file");
    let file = home.write("Été orders.csv", "po,sku,quantity,arrival date,facility\nPO-1,S-1,10,2027-03-24,WH\n");
    let display = Display::open();
    let over = || {
        let drag = Drag::onto(&display, display.window("Presell"), &file);
        drag.until_welcome();
        drag
    };
    // The page begins to listen to a drag's end last; who has heard one go away hears one being let go.
    until("a file that comes and goes away is heard and forgotten", || {
        let drag = over();
        let came = window.text().contains(LET_GO);
        drag.go_away();
        came && !window.text().contains(LET_GO)
    });
    let drag = over();
    window.says(LET_GO);
    drag.let_go();
    window.says("Été orders.csv");
    window.says("Which column is which");
    let imports = home.presell(&["imports"]);
    assert_eq!(imports.as_array().map(Vec::len), Some(0), "nothing is in before somebody says so: {imports}");
}
