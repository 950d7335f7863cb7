//! What the page shows: lists, counts, search, order, pages.

use presell_catalog::browse::{List, Sort};
use presell_catalog::rules::{Class, Code};
use presell_commands::{
    AddShop, BrowseCatalog, ExportCatalog, Nothing, add_shop, browse_catalog, catalog_in_shops, export_catalog,
    show_status,
};
use presell_imports::headers::Kind;
use presell_shops::settings::ShopSettings;
use presell_shops::shop::Platform;

use crate::desk::{Desk, desk_test, skus};

/// Two pre-orders, one backorder, one in stock, one that nothing brings.
async fn shop(desk: Desk) -> Desk {
    let titles = ["A-1,Café parka", "A-2,Parka 100%_cotton", "B-1,Boot", "C-1,Crew", "D-1,<b>Dress</b>"];
    desk.takes(Kind::Products, "sku,title", &titles).await;
    desk.orders(&[
        "PO-7,1,A-1,10,2026-12-20,WH,Y,APPROVED",
        "PO-7,2,A-2,20,2026-12-01,WH,Y,APPROVED",
        "PO-8,1,B-1,5,2026-12-24,WH,N,CREATED",
        "PO-8,2,C-1,5,2026-12-24,WH,N,CREATED",
    ])
    .await;
    desk.stock(&["A-1,0,WH", "A-2,0,WH", "B-1,0,WH", "C-1,4,WH", "D-1,0,WH"]).await;
    desk
}

desk_test! {
    async fn every_product_is_in_one_list_or_has_a_reason(desk: Desk) {
        let desk = shop(desk).await;
        let before = desk.browse(BrowseCatalog::default()).await;
        assert_eq!((before.total, before.due, before.rows.len()), (5, 5, 5), "products are shown before any refresh");
        assert_eq!(before.waiting.refreshed_at, None, "and the page can say that there was none");
        assert!(before.rows.iter().all(|row| row.due && row.reasons.is_empty()), "no reason is made up: {before:#?}");

        desk.refresh().await;
        assert_eq!(desk.work_out().await, 5, "each product is looked at once");
        let page = desk.browse(BrowseCatalog::default()).await;
        let counts = page.counts;
        assert_eq!((counts.products, counts.pre_order, counts.backorder, counts.not_listed), (5, 2, 1, 2), "the lists");
        let reasons: Vec<_> = page.reasons.iter().map(|r| (r.code, r.count)).collect();
        assert_eq!(reasons, [(Code::InStock, 1), (Code::NoPo, 1)], "and a reason for each of the others");
        assert_eq!((page.due, page.waiting.products), (0, 0), "nothing is left to work out, nothing waits");
        assert_eq!(skus(&page), ["A-1", "A-2", "B-1", "C-1", "D-1"], "by SKU, unless asked otherwise");
        let boot = &page.rows[2];
        assert_eq!((boot.category, boot.cap), (Some(Class::Backorder), Some(5)), "what is left to sell");
        assert_eq!((boot.purchase_order.as_deref(), boot.line), (Some("PO-8"), Some(1)), "and where it comes from");
        assert_eq!(page.rows[3].reasons, [Code::InStock], "the row says why it is not listed");
    }
}

desk_test! {
    async fn filters_narrow_and_combine(desk: Desk) {
        let desk = shop(desk).await;
        desk.refresh().await;
        desk.work_out().await;
        let find = async |list, reason: Option<&str>, search: &str| {
            let reason = reason.map(str::to_owned);
            let page = desk.browse(BrowseCatalog { list, reason, search: search.to_owned(), ..BrowseCatalog::default() }).await;
            assert_eq!(page.total, i64::try_from(page.rows.len()).unwrap(), "the total counts what matches");
            page.rows.into_iter().map(|row| row.sku).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(find(List::PreOrder, None, "").await, "A-1 A-2", "one list");
        assert_eq!(find(List::NotListed, None, "").await, "C-1 D-1", "what is in neither");
        assert_eq!(find(List::All, Some("IN_STOCK"), "").await, "C-1", "one reason");
        assert_eq!(find(List::NotListed, Some("NO_PO"), "").await, "D-1", "a reason inside a list");
        assert_eq!(find(List::PreOrder, Some("NO_PO"), "").await, "", "what is listed has no reason");
        assert_eq!(find(List::All, None, "PARKA").await, "A-1 A-2", "a word of the title, in any case");
        assert_eq!(find(List::All, None, "parka cotton").await, "A-2", "all words must be found");
        assert_eq!(find(List::All, None, "100%_").await, "A-2", "signs of patterns stand for themselves");
        assert_eq!(find(List::All, None, "%").await, "A-2", "a per cent sign is not everything");
        assert_eq!(find(List::All, None, "CAFÉ").await, "A-1", "letters beyond ASCII too");
        assert_eq!(find(List::All, None, "po-8").await, "B-1 C-1", "a purchase order brings what is on it");
        assert_eq!(find(List::Backorder, None, "po-8 boot").await, "B-1", "list and words together");
        assert_eq!(find(List::NotListed, Some("IN_STOCK"), "crew po-8").await, "C-1", "all three");
        assert_eq!(find(List::All, None, "' OR 1=1 --").await, "", "what is typed is never a statement");
        let unknown = browse_catalog(&desk.app, BrowseCatalog { reason: Some("MADE_UP".to_owned()), ..BrowseCatalog::default() });
        assert!(unknown.await.is_err(), "an unknown reason is an error, not an empty list");
    }
}

desk_test! {
    async fn pages_follow_each_other_in_the_order_asked_for(desk: Desk) {
        let desk = shop(desk).await;
        desk.refresh().await;
        let sorted = async |sort, descending| {
            let mut all = Vec::new();
            for offset in [0, 2, 4] {
                let args = BrowseCatalog { sort, descending, limit: Some(2), offset, ..BrowseCatalog::default() };
                let page = desk.browse(args).await;
                assert_eq!(page.total, 5, "the total does not depend on the page");
                all.extend(page.rows.into_iter().map(|row| row.sku));
            }
            all.join(" ")
        };
        assert_eq!(sorted(Sort::Sku, false).await, "A-1 A-2 B-1 C-1 D-1", "by SKU");
        assert_eq!(sorted(Sort::Sku, true).await, "D-1 C-1 B-1 A-2 A-1", "and backwards");
        assert_eq!(sorted(Sort::PromiseDate, false).await, "A-2 A-1 B-1 C-1 D-1", "the next day first, those without one last");
        assert_eq!(sorted(Sort::Left, false).await, "B-1 A-1 A-2 C-1 D-1", "the fewest pieces first");
        assert_eq!(sorted(Sort::Left, true).await, "A-2 A-1 B-1 D-1 C-1", "or the most");
    }
}

desk_test! {
    async fn what_is_shown_can_be_taken_to_a_spreadsheet(desk: Desk) {
        let desk = shop(desk).await;
        desk.takes(Kind::Products, "sku,title", &["X-1,=1+1"]).await;
        desk.refresh().await;
        desk.work_out().await;
        let products = BrowseCatalog { list: List::NotListed, limit: Some(1), ..BrowseCatalog::default() };
        let inside = export_catalog(&desk.app, ExportCatalog { products: products.clone(), path: None }).await.unwrap();
        let lines: Vec<&str> = inside.csv.lines().collect();
        assert_eq!((inside.rows, lines.len()), (3, 4), "all that match, below one header: {lines:#?}");
        assert!(lines[1].starts_with("C-1,Crew,,IN_STOCK,"), "with the reason: {}", lines[1]);
        assert!(lines[3].starts_with("X-1,'=1+1,"), "no cell is a formula: {}", lines[3]);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("catalog.csv");
        let written = export_catalog(&desk.app, ExportCatalog { products, path: Some(path.clone()) }).await.unwrap();
        assert_eq!((written.rows, written.csv.as_str()), (3, ""), "a file is not sent twice");
        assert_eq!(std::fs::read_to_string(path).unwrap(), inside.csv, "and holds the same");
        let nowhere = ExportCatalog { path: Some(folder.path().join("no/where.csv")), ..ExportCatalog::default() };
        let error = export_catalog(&desk.app, nowhere).await.unwrap_err().to_string();
        assert!(error.contains("could not be written"), "a place that is not there is said to be: {error}");
    }
}

desk_test! {
    async fn a_shop_is_a_column_and_a_filter_that_combines_with_the_others(desk: Desk) {
        let desk = shop(desk).await;
        desk.refresh().await;
        desk.work_out().await;
        let bare = browse_catalog(&desk.app, BrowseCatalog::default()).await.unwrap();
        assert!(bare.shops.is_empty(), "without a shop there is no column: {:?}", bare.shops);
        for name in ["two", "one"] {
            let base_url = Some("http://127.0.0.1:1".to_owned());
            let (address, settings) = (String::new(), ShopSettings::default());
            let new = AddShop { name: name.to_owned(), platform: Platform::Demo, address, base_url, client_id: None, secret: None, secret_place: None, settings };
            add_shop(&desk.app, new).await.unwrap();
        }
        let ask = async |in_shops: Option<&str>, list, search: &str| {
            let args = BrowseCatalog { in_shops: in_shops.map(str::to_owned), list, search: search.to_owned(), ..BrowseCatalog::default() };
            browse_catalog(&desk.app, args).await.unwrap()
        };
        let all = ask(None, List::All, "").await;
        let told: Vec<_> = all.shops.iter().map(|shop| (&*shop.name, shop.states.join(" "))).collect();
        let states = "unknown unknown unknown notListed notListed".to_owned();
        assert_eq!(told, [("one", states.clone()), ("two", states)], "each shop, each product, in their orders");
        let found = async |in_shops, list, search| {
            let found = ask(Some(in_shops), list, search).await;
            assert_eq!(found.page.total, i64::try_from(found.page.rows.len()).unwrap(), "the total counts what matches");
            skus(&found.page).join(" ")
        };
        assert_eq!(found("unknown", List::All, "").await, "A-1 A-2 B-1", "the filter finds what is in the column");
        assert_eq!(found("notListed", List::All, "").await, "C-1 D-1", "also what is in line");
        assert_eq!(found("unknown", List::PreOrder, "parka").await, "A-1 A-2", "with a list and a word");
        assert_eq!(found("listed", List::All, "").await, "", "nothing is said to be listed that nobody saw");
        assert_eq!(found("' OR 1=1 --", List::All, "").await, "", "what is asked for is never a statement");
        let counted: Vec<_> = catalog_in_shops(&desk.app, Nothing {}).await.unwrap().states.into_iter().map(|one| (one.state, one.count)).collect();
        assert_eq!(counted, [("unknown".to_owned(), 3), ("notListed".to_owned(), 2)], "two shops do not count a product twice");
        let products = BrowseCatalog { in_shops: Some("unknown".to_owned()), ..BrowseCatalog::default() };
        assert_eq!(export_catalog(&desk.app, ExportCatalog { products, path: None }).await.unwrap().rows, 3, "the file has what the page shows");
        assert_eq!(show_status(&desk.app, Nothing {}).await.unwrap().troubled_shops, 0, "a shop that is new is no trouble");
    }
}
