//! `presell shop …`.

mod settings;

use presell_commands::{
    AddShop, App, Error, NamedShop, Nothing, Result, add_shop, browse_shop, change_shop, check_drift, diff_shop,
    link_shop, list_shops, remove_shop, sync_shop, test_shop,
};
use presell_shops::sync::Report;

use crate::arguments::{AddedShop, ShopCommand};
use crate::output::{Ending, Output};
use crate::render;

pub(crate) async fn run(app: &App, output: Output, command: ShopCommand) -> Result<Ending> {
    let zone = app.store().await?.zone;
    match command {
        ShopCommand::Add(typed) => add(app, output, typed).await?,
        ShopCommand::Change(typed) => {
            let changed = change_shop(app, settings::typed(app, typed).await?).await?;
            output.answer(&changed, render::shop_changed)?;
        }
        ShopCommand::List => {
            let shops = list_shops(app, Nothing {}).await?;
            output.answer(shops.as_slice(), |shops| render::shops(shops, zone))?;
        }
        ShopCommand::Test(shop) => {
            let tested = test_shop(app, NamedShop { name: shop.name }).await?;
            output.answer(&tested, render::shop_tested)?;
            if !tested.answers.missing_scopes.is_empty() {
                return Ok(Ending::Failed);
            }
        }
        ShopCommand::Link(shop) => {
            let linked = link_shop(app, NamedShop { name: shop.name.clone() }).await?;
            output.answer(&linked, |linked| render::shop_linked(linked, &shop.name))?;
        }
        ShopCommand::Diff(shop) => {
            get_to_know(app, &shop.name).await?;
            let differences = diff_shop(app, NamedShop { name: shop.name.clone() }).await?;
            output.answer(differences.as_slice(), |differences| render::shop_diff(differences, &shop.name))?;
        }
        ShopCommand::Sync(sync) => {
            let (name, dry_run) = (sync.name.clone(), sync.dry_run);
            if dry_run {
                get_to_know(app, &name).await?;
            }
            let synced = sync_shop(app, sync.into()).await?;
            output.answer(&synced, |synced| render::shop_synced(&synced.report, &name, dry_run))?;
            return Ok(ending(output, &synced.report));
        }
        ShopCommand::Drift(shop) => {
            let report = check_drift(app, NamedShop { name: shop.name.clone() }).await?;
            output.answer(&report, |report| render::shop_drift(report, &shop.name))?;
        }
        ShopCommand::Remove(shop) => {
            remove_shop(app, NamedShop { name: shop.name.clone() }).await?;
            output.answer(&serde_json::json!({ "removed": shop.name }), |_| {
                format!("Presell has forgotten the shop \"{}\". What it shows stays as it is.\n", shop.name)
            })?;
        }
        ShopCommand::Show(show) => {
            let filtered = show.search.is_some() || show.state.is_some();
            let matrix = browse_shop(app, show.into()).await?;
            output.answer(&matrix, |matrix| render::shop_matrix(matrix, filtered))?;
        }
    }
    Ok(Ending::Done)
}

/// A plan for a shop in which no product was ever looked up would be empty, which nobody would understand.
async fn get_to_know(app: &App, name: &str) -> Result<()> {
    let named = NamedShop { name: name.to_owned() };
    let shop = list_shops(app, Nothing {}).await?.into_iter().find(|shop| shop.name == name);
    let stranger =
        shop.is_some_and(|shop| shop.unlinked > 0 && shop.states.iter().map(|s| s.count).sum::<i64>() == shop.unlinked);
    if stranger {
        link_shop(app, named).await?;
    }
    Ok(())
}

async fn add(app: &App, output: Output, typed: AddedShop) -> Result<()> {
    let variable = typed.variable().map(str::to_owned);
    if typed.stray_folder() {
        let message = "A folder is for a shop of files: --platform file --folder FOLDER.";
        return Err(Error::NotAccepted { message: message.to_owned() });
    }
    let request = AddShop::from(typed);
    if request.platform == presell_shops::shop::Platform::Shopify && variable.is_none() {
        let message = "Say where the secret of the shop is: --token-env VARIABLE, or --client-id ID with --client-secret-env \
                       VARIABLE. A demo shop and a shop of files need none: --platform demo, --platform file.";
        return Err(Error::NotAccepted { message: message.to_owned() });
    }
    let added = add_shop(app, request).await?;
    output.answer(&added, render::shop_added)?;
    if let Some(variable) = variable.filter(|variable| std::env::var_os(variable).is_none_or(|text| text.is_empty())) {
        output.note(&format!("{variable} is not set here. Set it wherever Presell works with this shop."));
    }
    Ok(())
}

fn ending(output: Output, synced: &Report) -> Ending {
    let mut parts = Vec::new();
    if synced.failed > 0 {
        parts.push(format!("{} failed", render::count(synced.failed, "product")));
    }
    if synced.unknown > 0 {
        let products = render::count(synced.unknown, "product");
        parts.push(format!("of {products} the shop did not say what became, and the next sync asks"));
    }
    if parts.is_empty() {
        return Ending::Done;
    }
    output.note(&format!("Done in part: {}.", parts.join(", ")));
    Ending::Partly
}
