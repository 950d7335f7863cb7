//! The way of a merchandiser through the real window, from the first job to goods that arrive.

use serde_json::json;

use crate::driver::{Home, Window, until};

const INVOKE: &str = "window.__TAURI_INTERNALS__.invoke";
const NAME: &str = "Auto refresh pre-sell catalog";

#[test]
fn from_a_job_that_is_switched_on_to_goods_that_arrive() {
    let home = Home::new();
    let window = Window::open(&home);
    window.promise(&format!("{INVOKE}('finish_first_start', {{ args: {{}} }})"));
    set_a_job_up_and_change_it(&window);
    switch_it_on_by_its_box(&window);
    see_products_come_and_go(&home, &window);
}

fn set_a_job_up_and_change_it(window: &Window) {
    window.go("#/pipeline?f=off");
    window.keys("/");
    window.keys("refresh");
    // What is found stands where another row stood.
    let rows = "return document.querySelectorAll('#list li').length";
    until("the search leaves only what is looked for", || window.script(rows) == 1);
    window.click("a", NAME);
    window.choose("Frequency", "Hourly");
    window.write("Max change percent", "40");
    window.click("button", "Switch on");
    window.says("On, next");
    window.choose("Frequency", "Every 30 minutes");
    window.says("Hourly → Every 30 minutes");
    window.click("button", "Save changes");
    window.says("Saved");
    window.click("button", "Cancel job");
    window.undo("Cancelled");
    window.says("On, next");
    window.click("button", "Cancel job");
    window.says("Draft");
}

fn switch_it_on_by_its_box(window: &Window) {
    window.go("#/pre-order");
    window.click("input[type=checkbox]", NAME);
    window.says("first run");
    let ticked = window.script(&format!(
        "return [...document.querySelectorAll('input[type=checkbox]')].find((box) => box.labels[0]?.textContent.includes({NAME:?})).checked"
    ));
    assert_eq!(ticked, json!(true), "the box shows what is so");
}

fn see_products_come_and_go(home: &Home, window: &Window) {
    window.go("#/catalog");
    window.says("No products yet");
    let po = "po,sku,title,quantity,arrival date,facility,new style\nPO-1,S-1,<b>Coat</b>,10,2027-03-24,WH,Y\n";
    let file = home.write("po.csv", po);
    home.presell(&["import", "purchase-orders", &file.display().to_string()]);
    window.says("S-1");
    window.click("a", "S-1");
    window.says("Purchase order is open");
    let stock = home.write("stock.csv", "sku,facility,quantity\nS-1,WH,10\n");
    home.presell(&["import", "inventory", &stock.display().to_string()]);
    window.says("In stock");
    let bold = window.script("return document.querySelectorAll('main b').length + [...document.querySelectorAll('main *')].filter((e) => e.innerHTML.includes('<b>Coat')).length");
    assert_eq!(bold, json!(0), "a title is text, whatever is in it");
}
