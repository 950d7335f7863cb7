//! Lives through steps on both databases and compares after each.

use chrono::{DateTime, TimeDelta, Utc};
use presell_catalog::listings::listings;
use presell_catalog::refresh::{Outcome, Request as RefreshRequest, Scope, refresh};
use presell_catalog::stores::{self, Store};
use presell_catalog::why::{Answer, why};
use presell_imports::{ImportError, Progress, Request, import, imports, undo};
use presell_store::Db;
use presell_store::testing::{Kind, Place};

use crate::step::{Step, setting};

type Verdict<T = ()> = Result<T, String>;

struct Side {
    place: Option<Place>,
    db: Db,
    store: Store,
    /// Rows of files are written backwards here.
    backwards: bool,
}

pub(crate) struct Day {
    sides: Vec<Side>,
    now: DateTime<Utc>,
    folder: tempfile::TempDir,
    files: usize,
}

impl Day {
    pub(crate) async fn begin() -> Day {
        let now = "2026-11-23T09:00:00Z".parse().expect("an instant");
        let mut sides = Vec::new();
        for (kind, backwards) in [(Kind::Sqlite, false), (Kind::Postgres, true)] {
            let place = Place::new(kind).await;
            let db = Db::open(&place.address).await.expect("a fresh database");
            let store =
                stores::find_or_create(&db, "default", chrono_tz::America::New_York, now).await.expect("the store");
            sides.push(Side { place: Some(place), db, store, backwards });
        }
        Day { sides, now, folder: tempfile::tempdir().expect("a folder"), files: 0 }
    }

    pub(crate) async fn end(&mut self) {
        for side in &mut self.sides {
            side.db.close().await;
            if let Some(place) = side.place.take() {
                place.remove().await;
            }
        }
    }

    pub(crate) async fn live(&mut self, steps: &[Step]) -> Verdict {
        for step in steps.iter().chain([&Step::Refresh]) {
            if let Step::Days(days) = step {
                self.now += TimeDelta::days((*days).into());
                continue;
            }
            // Two imports in one instant would make history ambiguous to read, not to compute.
            self.now += TimeDelta::minutes(1);
            self.files += 1;
            let mut said = Vec::new();
            for side in &self.sides {
                said.push(self.do_one(side, step).await?);
            }
            if said[0] != said[1] {
                return Err(format!(
                    "{step:?}: the databases disagree\nSQLite     {}\nPostgreSQL {}",
                    said[0], said[1]
                ));
            }
        }
        Ok(())
    }

    async fn do_one(&self, side: &Side, step: &Step) -> Verdict<String> {
        if let Some((kind, mut rows)) = step.file(side.store.today(self.now)) {
            if side.backwards {
                rows[1..].reverse();
            }
            let path = self.folder.path().join(format!("{}-{}.csv", self.files, side.backwards));
            std::fs::write(&path, rows.join("\n")).map_err(words)?;
            let mut request = Request::new(kind, path);
            (request.confirm, request.create) = (true, Some(true));
            let report =
                import(&side.db, &side.store, &request, self.now, &Progress::default()).await.map_err(words)?;
            return Ok(format!("{} {} {:?}", report.accepted, report.refused, report.changes));
        }
        match step {
            Step::Undo(n) => self.undo(side, *n).await,
            Step::Setting(n) => {
                let (key, value) = setting(*n);
                stores::change_setting(&side.db, &side.store, key, value, "test", self.now).await.map_err(words)?;
                Ok(String::new())
            }
            Step::Exclude(product, out) => {
                let skus = [format!("SKU-{product}")];
                let unknown =
                    stores::exclude(&side.db, &side.store, &skus, *out, "test", self.now).await.map_err(words)?;
                Ok(unknown.len().to_string())
            }
            _ => self.refresh(side).await,
        }
    }

    async fn undo(&self, side: &Side, n: u8) -> Verdict<String> {
        let past = imports(&side.db).await.map_err(words)?;
        let Some(past) = past.get(usize::from(n)) else { return Ok("nothing to undo".to_owned()) };
        match undo(&side.db, past.id, "test", self.now).await {
            Ok(undone) => Ok(format!("{undone:?}")),
            Err(ImportError::Touched { .. }) => Ok("touched".to_owned()),
            Err(ImportError::AlreadyUndone(_)) => Ok("undone before".to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }

    async fn refresh(&self, side: &Side) -> Verdict<String> {
        let mut outcome = self.run(side, Scope::Dirty, false).await?;
        let again = self.run(side, Scope::Dirty, false).await?;
        let full = self.run(side, Scope::Everything, true).await?;
        for (what, after) in [("a second refresh", &again), ("a full refresh", &full)] {
            if !after.changes.is_empty() {
                return Err(format!("{what} still finds work: {:?}", after.changes));
            }
        }
        self.why_agrees(side).await?;
        // Which products count as looked at differs by how they are found; what changes must not. Products come in the
        // order of their keys, which follows the order of rows.
        outcome.changes.sort_by(|a, b| a.sku.cmp(&b.sku));
        let mut listed = listings(&side.db, &side.store, None, None).await.map_err(words)?;
        listed.sort_by(|a, b| a.sku.cmp(&b.sku));
        Ok(format!("{:?}\n{listed:?}", outcome.changes))
    }

    async fn run(&self, side: &Side, scope: Scope, dry_run: bool) -> Verdict<Outcome> {
        let request = RefreshRequest {
            scope,
            dry_run,
            as_of: None,
            max_change_percent: None,
            confirmed: true,
            run_id: 0,
            list_changes: 100,
        };
        refresh(&side.db, &side.store, &request, self.now).await.map_err(words)
    }

    /// What `why` says of each product is what the lists show, and every number is the sum of its terms.
    async fn why_agrees(&self, side: &Side) -> Verdict {
        for product in 0..8 {
            let sku = format!("SKU-{product}");
            let Some(why) = why(&side.db, &side.store, &sku, self.now).await.map_err(words)? else { continue };
            let should = why.category.zip(why.promise_date);
            let is = why.listed_now.as_ref().map(|place| (place.category, place.promise_date));
            let fine = match why.decision {
                Answer::Listed | Answer::NotListed => should == is,
                Answer::Undetermined => true,
            };
            if !fine || why.next_change != "KEEP" {
                return Err(format!(
                    "{sku}: why says {:?} {should:?}, the lists say {is:?}, next {}",
                    why.decision, why.next_change
                ));
            }
            for line in &why.lines {
                let sum: i64 = line.terms.iter().map(|term| term.value).sum();
                if sum != line.po_atp || line.qualifies != line.checks.iter().all(|check| check.passed) {
                    return Err(format!(
                        "{sku}: the terms or checks of {} do not add up: {line:?}",
                        line.purchase_order
                    ));
                }
            }
        }
        Ok(())
    }
}

fn words(error: impl std::fmt::Display) -> String {
    error.to_string()
}
