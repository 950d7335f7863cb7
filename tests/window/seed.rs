//! The whole way of a merchandiser with the keyboard alone: no mouse, no click, and the system's own dialog for the file.

use serde_json::Value;

use crate::display::Display;
use crate::driver::{Home, Window, until};
use crate::keyboard::{CONTROL, ENTER};

const REFRESH: &str = "JOB_REL_PREODR_CAT";
const NAME: &str = "Auto refresh pre-sell catalog";
const ORDERS: &str = "po,line,sku,title,quantity,arrival date,facility,new style\nPO-1,1,S-1,Coat,10,2027-03-24,WH,Y\n";

#[test]
fn from_a_job_to_goods_that_arrive_without_a_mouse() {
    let home = Home::new();
    let window = Window::open(&home);
    skip_the_first_steps(&window);
    set_the_job_up(&window);
    change_it(&home, &window);
    cancel_it_and_undo(&window);
    tick_its_box(&home, &window);
    import_the_orders(&home, &window);
    see_why(&window);
    receive_the_goods(&window);
}

fn skip_the_first_steps(window: &Window) {
    window.says("First steps");
    window.palette("Pipeline");
}

fn set_the_job_up(window: &Window) {
    window.find("input[type=search]", "Search");
    window.keys("/");
    window.keys("refresh");
    window.find("a", NAME);
    window.tab_to(NAME);
    window.keys(ENTER);
    window.enter("button", "Switch on");
    window.says("On, next");
}

fn change_it(home: &Home, window: &Window) {
    let before = next_run(home);
    window.pick("Run time", "In an hour");
    window.pick("Frequency", "Hourly");
    window.fill("Max change percent", "40");
    window.says("Every 15 minutes → Hourly");
    window.chord(CONTROL, "s");
    window.says("Saved");
    let job = home.presell(&["job", "show", REFRESH]);
    assert_eq!(job["frequency"], "HOURLY", "the frequency is saved");
    assert!(next_run(home) > before, "the next run moves: {before} before, {} now", next_run(home));
}

fn next_run(home: &Home) -> String {
    home.presell(&["job", "show", REFRESH])["nextRun"].as_str().expect("it is on").to_owned()
}

fn cancel_it_and_undo(window: &Window) {
    window.enter("button", "Cancel job");
    window.says("Draft");
    window.says("Cancelled");
    window.tab_to("Cancelled");
    window.keys(ENTER);
    window.says("On, next");
    window.enter("button", "Cancel job");
    window.says("Draft");
}

fn tick_its_box(home: &Home, window: &Window) {
    window.palette("Pre-order");
    window.find("input[type=checkbox]", NAME);
    window.tab_to(NAME);
    window.keys(" ");
    window.says("first run");
    assert_eq!(home.presell(&["job", "show", REFRESH])["state"], Value::from("ENABLED"), "the tick switches it on");
}

fn import_the_orders(home: &Home, window: &Window) {
    let file = home.write("orders.csv", ORDERS);
    let display = Display::open();
    window.palette("Import");
    window.enter("button", "Choose a file");
    let dialog = display.window("Choose a file to import");
    display.focus(dialog);
    display.choose_file(&file.display().to_string());
    until("the dialog is closed", || display.visible("Choose a file to import").is_none());
    window.enter("button", "Review the rows");
    window.enter("button", "Import 1 row");
    window.says("1 row imported");
}

fn see_why(window: &Window) {
    window.palette("Catalog");
    window.enter("a", "S-1");
    window.says("Purchase order is open");
    window.says("Can be pre-ordered");
}

fn receive_the_goods(window: &Window) {
    window.palette("Purchase orders");
    window.enter("a", "PO-1");
    window.enter("a", "Line 1");
    window.fill("Pieces that arrived", "10");
    window.keys(ENTER);
    window.says("All here");
    window.enter("a", "Why is it listed or not?");
    window.says("Taken off the list");
    window.says("Everything still expected from this line has been received.");
}
