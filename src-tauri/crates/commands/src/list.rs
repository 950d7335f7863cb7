//! The one list of commands. Every front end expands it: the window makes its handlers from it, the types of the user
//! interface come from it, and a test compares it with what is granted and documented.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Every command, once: its request, its answer, and the topics it reads and makes stale.
///
/// The types are resolved where the macro is expanded; import `presell_commands::*` and the answer types there.
#[macro_export]
macro_rules! with_commands {
    ($expand:path) => {
        $expand! {
            import_file(ImportFile) -> Imported, reads [], writes [Imports, Products, PurchaseOrders, Stock, Orders];
            list_imports(Nothing) -> Vec<Import>, reads [Imports], writes [];
            undo_import(UndoImport) -> Undone, reads [], writes [Imports, Products, PurchaseOrders, Stock, Orders];
            list_import_problems(ListImportProblems) -> ImportProblems, reads [Imports], writes [];
            inspect_file(InspectFile) -> Inspected, reads [], writes [];
            review_import(ImportFile) -> Reviewed, reads [Imports, Products, PurchaseOrders, Stock, Orders], writes [];
            list_review_lines(ListReviewLines) -> ReviewLines, reads [], writes [];
            list_review_orders(ListReviewOrders) -> ReviewOrders, reads [], writes [];
            export_rejects(ExportRejects) -> RejectsExported, reads [], writes [];
            show_work(ShowWork) -> Option<Work>, reads [], writes [];
            stop_work(ShowWork) -> Nothing, reads [], writes [];
            list_mappings(ListMappings) -> Vec<SavedMapping>, reads [Imports], writes [];
            save_mapping(SavedMapping) -> Nothing, reads [], writes [Imports];
            forget_mapping(ForgetMapping) -> Nothing, reads [], writes [Imports];
            list_purchase_orders(ListPurchaseOrders) -> PurchaseOrders, reads [PurchaseOrders, Products], writes [];
            show_purchase_order(ShowPurchaseOrder) -> PurchaseOrderView, reads [PurchaseOrders, Products, Catalog], writes [];
            purchase_order_history(PurchaseOrderHistory) -> Vec<HistoryEntry>, reads [PurchaseOrders], writes [];
            change_line(ChangeLine) -> LineChanged, reads [], writes [PurchaseOrders];
            change_purchase_order(ChangePurchaseOrder) -> OrderChanged, reads [], writes [PurchaseOrders];
            receive_goods(ReceiveGoods) -> LineChanged, reads [], writes [PurchaseOrders];
            take_back_change(TakeBackChange) -> OrderChanged, reads [], writes [PurchaseOrders];
            refresh_catalog(RefreshCatalog) -> Refreshed, reads [], writes [Catalog, Runs];
            list_catalog(ListCatalog) -> Vec<Listed>, reads [Catalog], writes [];
            explain(Explain) -> Explained, reads [Catalog, Products, PurchaseOrders, Stock, Orders, Settings, Shops], writes [];
            browse_catalog(BrowseCatalog) -> BrowsedCatalog, reads [Catalog, Products, PurchaseOrders, Stock, Orders, Settings, Shops], writes [];
            catalog_in_shops(Nothing) -> InShops, reads [Catalog, Products, Shops], writes [];
            export_catalog(ExportCatalog) -> CatalogExported, reads [Catalog], writes [];
            work_out_reasons(WorkOutReasons) -> ReasonsProgress, reads [Products, PurchaseOrders, Stock, Orders, Settings], writes [];
            what_if(WhatIf) -> Imagined, reads [Catalog, Products, PurchaseOrders, Stock, Orders, Settings], writes [];
            coming(ShowComing) -> Coming, reads [PurchaseOrders, Orders, Settings], writes [];
            brake_state(Nothing) -> BrakeState, reads [Runs], writes [];
            catalog_words(Nothing) -> Words, reads [Settings], writes [];
            exclude_products(ExcludeProducts) -> Excluded, reads [], writes [Products];
            list_settings(Nothing) -> Vec<Setting>, reads [Settings], writes [];
            change_setting(ChangeSetting) -> SettingChanged, reads [], writes [Settings];
            list_jobs(ListJobs) -> Vec<JobView>, reads [Jobs, Runs], writes [];
            show_job(ShowJob) -> JobView, reads [Jobs, Runs], writes [];
            save_job(SaveJob) -> JobSaved, reads [], writes [Jobs];
            enable_job(EnableJob) -> JobSaved, reads [], writes [Jobs, Runs];
            disable_job(SwitchJob) -> JobView, reads [], writes [Jobs, Runs];
            restore_job(SwitchJob) -> JobView, reads [], writes [Jobs];
            pause_job(SwitchJob) -> JobView, reads [], writes [Jobs];
            resume_job(SwitchJob) -> JobView, reads [], writes [Jobs, Runs];
            skip_run(SwitchJob) -> RunSkipped, reads [], writes [Jobs, Runs];
            preview_job(PreviewJob) -> Vec<ComingRun>, reads [Jobs], writes [];
            run_job(RunJob) -> RunView, reads [], writes [Runs, Catalog];
            start_run(RunJob) -> RunAsked, reads [], writes [Runs];
            find_runs(FindRuns) -> RunPage, reads [Runs], writes [];
            list_runs(ListRuns) -> Vec<RunView>, reads [Runs], writes [];
            show_run(ShowRun) -> RunView, reads [Runs], writes [];
            stop_run(ShowRun) -> RunStopped, reads [], writes [Runs];
            check_health(CheckHealth) -> Health, reads [Health], writes [];
            health_overview(Nothing) -> HealthOverview, reads [Health, Jobs, Runs], writes [];
            show_database(Nothing) -> DatabaseView, reads [Health], writes [];
            show_status(Nothing) -> HouseStatus, reads [Jobs, Runs, Catalog, PurchaseOrders, Settings, Shops], writes [];
            release_runs(Nothing) -> RunsReleased, reads [], writes [Runs];
            pause_all(Nothing) -> JobsSwitched, reads [], writes [Jobs];
            resume_all(Nothing) -> JobsSwitched, reads [], writes [Jobs];
            run_due_now(Nothing) -> DueNow, reads [], writes [Runs];
            preview_setting(ChangeSetting) -> SettingPreview, reads [Settings, Catalog, Products, PurchaseOrders, Stock, Orders], writes [];
            list_shops(Nothing) -> Vec<ShopView>, reads [Shops, Catalog], writes [];
            browse_shop(BrowseShop) -> Matrix, reads [Shops, Catalog], writes [];
            diff_shop(NamedShop) -> Vec<Difference>, reads [Shops, Catalog], writes [];
            add_shop(AddShop) -> ShopView, reads [], writes [Shops];
            change_shop(ChangeShop) -> ShopView, reads [], writes [Shops];
            remove_shop(NamedShop) -> Nothing, reads [], writes [Shops];
            test_shop(NamedShop) -> ShopTested, reads [], writes [Shops];
            link_shop(NamedShop) -> Linked, reads [], writes [Shops];
            sync_shop(SyncShop) -> ShopSynced, reads [], writes [Shops, Runs];
            check_drift(NamedShop) -> DriftReport, reads [], writes [Shops, Runs];
            list_stores(Nothing) -> Stores, reads [Settings, Catalog], writes [];
            add_store(AddStore) -> StoreView, reads [], writes [Settings];
            change_store(ChangeStore) -> StoreView, reads [], writes [Settings];
            choose_store(ChooseStore) -> StoreView, reads [], writes [Imports, Products, PurchaseOrders, Stock, Orders, Catalog, Jobs, Runs, Settings, Health];
            list_changes(ListChanges) -> ChangePage, reads [Settings, Jobs, Imports, Products], writes [];
            show_data_location(Nothing) -> DataLocation, reads [Settings], writes [];
            test_connection(TestConnection) -> ConnectionTested, reads [Health], writes [];
            choose_data_location(ChooseDataLocation) -> DataLocation, reads [], writes [Settings];
            list_preferences(Nothing) -> Preferences, reads [Settings], writes [];
            change_preference(ChangePreference) -> Preferences, reads [], writes [Settings];
            show_first_start(Nothing) -> FirstStart, reads [Imports, Jobs, Products, Settings], writes [];
            finish_first_start(Nothing) -> FirstStart, reads [], writes [Settings];
            add_sample_data(AddSampleData) -> SamplesAdded, reads [], writes [Imports, Products, PurchaseOrders, Stock, Orders, Catalog, Runs];
            remove_sample_data(Nothing) -> SamplesRemoved, reads [], writes [Imports, Products, PurchaseOrders, Stock, Orders, Catalog];
            list_backups(Nothing) -> Backups, reads [Health], writes [];
            backup_database(BackupDatabase) -> BackedUp, reads [], writes [Health];
            restore_database(RestoreDatabase) -> Restored, reads [], writes [Imports, Products, PurchaseOrders, Stock, Orders, Catalog, Runs, Settings, Health];
        }
    };
}

/// A part of the data. A command names those it reads and those it makes stale, so that screens know when to load again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Topic {
    /// The two lists.
    Catalog,
    /// The self-test.
    Health,
    /// Past imports.
    Imports,
    /// Jobs and their schedules.
    Jobs,
    /// Sales orders and what is promised to them.
    Orders,
    /// Products and what a store says of them.
    Products,
    /// Purchase orders and receipts.
    PurchaseOrders,
    /// Runs of jobs.
    Runs,
    /// Settings of the store.
    Settings,
    /// Shops and what they show.
    Shops,
    /// Stock per facility.
    Stock,
}

impl Topic {
    /// All of the data.
    pub const ALL: &[Topic] = &[
        Topic::Catalog,
        Topic::Health,
        Topic::Imports,
        Topic::Jobs,
        Topic::Orders,
        Topic::Products,
        Topic::PurchaseOrders,
        Topic::Runs,
        Topic::Settings,
        Topic::Shops,
        Topic::Stock,
    ];
}

/// A request or an answer without content; `{}` as JSON.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

#[cfg(test)]
mod tests {
    use std::future::Future;

    use presell_catalog::coming::Coming;
    use presell_catalog::listings::Listed;
    use presell_catalog::standing::ReasonsProgress;
    use presell_catalog::what_if::Imagined;
    use presell_imports::{Import, Undone};

    use super::*;
    use crate::*;

    /// Compiles only if every listed command exists with the request and the answer that the list says.
    macro_rules! check_shapes {
        ($($name:ident($req:ty) -> $res:ty, reads [$($r:ident),*], writes [$($w:ident),*];)*) => {
            fn names() -> Vec<(&'static str, Vec<Topic>, Vec<Topic>)> {
                $({
                    async fn call(app: &App, args: $req) -> Result<$res> {
                        $name(app, args).await
                    }
                    fn answers<'a, F: Future<Output = Result<$res>> + Send>(_: fn(&'a App, $req) -> F)
                    where
                        $req: serde::de::DeserializeOwned + Send,
                        $res: Serialize + Send,
                    {
                    }
                    answers(call);
                })*
                vec![$((stringify!($name), vec![$(Topic::$r),*], vec![$(Topic::$w),*])),*]
            }
        };
    }
    with_commands!(check_shapes);

    /// What no change makes stale: files that are not imported yet, and how far work on them is.
    const SILENT: &[&str] =
        &["inspect_file", "list_review_lines", "list_review_orders", "export_rejects", "show_work", "stop_work"];

    #[test]
    fn every_command_is_listed_once_and_either_reads_or_writes_something() {
        let names = names();
        let mut seen = std::collections::BTreeSet::new();
        for (name, reads, writes) in &names {
            assert!(seen.insert(*name), "{name}: a command is listed once");
            let told = !reads.is_empty() || !writes.is_empty() || SILENT.contains(name);
            assert!(told, "{name}: a screen must know when to load it again");
        }
        assert_eq!(names.len(), 87, "a command that comes or goes is a change of the contract");
    }

    #[test]
    fn an_unknown_field_of_a_request_is_refused() {
        let request: std::result::Result<RefreshCatalog, _> = serde_json::from_str(r#"{"dryRun": true, "ful": true}"#);
        let error = request.unwrap_err().to_string();
        assert!(error.contains("ful"), "a misspelt field must be named, not ignored: {error}");
    }
}
