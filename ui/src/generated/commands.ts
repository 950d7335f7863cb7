// Made from the command list by `cargo xtask types`. Changes are lost; a test compares.

/**
 * How to add sample data.
 */
export type AddSampleData = { 
/**
 * Decide about it right away, so that the two lists are filled.
 */
refresh: boolean, };

/**
 * A shop to add.
 */
export type AddShop = { 
/**
 * The name people and commands use for it.
 */
name: string, 
/**
 * What kind it is.
 */
platform: Platform, 
/**
 * Its domain, such as my-shop.myshopify.com; of a shop of files, their folder. The demo shop needs none.
 */
address: string, 
/**
 * Where it is instead, on this computer.
 */
baseUrl: string | null, 
/**
 * The id of the app that asks for its tokens; without it the secret is a token itself.
 */
clientId: string | null, 
/**
 * The token or the app's secret. It goes to this computer's keyring and nowhere else.
 */
secret: string | null, 
/**
 * Where the secret is already, such as env:SHOP_TOKEN.
 */
secretPlace: string | null, 
/**
 * Settings that differ from the usual.
 */
settings: ShopSettings, };

/**
 * A store to add.
 */
export type AddStore = { 
/**
 * Its name: letters, digits, `-`, `_` and `.`.
 */
code: string, 
/**
 * Where its days begin and end.
 */
zone: string, 
/**
 * Its facilities; one that is not known is made.
 */
facilities: { [key in string]: Role }, };

/**
 * The rows that an adjustment is about.
 */
export type AdjustedRows = "all" | { "rows": Array<number> } | { "orders": Array<string> } | { "saying": string };

/**
 * One field that says something else in some rows.
 */
export type Adjustment = { 
/**
 * The field.
 */
field: FileFieldName, 
/**
 * What it says, as a person types it.
 */
value: string, 
/**
 * Where.
 */
rows: AdjustedRows, };

/**
 * All that is changed about one file. Later changes win over earlier ones.
 */
export type Adjustments = { 
/**
 * Cells that say something else.
 */
cells: Array<Adjustment>, 
/**
 * Rows that are left out.
 */
leftOut: Array<number>, 
/**
 * Orders that are left out, with all their rows.
 */
ordersLeftOut: Array<string>, };

/**
 * What the rules say.
 */
export type Answer = "LISTED" | "NOT_LISTED" | "UNDETERMINED";

/**
 * Light or dark.
 */
export type Appearance = "system" | "light" | "dark";

/**
 * An instant as stored, shown as RFC 3339.
 */
export type At = string;

/**
 * A backup that was made and checked.
 */
export type BackedUp = { 
/**
 * The file.
 */
path: string, 
/**
 * Its size.
 */
bytes: number, };

/**
 * Where to put a backup.
 */
export type BackupDatabase = { 
/**
 * The file to write; must not exist.
 */
path: string, };

/**
 * One backup.
 */
export type BackupView = { 
/**
 * Its file.
 */
path: string, 
/**
 * Its size.
 */
bytes: number, 
/**
 * When it was made.
 */
at: At, 
/**
 * Its file is still there.
 */
there: boolean, };

/**
 * The backups of this database.
 */
export type Backups = { 
/**
 * Presell can make them; if not, the server has its own way.
 */
possible: boolean, 
/**
 * When the last was made; none: never.
 */
last: At | null, 
/**
 * The newest first.
 */
backups: Array<BackupView>, 
/**
 * A good name for the next.
 */
suggestion: string | null, };

/**
 * Whether changes are heard of.
 */
export type Bell = "heard" | "unheard" | "broken";

/**
 * Whether a refresh waits for somebody.
 */
export type BrakeState = { 
/**
 * The run that was stopped; none: nothing waits.
 */
stopped: StoppedRun | null, };

/**
 * Which products to show.
 */
export type BrowseCatalog = { 
/**
 * All, one list, or those in neither.
 */
list: CatalogList, 
/**
 * Only those that this keeps out, e.g. `DATE_PASSED`.
 */
reason?: string | null, 
/**
 * Only those that are in this state in at least one shop, e.g. `failed`.
 */
inShops?: string | null, 
/**
 * Words to find in SKU or title, or at the beginning of a purchase order.
 */
search: string, 
/**
 * In which order.
 */
sort: CatalogSort, 
/**
 * The other way round.
 */
descending: boolean, 
/**
 * How many rows, at most 10,000; none: 50.
 */
limit?: number | null, 
/**
 * How many to leave out before.
 */
offset: number, };

/**
 * Products in a shop.
 */
export type BrowseShop = { 
/**
 * The shop.
 */
name: string, 
/**
 * Words in SKU or title.
 */
search: string, 
/**
 * Only products in this state.
 */
state: string | null, 
/**
 * Rows to leave out at the start.
 */
offset: number, 
/**
 * Rows at most.
 */
limit: number, };

/**
 * Products by list.
 */
export type CatalogCounts = { 
/**
 * All products.
 */
products: number, 
/**
 * In the list of pre-orders.
 */
preOrder: number, 
/**
 * In the list of backorders.
 */
backorder: number, 
/**
 * In neither.
 */
notListed: number, 
/**
 * Left as they are because their stock is unknown.
 */
undetermined: number, };

/**
 * The products are written.
 */
export type CatalogExported = { 
/**
 * How many.
 */
rows: number, 
/**
 * The file, if it was not written to a path.
 */
csv: string, };

/**
 * Products by their state in the shops.
 */
export type CatalogInShops = { 
/**
 * Products that are in a state in at least one shop, those states first that ask for somebody first.
 */
states: Array<ShopStateCount>, };

/**
 * Which products.
 */
export type CatalogList = "all" | "preOrder" | "backorder" | "notListed";

/**
 * One product.
 */
export type CatalogRow = { 
/**
 * Its SKU.
 */
sku: string, 
/**
 * Its name; empty if no file gave one.
 */
title: string, 
/**
 * The list it is in; none: neither.
 */
category: Class | null, 
/**
 * Why it is not listed, or should not be any more; the first is the one it is counted under.
 */
reasons: Array<Code>, 
/**
 * The reasons are those of the last refresh, or are not known yet.
 */
due: boolean, 
/**
 * You took it out of pre-selling.
 */
excluded: boolean, 
/**
 * The date customers are told.
 */
promiseDate: string | null, 
/**
 * The purchase order that brings it.
 */
purchaseOrder: string | null, 
/**
 * The line of it.
 */
line: number | null, 
/**
 * Pieces published as sellable.
 */
cap: number | null, 
/**
 * Since when it is in its list; for a product in neither, since when it is in none, if it ever was.
 */
since: string | null, };

/**
 * In which order. What is equal comes in the order in which products came to be known.
 */
export type CatalogSort = "sku" | "promiseDate" | "left" | "since";

/**
 * A page of the catalog, with what the shops make of it.
 */
export type CatalogView = { 
/**
 * The shops of the store by name; none: none is connected, and there is nothing to say of them.
 */
shops: Array<ShopColumn>, 
/**
 * Products that match.
 */
total: number, 
/**
 * Products of the store by list, whatever the query.
 */
counts: CatalogCounts, 
/**
 * How many products each reason keeps out, the most frequent first.
 */
reasons: Array<ReasonCount>, 
/**
 * Products whose reasons are not worked out yet, or have to be anew.
 */
due: number, 
/**
 * What the lists do not show yet.
 */
waiting: CatalogWaiting, 
/**
 * The zone of the store's days, for times.
 */
zone: string, 
/**
 * The rows.
 */
rows: Array<CatalogRow>, };

/**
 * What happened since the last refresh.
 */
export type CatalogWaiting = { 
/**
 * When the lists were last brought up to date; none: never.
 */
refreshedAt: string | null, 
/**
 * The next refresh looks at every product: there was none yet, or the rules were changed.
 */
everything: boolean, 
/**
 * Products that something happened to since, counted up to 10,000.
 */
products: number, };

/**
 * All words.
 */
export type CatalogWords = { 
/**
 * Why a product is not listed.
 */
reasons: Array<ReasonWords>, 
/**
 * What is asked of a line of a purchase order, in this order.
 */
checks: Array<CheckWords>, 
/**
 * What a number of pieces is made of.
 */
terms: Array<TermWords>, 
/**
 * Why a facility's stock does not count.
 */
leftOut: Array<LeftOutWords>, };

/**
 * What becomes of occurrences that were missed during sleep, shutdown or a jump of the clock.
 */
export type CatchUp = "RUN_ONCE" | "SKIP" | "RUN_ALL";

/**
 * A line to change.
 */
export type ChangeLine = { 
/**
 * Number of the order.
 */
order: string, 
/**
 * Number of the line.
 */
line: number, 
/**
 * What becomes of it.
 */
change: LineChange, 
/**
 * The version that somebody looked at; none: whatever it is now.
 */
version: string | null, 
/**
 * Questions are answered with yes.
 */
confirm: boolean, };

/**
 * A page of changes.
 */
export type ChangePage = { 
/**
 * The newest first.
 */
changes: Array<ChangeView>, 
/**
 * All that match, on this page or not.
 */
total: number, };

/**
 * A preference to change.
 */
export type ChangePreference = { 
/**
 * Its name, e.g. `appearance`.
 */
key: string, 
/**
 * Its new value.
 */
value: JsonValue, };

/**
 * An order to change as a whole.
 */
export type ChangePurchaseOrder = { 
/**
 * Its number.
 */
order: string, 
/**
 * Its new status.
 */
status: Status, 
/**
 * Questions are answered with yes.
 */
confirm: boolean, };

/**
 * A setting to change.
 */
export type ChangeSetting = { 
/**
 * Its name.
 */
key: string, 
/**
 * The new value, as text.
 */
value: string, };

/**
 * A shop to change.
 */
export type ChangeShop = { 
/**
 * Its name.
 */
name: string, 
/**
 * The version that was read: a newer one refuses the change.
 */
version: number | null, 
/**
 * All its settings; none: they stay.
 */
settings: ShopSettings | null, 
/**
 * Another domain or folder; none: it stays.
 */
address: string | null, 
/**
 * Another app that asks for its tokens; empty: the secret is a token itself; none: as it was.
 */
clientId: string | null, 
/**
 * Another token or app's secret. It goes to this computer's keyring and nowhere else.
 */
secret: string | null, 
/**
 * Where another secret is already, such as env:SHOP_TOKEN.
 */
secretPlace: string | null, };

/**
 * A store to change; what is none stays as it is.
 */
export type ChangeStore = { 
/**
 * Its name.
 */
code: string, 
/**
 * Where its days begin and end.
 */
zone: string | null, 
/**
 * All its facilities.
 */
facilities: { [key in string]: Role } | null, };

/**
 * One change.
 */
export type ChangeView = { 
/**
 * Its key.
 */
id: number, 
/**
 * When.
 */
at: At, 
/**
 * Who.
 */
actor: string, 
/**
 * What was done, as programs know it, e.g. `settings.set`.
 */
action: string, 
/**
 * The same in words.
 */
words: string, 
/**
 * What it was done to.
 */
subject: string, 
/**
 * Old and new, value by value.
 */
values: Array<ValueChanged>, };

/**
 * One product whose listing changed.
 */
export type Changed = { 
/**
 * The product.
 */
sku: string, 
/**
 * `ADD`, `MOVE`, `UPDATE` or `REMOVE`.
 */
change: string, 
/**
 * The list it is in now; none when removed.
 */
category: Class | null, 
/**
 * The date customers are told now.
 */
promiseDate: string | null, 
/**
 * The purchase order that brings it.
 */
purchaseOrder: string | null, 
/**
 * Why it was removed; empty otherwise.
 */
reasons: Array<Code>, };

/**
 * What accepted rows did.
 */
export type Changes = { 
/**
 * Not known before.
 */
new: number, 
/**
 * Known, and different now.
 */
changed: number, 
/**
 * Known and the same.
 */
unchanged: number, };

/**
 * The check that found a problem. Serialised as `V1` … `V17`.
 */
export type Check = "V1" | "V2" | "V3" | "V4" | "V5" | "V6" | "V7" | "V8" | "V9" | "V10" | "V11" | "V12" | "V13" | "V14" | "V15" | "V16" | "V17";

/**
 * A self-test to make.
 */
export type CheckHealth = { 
/**
 * The time of this machine.
 */
machineTime: string, };

/**
 * One check of a line.
 */
export type CheckWhy = { 
/**
 * The question.
 */
check: Rule, 
/**
 * The reason it gives when it fails.
 */
code: Code, 
/**
 * Whether the line passed.
 */
passed: boolean, 
/**
 * What was found.
 */
value: Value, 
/**
 * What it takes.
 */
needs: Needs, };

/**
 * A check.
 */
export type CheckWords = { 
/**
 * Its name.
 */
check: Rule, 
/**
 * What it asks for.
 */
label: string, };

/**
 * A place to choose for the next start.
 */
export type ChooseDataLocation = { 
/**
 * A file, or `postgres://…`; none: the file in the person's data folder.
 */
database: string | null, };

/**
 * A store to show.
 */
export type ChooseStore = { 
/**
 * Its name.
 */
code: string, };

/**
 * How the database that is open came to be chosen.
 */
export type Chosen = "default" | "settings" | "named";

/**
 * The two lists of the catalog.
 */
export type Class = "PRE_ORDER" | "BACKORDER";

/**
 * Reason for a decision. Serialised by its name in capitals, e.g. `DATE_PASSED`.
 */
export type Code = "EXCLUDED" | "IN_STOCK" | "STOCK_UNKNOWN" | "NO_PO" | "NOT_A_PO" | "PO_CANCELLED" | "PO_COMPLETED" | "LINE_CANCELLED" | "LINE_COMPLETED" | "OUT_OF_SCOPE" | "DATE_MISSING" | "DATE_PASSED" | "FULLY_RECEIVED" | "BUFFER_ONLY" | "FULLY_PRESOLD" | "WAITING_FOR_PO";

/**
 * What is coming.
 */
export type Coming = { 
/**
 * The store's day.
 */
today: string, 
/**
 * Promised for a day that has passed, and not received.
 */
overdue: Incoming, 
/**
 * Week by week, from the one of today.
 */
weeks: Array<ComingWeek>, 
/**
 * Promised for a day after these weeks.
 */
later: Incoming, 
/**
 * Without a day.
 */
undated: Incoming, };

/**
 * One coming run.
 */
export type ComingRun = { 
/**
 * Its instant.
 */
due: At, 
/**
 * On the clocks of its zone.
 */
local: string, 
/**
 * What a change of the clocks does to it.
 */
note: string | null, };

/**
 * What one week brings.
 */
export type ComingWeek = { 
/**
 * Its Monday.
 */
monday: string, 
/**
 * Pieces still to come: ordered, less received and called off.
 */
pieces: number, 
/**
 * Of them, promised to customers.
 */
presold: number, 
/**
 * Of them, still to pre-sell. What is neither is the order buffer.
 */
left: number, 
/**
 * Different products.
 */
products: number, 
/**
 * Different purchase orders.
 */
purchaseOrders: number, };

/**
 * What was found there.
 */
export type ConnectionTested = { 
/**
 * Presell would work there.
 */
ok: boolean, 
/**
 * The place, without a password.
 */
place: string, 
/**
 * How long a question and its answer take, in milliseconds; none: it did not answer, or is a file.
 */
latencyMs: number | null, 
/**
 * What was looked at. After the first that fails, the rest could not be.
 */
checks: Array<HealthCheck>, };

/**
 * How many of something there are.
 */
export type Count = { 
/**
 * Of what: `products`, `purchaseOrders`, `lines`, `stock`, `orders`, `listed`, `decisions`, `imports` or `runs`.
 */
of: string, 
/**
 * So many.
 */
count: number, };

/**
 * How many of each.
 */
export type Counters = { 
/**
 * Jobs that run by themselves.
 */
active: number, 
/**
 * Jobs that are paused.
 */
paused: number, 
/**
 * Jobs that could be on and are not.
 */
draft: number, 
/**
 * Jobs that cannot be on in this version.
 */
unavailable: number, 
/**
 * Runs at work.
 */
running: number, 
/**
 * Runs that take far too long, or whose machine is gone.
 */
stuck: number, 
/**
 * Jobs whose last run failed.
 */
failed: number, 
/**
 * Jobs whose time has come and that do not run.
 */
overdue: number, 
/**
 * Jobs with a run that takes, or took, unusually long.
 */
slow: number, };

/**
 * How much a run did; examined = changed + unchanged + failed + skipped.
 */
export type Counts = { 
/**
 * Looked at.
 */
examined: number, 
/**
 * Changed, or would be in a dry run.
 */
changed: number, 
/**
 * Left as they are.
 */
unchanged: number, 
/**
 * Could not be done; makes the run partial.
 */
failed: number, 
/**
 * Left out on purpose.
 */
skipped: number, };

/**
 * Where the data lives.
 */
export type DataLocation = { 
/**
 * `file` or `server`.
 */
kind: string, 
/**
 * The place; never holds a password.
 */
place: string, 
/**
 * How it came to be this one.
 */
chosen: Chosen, 
/**
 * The place that opens at the next start, if it is another.
 */
next: string | null, 
/**
 * Where the choice is kept; none: nowhere, it lasts as long as the program.
 */
keptIn: string | null, 
/**
 * What opens if nothing is chosen; none: no home folder is known.
 */
defaultPlace: string | null, };

/**
 * The database.
 */
export type DatabaseView = { 
/**
 * `SQLite` or `PostgreSQL`.
 */
kind: string, 
/**
 * Where; never holds a password.
 */
place: string, 
/**
 * Its size in bytes.
 */
bytes: number, 
/**
 * Version of its schema …
 */
schema: number, 
/**
 * … and the one this Presell works with.
 */
schemaKnown: number, 
/**
 * One question and its answer, in microseconds.
 */
latencyUs: number, 
/**
 * A change on one computer is told to the others at once; if not, they look from time to time.
 */
bell: Bell, 
/**
 * What is in it.
 */
counts: Array<Count>, 
/**
 * Presell can make backups; if not, the server has its own way.
 */
backups: boolean, 
/**
 * When the last backup was made; none: never.
 */
lastBackup: At | null, };

/**
 * How close rows stand.
 */
export type Density = "comfortable" | "compact";

/**
 * One known row that the file changes.
 */
export type Difference = { 
/**
 * Row of the file; none for a line that the file leaves out.
 */
row: number | null, 
/**
 * What it is about, e.g. `PO-1001 line 2`.
 */
subject: string, 
/**
 * Field, old value, new value.
 */
fields: Array<[string, string, string]>, };

/**
 * What is done where somebody else changed what Presell wrote.
 */
export type DriftAnswer = "ask" | "repair" | "adopt";

/**
 * What a look at a shop found.
 */
export type DriftReport = { 
/**
 * Variants read back.
 */
lookedAt: number, 
/**
 * Those that differ.
 */
drifted: Array<ShopDrifted>, 
/**
 * Variants of the shop that carry our mark or tag and are none of ours, by SKU.
 */
strays: Array<string>, 
/**
 * Variants that the shop does not have any more, by SKU.
 */
gone: Array<string>, };

/**
 * When the next goods of an open order are due.
 */
export type Due = "overdue" | "thisWeek" | "later" | "noDate";

/**
 * Orders by when their next goods are due.
 */
export type DueCounts = { overdue: number, thisWeek: number, later: number, noDate: number, };

/**
 * What is due now.
 */
export type DueNow = { 
/**
 * Names of the jobs whose time has come; they are on their way.
 */
jobs: Array<string>, 
/**
 * When the next one is due, if none is now.
 */
next: At | null, 
/**
 * A machine is at work that takes them; if not, they wait for one.
 */
atWork: boolean, };

/**
 * A job to switch on, set up as said.
 */
export type EnableJob = { 
/**
 * Its id.
 */
id: string, 
/**
 * What to set before.
 */
setting: JobSetting, };

/**
 * Why a command was not done. Serialised with its code, e.g. `{"code": "notAccepted", "message": "…"}`.
 */
export type Error = { "code": "fileRefused", 
/**
 * What is wrong and what to do.
 */
message: string, 
/**
 * Each finding with its place.
 */
problems: Array<Problem>, } | { "code": "confirmationNeeded", 
/**
 * What would happen and what to do.
 */
message: string, 
/**
 * Products that would be removed.
 */
removals: number, 
/**
 * Products listed now.
 */
members: number, } | { "code": "notFound", 
/**
 * What is missing and how to find it.
 */
message: string, } | { "code": "fieldsRefused", 
/**
 * All that is wrong.
 */
message: string, 
/**
 * Each field with what is wrong about it.
 */
fields: Array<Field>, } | { "code": "conflict", 
/**
 * Who, and what to do.
 */
message: string, 
/**
 * The values now, to be shown beside those that were not saved.
 */
current: JobView, } | { "code": "questions", 
/**
 * All questions.
 */
message: string, 
/**
 * Each of them, with the field it is about.
 */
questions: Array<Problem>, } | { "code": "lineConflict", 
/**
 * What to do.
 */
message: string, 
/**
 * The line now, to be shown beside what was not saved.
 */
current: PoLine, } | { "code": "notAccepted", 
/**
 * What is accepted.
 */
message: string, } | { "code": "refused", 
/**
 * Why, and what to do.
 */
message: string, } | { "code": "stopped", 
/**
 * That it was so.
 */
message: string, } | { "code": "newerDatabase", 
/**
 * What to install.
 */
message: string, } | { "code": "failed", 
/**
 * What happened and what to do.
 */
message: string, };

/**
 * Products to keep out of pre-selling, or to let in again.
 */
export type ExcludeProducts = { 
/**
 * Their SKUs.
 */
skus: Array<string>, 
/**
 * Keep out, or let in again.
 */
excluded: boolean, };

/**
 * What was asked for is done; the next refresh shows it in the lists.
 */
export type Excluded = { 
/**
 * The products.
 */
skus: Array<string>, 
/**
 * Kept out, or let in again.
 */
excluded: boolean, };

/**
 * A product to explain.
 */
export type Explain = { 
/**
 * Its SKU.
 */
sku: string, };

/**
 * Why a product is listed or not, and what the shops show of it.
 */
export type Explained = { 
/**
 * The product in each shop of the store, by the shop's name.
 */
shops: Array<InShop>, 
/**
 * The product.
 */
sku: string, 
/**
 * Its name; empty if no file gave one.
 */
title: string, 
/**
 * What the rules say now.
 */
decision: Answer, 
/**
 * The list it belongs to; none unless it should be listed.
 */
category: Class | null, 
/**
 * The date to promise; none unless it should be listed.
 */
promiseDate: string | null, 
/**
 * The purchase order that brings it; none unless it should be listed.
 */
purchaseOrder: string | null, 
/**
 * Pieces to publish; none unless it should be listed.
 */
cap: number | null, 
/**
 * Why it should not be listed, most important first.
 */
reasons: Array<Code>, 
/**
 * Where it stands in the catalog now; none if it is in neither list.
 */
listedNow: Place | null, 
/**
 * What the next refresh will do: `ADD`, `MOVE`, `UPDATE`, `REMOVE` or `KEEP`.
 */
nextChange: string, 
/**
 * The stock the web shop can sell.
 */
stock: StockWhy, 
/**
 * Its purchase order lines, in the order in which they compete.
 */
lines: Array<LineWhy>, 
/**
 * What happened to its listing, newest first.
 */
history: Array<Past>, };

/**
 * The products to write.
 */
export type ExportCatalog = { 
/**
 * Which products, and in which order; `limit` and `offset` do not count.
 */
products: BrowseCatalog, 
/**
 * Where to write them; none: the answer holds the file, of at most 100,000 products.
 */
path: string | null, };

/**
 * Rows to write to a file.
 */
export type ExportRejects = { 
/**
 * The review.
 */
review: string, 
/**
 * Where to write them; none: they are answered.
 */
path: string | null, };

/**
 * One facility's part.
 */
export type FacilityWhy = { 
/**
 * The facility.
 */
facility: string, 
/**
 * Pieces on its record; none if it has no record.
 */
atp: number | null, 
/**
 * When the record was true.
 */
asOf: string | null, 
/**
 * Why it does not count, if it does not.
 */
leftOut: LeftOut | null, };

/**
 * A field that is not accepted.
 */
export type Field = { 
/**
 * Its name, as the request has it.
 */
name: string, 
/**
 * What is wrong and what is accepted.
 */
message: string, };

/**
 * A column of a file.
 */
export type FileColumn = { 
/**
 * Its header; may be empty.
 */
header: string, 
/**
 * Some of its cells.
 */
samples: Array<string>, };

/**
 * A field that a file of this kind may have.
 */
export type FileField = { 
/**
 * Which one.
 */
field: FileFieldName, 
/**
 * What a person calls it.
 */
label: string, 
/**
 * Whether the file needs it.
 */
required: boolean, 
/**
 * The columns that would be read for it, counted from 1.
 */
columns: Array<number>, };

/**
 * A value that a row can hold. The name in a file of settings or on the command line is in snake_case.
 */
export type FileFieldName = "po_id" | "line_no" | "sku" | "id_type" | "quantity" | "arrival_date" | "facility" | "is_new" | "store" | "status" | "line_status" | "received" | "open" | "cancelled" | "buffer" | "buffer_days" | "atp" | "location" | "as_of" | "received_at" | "order_id" | "item_seq" | "ordered_at" | "promised" | "po_line" | "parent" | "title" | "upc" | "variant_id" | "excluded" | "active" | "minimum_stock" | "allow_brokering";

/**
 * How a file is to be read, where a person knows better than what was detected.
 */
export type FileReading = { 
/**
 * What stands between the cells.
 */
delimiter: string | null, 
/**
 * The encoding, by its usual name.
 */
encoding: string | null, 
/**
 * Whether `03/04/2027` is the third of April.
 */
dayFirst: boolean | null, 
/**
 * Whether a comma stands before the fraction.
 */
commaIsDecimal: boolean | null, };

/**
 * How a file writes dates and numbers, as far as its cells show it.
 */
export type FileWritten = { 
/**
 * Whether `03/04/2027` is the third of April.
 */
dayFirst: boolean | null, 
/**
 * Whether a comma stands before the fraction.
 */
commaIsDecimal: boolean | null, };

/**
 * Which runs to find.
 */
export type FindRuns = { 
/**
 * Words to find in the job's name, group, help and id, or in the run's number, state, actor, parameters, reason, result
 * and error.
 */
search: string | null, 
/**
 * In one of these states; empty: in any.
 */
states: Array<RunState>, 
/**
 * Only of this job.
 */
job: string | null, 
/**
 * Made at or after this instant.
 */
since: string | null, 
/**
 * Made before this instant.
 */
until: string | null, 
/**
 * In which order.
 */
sort: RunSort, 
/**
 * At most so many; none: 50.
 */
limit: number | null, 
/**
 * So many of them are left out at the start.
 */
offset: number, };

/**
 * Something that somebody should look at.
 */
export type Finding = { 
/**
 * What it is.
 */
kind: FindingKind, 
/**
 * The job; none: it is about all.
 */
job: string | null, 
/**
 * Its name.
 */
label: string | null, 
/**
 * The run that shows it.
 */
run: number | null, 
/**
 * Since when it is so.
 */
since: At, 
/**
 * Why we think so, with the numbers.
 */
why: string, 
/**
 * What can be done about it with one click, the best first.
 */
remedies: Array<Remedy>, };

/**
 * All findings of one check and severity.
 */
export type FindingGroup = { 
/**
 * The check.
 */
check: Check, 
/**
 * What it stops.
 */
severity: Severity, 
/**
 * How many findings.
 */
count: number, 
/**
 * Whether it is about the file rather than its rows.
 */
aboutFile: boolean, 
/**
 * One of them, in its own words.
 */
example: string, };

/**
 * What is not as it should be, the most urgent first.
 */
export type FindingKind = "unattended" | "abandoned" | "stuck" | "failed" | "overdue" | "slow";

/**
 * What is set up.
 */
export type FirstStart = { 
/**
 * Nothing is set up, and nobody has finished or skipped the steps.
 */
needed: boolean, 
/**
 * Somebody has finished or skipped them.
 */
finished: boolean, 
/**
 * A file was imported.
 */
imported: boolean, 
/**
 * A job is on, or paused.
 */
jobsOn: boolean, 
/**
 * What is there is sample data.
 */
samples: boolean, 
/**
 * There is no product and no purchase order at all.
 */
empty: boolean, };

/**
 * A mapping to forget.
 */
export type ForgetMapping = { 
/**
 * Kind of file.
 */
kind: Kind, 
/**
 * Its name.
 */
name: string, };

/**
 * A kind of file.
 */
export type Format = "csv" | "xlsx" | "json";

/**
 * What the self-test found.
 */
export type Health = { 
/**
 * Every check is fine.
 */
ok: boolean, 
/**
 * The checks, in a fixed order.
 */
checks: Array<HealthCheck>, };

/**
 * One check.
 */
export type HealthCheck = { 
/**
 * What was looked at.
 */
name: string, 
/**
 * Whether it is fine.
 */
ok: boolean, 
/**
 * What was found.
 */
message: string, 
/**
 * What to do; none if it is fine.
 */
remedy: string | null, };

/**
 * How the jobs of the store and their machines are.
 */
export type HealthOverview = { 
/**
 * When it was looked at.
 */
at: At, 
/**
 * How many of each.
 */
counters: Counters, 
/**
 * What somebody should look at, the most urgent first.
 */
findings: Array<Finding>, 
/**
 * The machines, those at work first.
 */
machines: Array<MachineView>, };

/**
 * One thing that happened.
 */
export type HistoryEntry = { 
/**
 * When.
 */
at: At, 
/**
 * Who.
 */
actor: string, 
/**
 * How.
 */
origin: HistoryOrigin, 
/**
 * Key of the import.
 */
importId: number | null, 
/**
 * Name of the imported file.
 */
fileName: string | null, 
/**
 * Key of a change by hand, to take it back; none if it cannot be.
 */
changeId: number | null, 
/**
 * The line; none: the order itself.
 */
line: number | null, 
/**
 * What the line brings.
 */
sku: string | null, 
/**
 * Field, old value, new value; empty where it came in.
 */
fields: Array<[string, string, string]>, };

/**
 * How something happened.
 */
export type HistoryOrigin = "created" | "import" | "hand" | "received" | "takenBack";

/**
 * How things stand.
 */
export type HouseStatus = { 
/**
 * The store that is shown.
 */
store: string, 
/**
 * Its zone.
 */
zone: string, 
/**
 * How many stores there are.
 */
stores: number, 
/**
 * Jobs that run by themselves.
 */
jobsOn: number, 
/**
 * Jobs that are paused, together or one by one.
 */
jobsPaused: number, 
/**
 * Of these, the ones that were paused together and come back together.
 */
pausedTogether: number, 
/**
 * The job that is due next; none: no job is on.
 */
next: NextDue | null, 
/**
 * Runs at work.
 */
running: number, 
/**
 * Runs that wait for their turn.
 */
queued: number, 
/**
 * Jobs that are on and whose last run failed.
 */
failing: number, 
/**
 * Who works on the jobs.
 */
machine: MachineState, 
/**
 * The name of this computer.
 */
host: string, 
/**
 * Products on the pre-order list.
 */
preOrder: number, 
/**
 * Products on the backorder list.
 */
backorder: number, 
/**
 * Purchase orders on their way.
 */
openPurchaseOrders: number, 
/**
 * Shops that need somebody.
 */
troubledShops: number, };

/**
 * What would be, beside what is.
 */
export type Imagined = { 
/**
 * As it is.
 */
now: Why, 
/**
 * As it would be.
 */
then: Why, 
/**
 * What differs.
 */
differences: Array<ImaginedDifference>, };

/**
 * What can differ.
 */
export type ImaginedAspect = "decision" | "category" | "reason" | "promiseDate" | "purchaseOrder" | "cap" | "stock";

/**
 * What to imagine. Everything else stays as it is.
 */
export type ImaginedChanges = { 
/**
 * The purchase order of the line to change; none: the line that counts, else the first one in turn. A product without
 * a line gets an imagined one.
 */
purchaseOrder?: string, 
/**
 * The number of that line; needed with a purchase order.
 */
line?: number, 
/**
 * The line promises this day.
 */
promiseDate?: string, 
/**
 * Pieces ordered on the line.
 */
quantity?: number, 
/**
 * Pieces received of it.
 */
received?: number, 
/**
 * Pieces of it kept back.
 */
buffer?: number, 
/**
 * A new style, or a known product.
 */
newStyle?: boolean, 
/**
 * Pieces in the facilities of the web shop, in all.
 */
stock?: number, 
/**
 * Taken out of pre-selling, or not.
 */
excluded?: boolean, 
/**
 * It is this day.
 */
today?: string, };

/**
 * One thing that would be different.
 */
export type ImaginedDifference = { 
/**
 * What.
 */
what: ImaginedAspect, 
/**
 * As it is; none: nothing.
 */
now: string | null, 
/**
 * As it would be; none: nothing.
 */
then: string | null, };

/**
 * A past import.
 */
export type Import = { 
/**
 * Its key, to undo it.
 */
id: number, 
/**
 * What the file held.
 */
kind: string, 
/**
 * Name of the file.
 */
fileName: string, 
/**
 * `done`, `undone`, or `applying` for one that was cut short.
 */
state: string, 
/**
 * Rows of the file.
 */
rows: number, 
/**
 * Rows taken.
 */
accepted: number, 
/**
 * Rows not taken.
 */
refused: number, 
/**
 * Rows that were new.
 */
created: number, 
/**
 * Rows that changed something known.
 */
changed: number, 
/**
 * Rows that changed nothing.
 */
unchanged: number, 
/**
 * Who imported it.
 */
actor: string, 
/**
 * When.
 */
at: At, };

/**
 * A file to import.
 */
export type ImportFile = { 
/**
 * What it holds.
 */
kind: Kind, 
/**
 * Where it is.
 */
path: string, 
/**
 * Check and compare, change nothing.
 */
dryRun: boolean, 
/**
 * Rows that ask are taken.
 */
confirm: boolean, 
/**
 * Add products and facilities that are not known; none: only while the store has none of them.
 */
create: boolean | null, 
/**
 * Columns named by hand: field and column.
 */
columns: Array<[string, string]>, 
/**
 * Where to write the rows that were not taken.
 */
rejects: string | null, 
/**
 * What to do with purchase orders that are known already.
 */
known: KnownOrders, 
/**
 * Receipts: quantities are totals received so far.
 */
totals: boolean, 
/**
 * Inventory: the file names every product in stock.
 */
complete: boolean, 
/**
 * Inventory, with `complete`: products missing in the file have no stock.
 */
zeroMissing: boolean, 
/**
 * Without `confirm`: rows that ask because of these checks only are taken.
 */
confirmed: Array<Check>, 
/**
 * How the file is to be read, where a person knows better than what was detected.
 */
reading: FileReading, 
/**
 * What a person changed about the rows.
 */
adjustments: Adjustments, 
/**
 * Hash of the file that was reviewed: another file of that name is refused.
 */
reviewed: string | null, 
/**
 * A name under which the work is watched and stopped.
 */
work: string | null, };

/**
 * A page of findings.
 */
export type ImportProblems = { 
/**
 * How many there are.
 */
total: number, 
/**
 * This page, in the order of rows.
 */
problems: Array<Problem>, };

/**
 * A file that was imported.
 */
export type Imported = { 
/**
 * The catalog refreshes by itself, and does so for the touched products now.
 */
refreshing: boolean, 
/**
 * Key of the import; none for a dry run, or if nothing was taken.
 */
importId: number | null, 
/**
 * How the file is written.
 */
file: Shape | null, 
/**
 * What its columns say about how dates and numbers are written.
 */
written: FileWritten, 
/**
 * Rows of the file that count: accepted + refused.
 */
rows: number, 
/**
 * Rows that a person left out; they do not count.
 */
leftOut: number, 
/**
 * Rows taken.
 */
accepted: number, 
/**
 * Rows not taken: wrong, or waiting for a confirmation.
 */
refused: number, 
/**
 * Of the refused rows, those that a confirmation would take.
 */
unconfirmed: number, 
/**
 * Known lines that the file leaves out and that a confirmation would cancel.
 */
linesWaiting: number, 
/**
 * No product was known before, so new ones were added unasked; the next import adds them only if told to.
 */
firstProducts: boolean, 
/**
 * Findings that refuse nothing.
 */
warnings: number, 
/**
 * What the accepted rows did.
 */
changes: Changes, 
/**
 * Products that the next refresh will look at.
 */
productsTouched: number, 
/**
 * Findings, in the order of rows.
 */
problems: Array<Problem>, 
/**
 * Findings beyond those listed; all are kept with the import.
 */
problemsOmitted: number, 
/**
 * Known rows that change, old and new side by side.
 */
differences: Array<Difference>, };

/**
 * One product in a shop of the store.
 */
export type InShop = { 
/**
 * The shop.
 */
shop: string, 
/**
 * What kind it is.
 */
platform: Platform, 
/**
 * How Presell and the shop get on.
 */
shopState: ShopState, 
/**
 * The product.
 */
sku: string, 
/**
 * Its name.
 */
title: string, 
/**
 * `listed`, `notListed`, `pending`, `failed`, `drifted`, `notLinked`, `ambiguous` or `unknown`.
 */
state: string, 
/**
 * What it should show; none: not listed.
 */
expected: ShopListing | null, 
/**
 * What was last written and confirmed.
 */
confirmed: ShopListing | null, 
/**
 * What its mark was last seen to say.
 */
observed: ShopListing | null, 
/**
 * Whether the shop goes on selling it without stock; none: never seen.
 */
sells: boolean | null, 
/**
 * Pieces that the shop counts.
 */
quantity: number | null, 
/**
 * What is under way or failed: `list`, `delist`, `move`, `update`, `tags`.
 */
action: string | null, 
/**
 * Why it failed or waits.
 */
reason: string | null, 
/**
 * When it was last seen.
 */
seenAt: At | null, 
/**
 * What customers see, by what was last seen.
 */
customer: ShopSight, 
/**
 * What they will see after the next sync; none: the same, or nobody knows.
 */
after: ShopSight | null, };

/**
 * Pieces on open lines of open purchase orders that supply the store.
 */
export type Incoming = { 
/**
 * Pieces still to come: ordered, less received and called off.
 */
pieces: number, 
/**
 * Of them, promised to customers.
 */
presold: number, 
/**
 * Of them, still to pre-sell. What is neither is the order buffer.
 */
left: number, 
/**
 * Different products.
 */
products: number, 
/**
 * Different purchase orders.
 */
purchaseOrders: number, };

/**
 * A file to look at.
 */
export type InspectFile = { 
/**
 * Where it is.
 */
path: string, 
/**
 * What it holds; none: whatever fits best.
 */
kind: Kind | null, 
/**
 * How it is to be read.
 */
reading: FileReading, 
/**
 * Columns named by hand: field and column.
 */
columns: Array<[string, string]>, };

/**
 * What a first look at a file shows.
 */
export type Inspected = { 
/**
 * How the file is written.
 */
file: Shape, 
/**
 * How its first rows write dates and numbers.
 */
written: FileWritten, 
/**
 * What it holds: as asked, else the kind whose fields fit best.
 */
kind: Kind, 
/**
 * The system whose export it is.
 */
preset: string | null, 
/**
 * Its columns.
 */
columns: Array<FileColumn>, 
/**
 * The fields of its kind, and the columns they would have.
 */
fields: Array<FileField>, 
/**
 * What stands in the way.
 */
problems: Array<Problem>, 
/**
 * Bytes.
 */
size: number, 
/**
 * Hash of its bytes.
 */
sha256: string, };

/**
 * A job after a change, and what changed.
 */
export type JobSaved = { 
/**
 * Old and new, side by side.
 */
changes: Array<ValueChanged>, 
/**
 * Its id.
 */
id: string, 
/**
 * Its name.
 */
label: string, 
/**
 * The page it is on.
 */
page: string, 
/**
 * The card or group on that page.
 */
group: string, 
/**
 * What it does.
 */
description: string, 
/**
 * It can be switched on in this version.
 */
available: boolean, 
/**
 * What it needs that does not exist yet.
 */
missing: string | null, 
/**
 * Draft: not switched on. Enabled: runs by itself. Paused: waits to be resumed.
 */
state: ScheduleState, 
/**
 * Id of the frequency: `EVERY_15_MIN` … `EVERYDAY`, `CUSTOM`, `ON_DEMAND`.
 */
frequency: string, 
/**
 * The frequency in plain words.
 */
frequencyWords: string, 
/**
 * The expression, if the frequency is one of cron.
 */
cron: string | null, 
/**
 * The zone of its wall times.
 */
zone: string, 
/**
 * When it runs next by itself.
 */
nextRun: At | null, 
/**
 * The run that is queued or at work.
 */
openRun: number | null, 
/**
 * How it went last.
 */
lastRun: LastRun | null, 
/**
 * Its newest runs, newest first; at most twenty.
 */
recent: Array<RecentRun>, 
/**
 * What can be set, and what is.
 */
parameters: Array<ParameterView>, 
/**
 * After sleep or shutdown.
 */
catchUp: CatchUp, 
/**
 * When it falls due while the run before is still at work.
 */
overlap: Overlap, 
/**
 * Attempts in all, if a failure may pass by itself.
 */
maxAttempts: number, 
/**
 * Starts are spread over so many seconds.
 */
jitterSeconds: number, 
/**
 * A run that takes longer is ended.
 */
timeoutSeconds: number, 
/**
 * What somebody should know: overdue, failing, too frequent. Usually empty.
 */
attention: Array<string>, 
/**
 * Raised by every change; a save names the one it was made from. 0: nobody has set it up yet.
 */
version: number, 
/**
 * Who changed it last.
 */
changedBy: string | null, };

/**
 * What to set; what is none stays as it is.
 */
export type JobSetting = { 
/**
 * Id of a frequency, or a step such as `20m`, `2h` or `3d`.
 */
every: string | null, 
/**
 * A cron expression instead.
 */
cron: string | null, 
/**
 * Zone of wall times.
 */
zone: string | null, 
/**
 * First run: `now`, `in-15-minutes`, `tomorrow`, `14:30`, `2026-12-24T09:00` …
 */
at: string | null, 
/**
 * Parameters to set; null goes back to the default.
 */
parameters: { [key in string]: JsonValue }, 
/**
 * After sleep or shutdown.
 */
catchUp: CatchUp | null, 
/**
 * When it falls due while the run before is still at work.
 */
overlap: Overlap | null, 
/**
 * Attempts in all.
 */
maxAttempts: number | null, 
/**
 * Starts are spread over so many seconds.
 */
jitterSeconds: number | null, 
/**
 * A run that takes longer is ended.
 */
timeoutSeconds: number | null, 
/**
 * History kept, in runs.
 */
keepRuns: number | null, 
/**
 * History kept, in days.
 */
keepDays: number | null, };

/**
 * A job, with its schedule in this store.
 */
export type JobView = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its name.
 */
label: string, 
/**
 * The page it is on.
 */
page: string, 
/**
 * The card or group on that page.
 */
group: string, 
/**
 * What it does.
 */
description: string, 
/**
 * It can be switched on in this version.
 */
available: boolean, 
/**
 * What it needs that does not exist yet.
 */
missing: string | null, 
/**
 * Draft: not switched on. Enabled: runs by itself. Paused: waits to be resumed.
 */
state: ScheduleState, 
/**
 * Id of the frequency: `EVERY_15_MIN` … `EVERYDAY`, `CUSTOM`, `ON_DEMAND`.
 */
frequency: string, 
/**
 * The frequency in plain words.
 */
frequencyWords: string, 
/**
 * The expression, if the frequency is one of cron.
 */
cron: string | null, 
/**
 * The zone of its wall times.
 */
zone: string, 
/**
 * When it runs next by itself.
 */
nextRun: At | null, 
/**
 * The run that is queued or at work.
 */
openRun: number | null, 
/**
 * How it went last.
 */
lastRun: LastRun | null, 
/**
 * Its newest runs, newest first; at most twenty.
 */
recent: Array<RecentRun>, 
/**
 * What can be set, and what is.
 */
parameters: Array<ParameterView>, 
/**
 * After sleep or shutdown.
 */
catchUp: CatchUp, 
/**
 * When it falls due while the run before is still at work.
 */
overlap: Overlap, 
/**
 * Attempts in all, if a failure may pass by itself.
 */
maxAttempts: number, 
/**
 * Starts are spread over so many seconds.
 */
jitterSeconds: number, 
/**
 * A run that takes longer is ended.
 */
timeoutSeconds: number, 
/**
 * What somebody should know: overdue, failing, too frequent. Usually empty.
 */
attention: Array<string>, 
/**
 * Raised by every change; a save names the one it was made from. 0: nobody has set it up yet.
 */
version: number, 
/**
 * Who changed it last.
 */
changedBy: string | null, };

/**
 * Jobs that were paused or resumed together.
 */
export type JobsSwitched = { 
/**
 * Their names. A job that somebody changed at the same moment is not among them.
 */
jobs: Array<string>, 
/**
 * Those that will not run by themselves because they were paused together.
 */
pausedTogether: number, };

export type JsonValue = number | string | boolean | Array<JsonValue> | { [key in string]: JsonValue } | null;

/**
 * What a file brings.
 */
export type Kind = "purchase-orders" | "inventory" | "receipts" | "orders" | "products";

/**
 * What to do with a purchase order that is known already.
 */
export type KnownOrders = "update" | "replace" | "append" | "skip";

/**
 * How a job went last.
 */
export type LastRun = { 
/**
 * Key of the run.
 */
id: number, 
/**
 * How it ended.
 */
state: RunState, 
/**
 * Why, if not well.
 */
reason: string | null, 
/**
 * When it ended.
 */
at: At, 
/**
 * How long it took, in milliseconds.
 */
durationMs: number | null, 
/**
 * How much it did.
 */
counts: Counts | null, };

/**
 * Why a facility's stock is not counted.
 */
export type LeftOut = "NOT_IN_GROUP" | "NOT_PHYSICAL" | "BROKERING_OFF" | "NO_RECORD" | "TOO_OLD";

/**
 * A reason not to count a facility.
 */
export type LeftOutWords = { 
/**
 * Its name.
 */
leftOut: LeftOut, 
/**
 * In a few words.
 */
label: string, };

/**
 * What becomes of a line. What is none stays.
 */
export type LineChange = { 
/**
 * Supplier's date.
 */
arrivalDate: string | null, 
/**
 * Days of safety.
 */
bufferDays: number | null, 
/**
 * Pieces ordered.
 */
quantity: number | null, 
/**
 * Pieces kept back.
 */
buffer: number | null, 
/**
 * A new style.
 */
isNew: boolean | null, 
/**
 * Status.
 */
status: Status | null, };

/**
 * A line that was changed.
 */
export type LineChanged = { 
/**
 * The line as it is now.
 */
line: PoLine, 
/**
 * The catalog refreshes by itself, and does so for the product now.
 */
refreshing: boolean, 
/**
 * Its key, to take it back; none if nothing was different.
 */
id: number | null, 
/**
 * Field, old value, new value.
 */
fields: Array<[string, string, string]>, };

/**
 * One purchase order line.
 */
export type LineWhy = { 
/**
 * The purchase order.
 */
purchaseOrder: string, 
/**
 * The line of it.
 */
line: number, 
/**
 * Where its goods go.
 */
facility: string, 
/**
 * New style rather than a known product.
 */
isNew: boolean, 
/**
 * The date it promises.
 */
promiseDate: string | null, 
/**
 * Whether it can carry a promise.
 */
qualifies: boolean, 
/**
 * It gives the product its list and date.
 */
active: boolean, 
/**
 * Pieces still to pre-sell.
 */
poAtp: number, 
/**
 * Pieces promised beyond what will come.
 */
oversold: number, 
/**
 * How the number came about.
 */
terms: Array<Term>, 
/**
 * Every check, passed or not.
 */
checks: Array<CheckWhy>, };

/**
 * Which listed products to show.
 */
export type ListCatalog = { 
/**
 * Only this list.
 */
category: Class | null, 
/**
 * Words to find in SKU, title or purchase order.
 */
search: string | null, };

/**
 * Which changes to list.
 */
export type ListChanges = { 
/**
 * Words to find in who, what, and the values; all must be there.
 */
search: string | null, 
/**
 * Only changes older than this one, for the next page.
 */
before: number | null, 
/**
 * At most so many; none: 50.
 */
limit: number | null, };

/**
 * Findings of a past import.
 */
export type ListImportProblems = { 
/**
 * The import.
 */
importId: number, 
/**
 * How many.
 */
limit: number, 
/**
 * How many to pass over.
 */
offset: number, };

/**
 * Which jobs to list.
 */
export type ListJobs = { 
/**
 * Words to find in id, label, group, help, parameters and their values, or the last result.
 */
search: string | null, };

/**
 * Saved mappings of one kind of file.
 */
export type ListMappings = { 
/**
 * Kind of file.
 */
kind: Kind, };

/**
 * Which orders to show.
 */
export type ListPurchaseOrders = { 
/**
 * Part of an order number, a SKU or a product's name.
 */
search: string, 
/**
 * Only orders of this status.
 */
status: Status | null, 
/**
 * Only open orders whose next goods are due then.
 */
due: Due | null, 
/**
 * In which order.
 */
sort: PurchaseOrderSort, 
/**
 * How many; 0: none, only the counts.
 */
limit: number, 
/**
 * How many to pass over.
 */
offset: number, };

/**
 * Lines of a review.
 */
export type ListReviewLines = { 
/**
 * The review.
 */
review: string, 
/**
 * Which lines.
 */
filter: ReviewFilter, 
/**
 * How many.
 */
limit: number, 
/**
 * How many to pass over.
 */
offset: number, };

/**
 * Orders of a review.
 */
export type ListReviewOrders = { 
/**
 * The review.
 */
review: string, 
/**
 * Part of an order number.
 */
search: string, 
/**
 * How many.
 */
limit: number, 
/**
 * How many to pass over.
 */
offset: number, };

/**
 * Which runs to list.
 */
export type ListRuns = { 
/**
 * Only of this job.
 */
job: string | null, 
/**
 * Only in this state.
 */
state: RunState | null, 
/**
 * At most so many; none: 50.
 */
limit: number | null, };

/**
 * One listed product.
 */
export type Listed = { 
/**
 * The product.
 */
sku: string, 
/**
 * Its name; empty if no file gave one.
 */
title: string, 
/**
 * Pre-order or backorder.
 */
category: Class, 
/**
 * The date customers are told.
 */
promiseDate: string, 
/**
 * The purchase order that brings it; none if its line was deleted and the next refresh has not run.
 */
purchaseOrder: string | null, 
/**
 * The line of that order.
 */
line: number | null, 
/**
 * Pieces published as sellable.
 */
cap: number, 
/**
 * Since when it is in this list.
 */
since: string, };

/**
 * A line of a run's log.
 */
export type LogEntry = { 
/**
 * When.
 */
at: At, 
/**
 * `error`, `warn`, `info` or `debug`.
 */
level: string, 
/**
 * What.
 */
text: string, };

/**
 * Whether a machine works.
 */
export type MachineLife = "atWork" | "silent" | "stopped";

/**
 * Who works on the jobs.
 */
export type MachineState = "here" | "elsewhere" | "nobody";

/**
 * A machine.
 */
export type MachineView = { 
/**
 * Its key.
 */
id: number, 
/**
 * Name of the computer.
 */
host: string, 
/**
 * `desktop` or `daemon`.
 */
kind: string, 
/**
 * Version of Presell there.
 */
version: string, 
/**
 * Whether it works.
 */
state: MachineLife, 
/**
 * It is this computer.
 */
here: boolean, 
/**
 * When it started.
 */
since: At, 
/**
 * When it was last heard of.
 */
seen: At, 
/**
 * Runs it may be at side by side.
 */
slots: number, 
/**
 * Runs it is at.
 */
running: number, 
/**
 * Its clock is ahead of the database's by so many milliseconds; Presell goes by the database.
 */
skewMs: number, };

/**
 * A shop, named.
 */
export type NamedShop = { 
/**
 * Its name.
 */
name: string, };

/**
 * What a check takes to pass. Serialised as the words of its `Display`.
 */
export type Needs = string;

/**
 * The job that is due next.
 */
export type NextDue = { 
/**
 * Its id.
 */
job: string, 
/**
 * Its name.
 */
label: string, 
/**
 * When.
 */
at: At, };

/**
 * A request or an answer without content; `{}` as JSON.
 */
export type Nothing = Record<symbol, never>;

/**
 * A purchase order that was changed.
 */
export type OrderChanged = { 
/**
 * The catalog refreshes by itself, and does so for the products now.
 */
refreshing: boolean, 
/**
 * Its key, to take it back; none if nothing was different.
 */
id: number | null, 
/**
 * Field, old value, new value.
 */
fields: Array<[string, string, string]>, };

/**
 * Where a run comes from.
 */
export type Origin = "SCHEDULE" | "RETRY" | "RESUME" | "MANUAL" | "EVENT" | "CHILD";

/**
 * What a refresh did, or would do.
 */
export type Outcome = { 
/**
 * Products looked at: added + moved + updated + removed + unchanged + undetermined.
 */
examined: number, 
/**
 * Newly listed.
 */
added: number, 
/**
 * Gone from one list to the other.
 */
moved: number, 
/**
 * Listed with a new date, line or quantity.
 */
updated: number, 
/**
 * No longer listed.
 */
removed: number, 
/**
 * As before.
 */
unchanged: number, 
/**
 * Left as they are because their stock is unknown.
 */
undetermined: number, 
/**
 * The changes, in the order of products, as many of each kind as were asked for.
 */
changes: Array<Changed>, };

/**
 * What becomes of an occurrence that falls due while the one before is still at work.
 */
export type Overlap = "FOLLOW_UP" | "SKIP" | "STOP_PREVIOUS";

/**
 * A parameter of a job, and its value.
 */
export type ParameterView = { 
/**
 * Its key.
 */
name: string, 
/**
 * `flag`, `number`, `text`, `texts`, `date` or `choice`.
 */
kind: string, 
/**
 * What it does.
 */
help: string, 
/**
 * Which values it takes, in words.
 */
allowed: string, 
/**
 * A run without it is refused.
 */
required: boolean, 
/**
 * Never shown.
 */
secret: boolean, 
/**
 * The value that counts unless another is set.
 */
default: string | null, 
/**
 * The value that is set; none: the default.
 */
value: JsonValue | null, };

/**
 * One past change of the listing.
 */
export type Past = { 
/**
 * When.
 */
at: string, 
/**
 * `ADD`, `MOVE`, `UPDATE` or `REMOVE`.
 */
change: string, 
/**
 * The list after it.
 */
category: Class | null, 
/**
 * The date after it.
 */
promiseDate: string | null, 
/**
 * The purchase order it came from.
 */
purchaseOrder: string | null, 
/**
 * The line of it.
 */
line: number | null, 
/**
 * Pieces published after it.
 */
cap: number | null, 
/**
 * Why, for a removal.
 */
reasons: Array<Code>, 
/**
 * The run that made it.
 */
runId: number, };

/**
 * A place in one of the lists.
 */
export type Place = { 
/**
 * The list.
 */
category: Class, 
/**
 * The date customers are told.
 */
promiseDate: string, 
/**
 * Pieces published.
 */
cap: number, };

/**
 * The kinds of shops.
 */
export type Platform = "shopify" | "demo" | "file";

/**
 * One line.
 */
export type PoLine = { 
/**
 * Its number.
 */
line: number, 
/**
 * What it brings.
 */
sku: string, 
/**
 * The product's name; empty if no file gave one.
 */
title: string, 
/**
 * Where it goes.
 */
facility: string, 
/**
 * Its status.
 */
status: string, 
/**
 * Closed by itself: received and cancelled reach what was ordered.
 */
closed: boolean, 
/**
 * A new style, or a known product restocked.
 */
isNew: boolean, 
/**
 * Pieces ordered.
 */
ordered: number, 
/**
 * Pieces received.
 */
received: number, 
/**
 * Pieces cancelled.
 */
cancelled: number, 
/**
 * Pieces kept back from pre-selling.
 */
buffer: number, 
/**
 * Pieces promised to customers and not here yet.
 */
preSold: number, 
/**
 * Pieces that may still be pre-sold.
 */
left: number, 
/**
 * Pieces promised that will not come.
 */
oversold: number, 
/**
 * When the supplier says it arrives.
 */
arrivalDate: string | null, 
/**
 * Days of safety.
 */
bufferDays: number, 
/**
 * It should be here by now.
 */
late: boolean, 
/**
 * What customers are told.
 */
promiseDate: string | null, 
/**
 * The list the product is in now.
 */
listed: string | null, 
/**
 * This line is what customers are told of.
 */
active: boolean, 
/**
 * Changes whenever the line does; to be given with a change.
 */
version: string, };

/**
 * What one person set on one computer.
 */
export type Preferences = { 
/**
 * Light, dark, or as the system.
 */
appearance: Appearance, 
/**
 * How close rows stand.
 */
density: Density, 
/**
 * Single keys such as `r` and `p` do something.
 */
singleKeys: boolean, 
/**
 * A message when a job fails.
 */
notifyFailures: boolean, 
/**
 * A message when a job that failed goes well again.
 */
notifyRecoveries: boolean, 
/**
 * No messages between these times.
 */
quietHours: QuietHours | null, 
/**
 * Presell starts with the computer, in the tray.
 */
startAtLogin: boolean, };

/**
 * Which runs to show.
 */
export type PreviewJob = { 
/**
 * The job.
 */
id: string, 
/**
 * What would be set.
 */
setting: JobSetting, 
/**
 * How many; none: five.
 */
count: number | null, };

/**
 * One finding about a file: where it is, what happened and what to do.
 */
export type Problem = { 
/**
 * Row as a spreadsheet numbers it (the header of a plain table is row 1); in JSON the first object is 1.
 */
row: number | null, 
/**
 * The column's header as the file writes it.
 */
column: string | null, 
/**
 * The check that found it.
 */
code: Check, 
/**
 * What it stops.
 */
severity: Severity, 
/**
 * What happened and what to do, as sentences.
 */
message: string, 
/**
 * The offending cell, at most 80 characters of it.
 */
value: string | null, };

/**
 * The history of an order or of one line of it.
 */
export type PurchaseOrderHistory = { 
/**
 * Number of the order.
 */
order: string, 
/**
 * Only this line.
 */
line: number | null, 
/**
 * How many entries, newest first.
 */
limit: number, };

/**
 * One order, summed up.
 */
export type PurchaseOrderRow = { 
/**
 * Its number.
 */
code: string, 
/**
 * Its status.
 */
status: string, 
/**
 * The store it supplies; none: every store.
 */
store: string | null, 
/**
 * Where its goods go: the first place, by name.
 */
facility: string | null, 
/**
 * To how many places.
 */
facilities: number, 
/**
 * Lines.
 */
lines: number, 
/**
 * Lines that still bring something.
 */
openLines: number, 
/**
 * Pieces ordered.
 */
ordered: number, 
/**
 * Pieces received.
 */
received: number, 
/**
 * Pieces cancelled.
 */
cancelled: number, 
/**
 * Pieces promised to customers and not here yet.
 */
preSold: number, 
/**
 * Pieces that may still be pre-sold.
 */
left: number, 
/**
 * When its next goods arrive.
 */
nextDate: string | null, 
/**
 * What that means today.
 */
due: Due, 
/**
 * The import it came with, while that is known.
 */
importId: number | null, 
/**
 * The file it came with.
 */
fileName: string | null, 
/**
 * When it came.
 */
importedAt: At, };

/**
 * In which order.
 */
export type PurchaseOrderSort = "nextDate" | "code" | "newest";

/**
 * One order.
 */
export type PurchaseOrderView = { 
/**
 * Summed up.
 */
order: PurchaseOrderRow, 
/**
 * How many lines fit.
 */
total: number, 
/**
 * This page of them, by number.
 */
lines: Array<PoLine>, };

/**
 * A page of orders.
 */
export type PurchaseOrders = { 
/**
 * How many fit.
 */
total: number, 
/**
 * How many there are at all.
 */
all: number, 
/**
 * How many fit the search, by status, whatever status was asked for.
 */
statuses: Array<[Status, number]>, 
/**
 * How many fit search and status, by when they are due.
 */
due: DueCounts, 
/**
 * The page.
 */
orders: Array<PurchaseOrderRow>, };

/**
 * From one time of the day to another, by the clock of this computer; the second may be of the next day.
 */
export type QuietHours = { 
/**
 * The first quiet minute, e.g. `22:00`.
 */
from: string, 
/**
 * The first minute after, e.g. `07:00`.
 */
until: string, };

/**
 * How many products a reason keeps out.
 */
export type ReasonCount = { 
/**
 * The reason.
 */
code: Code, 
/**
 * Products whose first reason it is.
 */
count: number, };

/**
 * A reason.
 */
export type ReasonWords = { 
/**
 * Its code.
 */
code: Code, 
/**
 * In two or three words.
 */
label: string, 
/**
 * In one sentence.
 */
sentence: string, };

/**
 * How far it got.
 */
export type ReasonsProgress = { 
/**
 * Products worked out by this call.
 */
done: number, 
/**
 * Where to go on; none: nothing is due any more.
 */
after: number | null, };

/**
 * Goods that arrived for one line.
 */
export type ReceiveGoods = { 
/**
 * Number of the order.
 */
order: string, 
/**
 * Number of the line.
 */
line: number, 
/**
 * Pieces.
 */
quantity: number, 
/**
 * Questions are answered with yes.
 */
confirm: boolean, };

/**
 * One of the newest runs of a job.
 */
export type RecentRun = { 
/**
 * Its key.
 */
id: number, 
/**
 * Its state.
 */
state: RunState, 
/**
 * When it ended, or its row was made.
 */
at: At, 
/**
 * How long it took, in milliseconds.
 */
durationMs: number | null, 
/**
 * So much changed.
 */
changed: number | null, };

/**
 * A refresh to make.
 */
export type RefreshCatalog = { 
/**
 * Show what would change and change nothing.
 */
dryRun: boolean, 
/**
 * Look at every product, not only at those that something happened to.
 */
full: boolean, 
/**
 * Look only at these SKUs; empty: no such limit.
 */
skus: Array<string>, 
/**
 * Judge as if it were this day; only with `dry_run`.
 */
asOf: string | null, 
/**
 * Somebody has looked at the removals and agrees.
 */
confirm: boolean, 
/**
 * Percent of the lists that may be removed unasked; none: the store's setting.
 */
maxChangePercent: number | null, 
/**
 * How many changes of each kind to return in full; all are counted.
 */
listChanges: number, };

/**
 * What a refresh did, or would do.
 */
export type Refreshed = { 
/**
 * Key of the run.
 */
runId: number, 
/**
 * How long it took, in milliseconds.
 */
durationMs: number, 
/**
 * Products looked at: added + moved + updated + removed + unchanged + undetermined.
 */
examined: number, 
/**
 * Newly listed.
 */
added: number, 
/**
 * Gone from one list to the other.
 */
moved: number, 
/**
 * Listed with a new date, line or quantity.
 */
updated: number, 
/**
 * No longer listed.
 */
removed: number, 
/**
 * As before.
 */
unchanged: number, 
/**
 * Left as they are because their stock is unknown.
 */
undetermined: number, 
/**
 * The changes, in the order of products, as many of each kind as were asked for.
 */
changes: Array<Changed>, };

/**
 * Rows that would not be taken, ready to be mended.
 */
export type RejectsExported = { 
/**
 * A CSV with a column of reasons; empty if it was written to a file.
 */
csv: string, 
/**
 * Its rows.
 */
rows: number, 
/**
 * There are more than fit one answer.
 */
cut: boolean, };

/**
 * What can be done with one click.
 */
export type Remedy = "runNow" | "stop" | "release" | "showRun" | "edit" | "skip" | "pause" | "keep";

/**
 * A backup to put in place.
 */
export type RestoreDatabase = { 
/**
 * The backup.
 */
path: string, };

/**
 * A backup that was put in place.
 */
export type Restored = { 
/**
 * The database that holds the backup's data now.
 */
database: string, 
/**
 * Where the data of before is; none if there was no database.
 */
kept: string | null, };

/**
 * Which lines of a review.
 */
export type ReviewFilter = { 
/**
 * Part of an order number or a SKU.
 */
search: string, 
/**
 * Only this order.
 */
order: string | null, 
/**
 * Only lines with this fate.
 */
fate: RowFate | null, 
/**
 * Only lines with a finding of this check.
 */
check: Check | null, 
/**
 * Only lines that a person changed.
 */
adjusted: boolean, };

/**
 * One row of the file.
 */
export type ReviewLine = { 
/**
 * Row as a spreadsheet numbers it.
 */
row: number, 
/**
 * The order it belongs to.
 */
order: string, 
/**
 * Its cells, one per field of the review.
 */
cells: Array<string>, 
/**
 * What the file says where a person changed it.
 */
was: Array<[FileFieldName, string]>, 
/**
 * What happens to it.
 */
fate: RowFate, 
/**
 * What is wrong or asks.
 */
problems: Array<Problem>, 
/**
 * Field, known value, value of the file.
 */
differences: Array<[string, string, string]>, };

/**
 * A page of lines.
 */
export type ReviewLines = { 
/**
 * How many fit the filter.
 */
total: number, 
/**
 * This page, in the order of the file.
 */
lines: Array<ReviewLine>, };

/**
 * The lines of one order, summed up.
 */
export type ReviewOrder = { 
/**
 * Its number.
 */
order: string, 
/**
 * Its rows.
 */
rows: number, 
/**
 * Those that ask.
 */
asks: number, 
/**
 * Those that are wrong.
 */
refused: number, 
/**
 * Those that change something known.
 */
changed: number, 
/**
 * Those that a person left out.
 */
leftOut: number, };

/**
 * A page of orders.
 */
export type ReviewOrders = { 
/**
 * How many fit.
 */
total: number, 
/**
 * This page, by order number.
 */
orders: Array<ReviewOrder>, };

/**
 * A reviewed file.
 */
export type Reviewed = { 
/**
 * Names the review, to read pages of it.
 */
review: string, 
/**
 * Hash of the file, to be given with the import.
 */
sha256: string, 
/**
 * Whether `03/04/2027` is the third of April, and whether a comma stands before the fraction.
 */
written: FileWritten, 
/**
 * The fields of each row, in the order of its cells.
 */
fields: Array<FileFieldName>, 
/**
 * Which field has which columns.
 */
columns: Array<[FileFieldName, Array<string>]>, 
/**
 * Rows that count.
 */
rows: number, 
/**
 * Rows that would be taken.
 */
accepted: number, 
/**
 * Rows by what happens to them.
 */
fates: Array<[RowFate, number]>, 
/**
 * What the accepted rows would do.
 */
changes: Changes, 
/**
 * Findings by check, most severe first.
 */
findings: Array<FindingGroup>, 
/**
 * Known lines that the file leaves out and that a confirmation would cancel.
 */
linesWaiting: number, 
/**
 * The first of them.
 */
leftAside: Array<string>, 
/**
 * No product is known yet, so new ones would be added.
 */
firstProducts: boolean, };

/**
 * What a facility is to a store.
 */
export type Role = "sells" | "receives";

/**
 * What happens to a row.
 */
export type RowFate = "new" | "changed" | "unchanged" | "asks" | "refused" | "leftOut";

/**
 * The questions asked of a line, in this order.
 */
export type Rule = "PURCHASE_ORDER" | "PO_STATUS" | "LINE_STATUS" | "SCOPE" | "PROMISE_DATE" | "PO_ATP";

/**
 * What became of a wish to run a job.
 */
export type RunAsked = { 
/**
 * The run.
 */
run: RunView, 
/**
 * An equal run is before it, so that it starts when that one has ended.
 */
waits: boolean, };

/**
 * A job to run now. Its schedule stays as it is.
 */
export type RunJob = { 
/**
 * Its id.
 */
id: string, 
/**
 * Parameters for this run, beside those that are set; null: the default.
 */
parameters: { [key in string]: JsonValue }, 
/**
 * Show what would change, and change nothing.
 */
dryRun: boolean, };

/**
 * A page of runs.
 */
export type RunPage = { 
/**
 * The runs.
 */
runs: Array<RunView>, 
/**
 * How many match in all.
 */
total: number, 
/**
 * How many there are in each state, whichever states were asked for.
 */
states: Array<StateCount>, 
/**
 * Older runs were not searched: there are too many.
 */
cut: boolean, };

/**
 * A run that was given up.
 */
export type RunReleased = { 
/**
 * The run.
 */
id: number, 
/**
 * Its job.
 */
job: string, 
/**
 * Who was at it.
 */
from: string, 
/**
 * The run that tries again or goes on; none: no attempt remains.
 */
successor: number | null, };

/**
 * A run that is left out.
 */
export type RunSkipped = { 
/**
 * When it would have run.
 */
skipped: At, 
/**
 * Its id.
 */
id: string, 
/**
 * Its name.
 */
label: string, 
/**
 * The page it is on.
 */
page: string, 
/**
 * The card or group on that page.
 */
group: string, 
/**
 * What it does.
 */
description: string, 
/**
 * It can be switched on in this version.
 */
available: boolean, 
/**
 * What it needs that does not exist yet.
 */
missing: string | null, 
/**
 * Draft: not switched on. Enabled: runs by itself. Paused: waits to be resumed.
 */
state: ScheduleState, 
/**
 * Id of the frequency: `EVERY_15_MIN` … `EVERYDAY`, `CUSTOM`, `ON_DEMAND`.
 */
frequency: string, 
/**
 * The frequency in plain words.
 */
frequencyWords: string, 
/**
 * The expression, if the frequency is one of cron.
 */
cron: string | null, 
/**
 * The zone of its wall times.
 */
zone: string, 
/**
 * When it runs next by itself.
 */
nextRun: At | null, 
/**
 * The run that is queued or at work.
 */
openRun: number | null, 
/**
 * How it went last.
 */
lastRun: LastRun | null, 
/**
 * Its newest runs, newest first; at most twenty.
 */
recent: Array<RecentRun>, 
/**
 * What can be set, and what is.
 */
parameters: Array<ParameterView>, 
/**
 * After sleep or shutdown.
 */
catchUp: CatchUp, 
/**
 * When it falls due while the run before is still at work.
 */
overlap: Overlap, 
/**
 * Attempts in all, if a failure may pass by itself.
 */
maxAttempts: number, 
/**
 * Starts are spread over so many seconds.
 */
jitterSeconds: number, 
/**
 * A run that takes longer is ended.
 */
timeoutSeconds: number, 
/**
 * What somebody should know: overdue, failing, too frequent. Usually empty.
 */
attention: Array<string>, 
/**
 * Raised by every change; a save names the one it was made from. 0: nobody has set it up yet.
 */
version: number, 
/**
 * Who changed it last.
 */
changedBy: string | null, };

/**
 * An order of runs.
 */
export type RunSort = "NEWEST" | "OLDEST" | "LONGEST";

/**
 * State of a run.
 */
export type RunState = "PENDING" | "QUEUED" | "RUNNING" | "STOPPING" | "FINISHED" | "PARTIAL" | "FAILED" | "CRASHED" | "CANCELLED" | "SKIPPED";

/**
 * What stopping came to.
 */
export type RunStopped = { 
/**
 * The run.
 */
id: number, 
/**
 * It had not started and is cancelled; otherwise it was asked to stop and does so in a moment.
 */
cancelled: boolean, };

/**
 * One run.
 */
export type RunView = { 
/**
 * Its key.
 */
id: number, 
/**
 * The job.
 */
job: string, 
/**
 * The job's name; none: this version does not know it.
 */
label: string | null, 
/**
 * Its state.
 */
state: RunState, 
/**
 * Why it ended other than well, e.g. `TIMEOUT`.
 */
reason: string | null, 
/**
 * More about that, e.g. which computer it was recovered from.
 */
detail: string | null, 
/**
 * Where it comes from: its schedule, a retry, a person …
 */
origin: Origin, 
/**
 * Who asked for it.
 */
actor: string, 
/**
 * Which attempt it is.
 */
attempt: number, 
/**
 * Attempts in all.
 */
maxAttempts: number, 
/**
 * Occurrences it stands for; more than one: those before it were left out with it.
 */
covers: number, 
/**
 * The run it is a part of.
 */
parent: number | null, 
/**
 * The time it was meant for; none: it was asked for.
 */
dueAt: At | null, 
/**
 * When its row was made.
 */
createdAt: At, 
/**
 * When it started.
 */
startedAt: At | null, 
/**
 * When it ended.
 */
finishedAt: At | null, 
/**
 * How long it took, in milliseconds.
 */
durationMs: number | null, 
/**
 * So much is done …
 */
done: number | null, 
/**
 * … of so much.
 */
total: number | null, 
/**
 * How much it did.
 */
counts: Counts | null, 
/**
 * What it reports.
 */
result: JsonValue | null, 
/**
 * The error in full.
 */
error: string | null, 
/**
 * The parameters it was given.
 */
parameters: { [key in string]: JsonValue }, 
/**
 * What it said; empty in lists.
 */
log: Array<LogEntry>, 
/**
 * Its parts; empty in lists.
 */
parts: Array<RunView>, };

/**
 * Runs that were given up.
 */
export type RunsReleased = { 
/**
 * Each of them.
 */
runs: Array<RunReleased>, };

/**
 * Sample data that was added.
 */
export type SamplesAdded = { 
/**
 * The imports it came with.
 */
imports: Array<number>, 
/**
 * Rows taken.
 */
rows: number, 
/**
 * What deciding about it changed; none: nobody asked for it.
 */
refreshed: Outcome | null, };

/**
 * Sample data that was taken away.
 */
export type SamplesRemoved = { 
/**
 * Imports that were undone.
 */
imports: number, 
/**
 * Rows that are gone.
 */
removed: number, 
/**
 * Products that left the lists.
 */
unlisted: number, };

/**
 * A job to set up.
 */
export type SaveJob = { 
/**
 * Its id.
 */
id: string, 
/**
 * What to set.
 */
setting: JobSetting, 
/**
 * The version the change was made from; none: whatever it is now.
 */
version: number | null, };

/**
 * A mapping with its name.
 */
export type SavedMapping = { 
/**
 * Kind of file.
 */
kind: Kind, 
/**
 * Name, as a person gave it.
 */
name: string, 
/**
 * Field and column.
 */
columns: Array<[string, string]>, 
/**
 * How the file is to be read.
 */
reading: FileReading, };

/**
 * State of a schedule.
 */
export type ScheduleState = "DRAFT" | "ENABLED" | "PAUSED";

/**
 * One setting with all that is needed to change it.
 */
export type Setting = { 
/**
 * Its name.
 */
key: string, 
/**
 * Its name for people.
 */
label: string, 
/**
 * `flag`, `number`, `choice` or `zone`.
 */
kind: string, 
/**
 * Its value, as text.
 */
value: string, 
/**
 * The value of a new store; none for the zone, which is that of the machine.
 */
default: string | null, 
/**
 * What it does, in one sentence.
 */
help: string, 
/**
 * Which values it takes, in words.
 */
allowed: string, 
/**
 * The values to choose from; empty if it is a number or a zone.
 */
choices: Array<string>, 
/**
 * The smallest and the largest number; none: it is no number.
 */
range: [number, number] | null, 
/**
 * What the number counts: `pieces`, `hours` or `percent`.
 */
unit: string | null, 
/**
 * Whether `off` is a value.
 */
canBeOff: boolean, 
/**
 * What to say before it is changed, where a change shows at once.
 */
confirm: string | null, };

/**
 * A setting that was changed.
 */
export type SettingChanged = { 
/**
 * Its name.
 */
key: string, 
/**
 * The value before.
 */
before: string, 
/**
 * The value now.
 */
after: string, 
/**
 * What the change does at once, if it does.
 */
note: string | null, };

/**
 * What changing a setting would do. Nothing was changed.
 */
export type SettingPreview = { 
/**
 * Its name.
 */
key: string, 
/**
 * The value now.
 */
before: string, 
/**
 * The value as it would be kept.
 */
after: string, 
/**
 * Products on the lists now.
 */
listed: number, 
/**
 * Products that would come onto a list.
 */
added: number, 
/**
 * Products that would go from one list to the other.
 */
moved: number, 
/**
 * Listed products with another date, line or quantity.
 */
updated: number, 
/**
 * Products that would leave the lists.
 */
removed: number, 
/**
 * Products that could not be decided, because their stock is unknown.
 */
undetermined: number, 
/**
 * So many would leave that the next refresh would stop and ask first.
 */
brake: boolean, 
/**
 * The first of them.
 */
changes: Array<Changed>, };

/**
 * What a problem stops.
 */
export type Severity = "file" | "refused" | "asks" | "note";

/**
 * How the file is written, as it was detected; shown to the person.
 */
export type Shape = { 
/**
 * The kind of file.
 */
format: Format, 
/**
 * The encoding's usual name, for text.
 */
encoding: string | null, 
/**
 * What stands between the cells, for CSV.
 */
delimiter: string | null, 
/**
 * The sheet that was read, for XLSX.
 */
sheet: string | null, 
/**
 * The row that holds the headers, for CSV and XLSX.
 */
headerRow: number | null, };

/**
 * What a shop said when it was tested.
 */
export type ShopAnswers = { 
/**
 * Its own name.
 */
name: string, 
/**
 * Its zone, in which its dates are meant.
 */
zone: string | null, 
/**
 * Its plan, in its words.
 */
plan: string | null, 
/**
 * The version that answered.
 */
version: string | null, 
/**
 * What the access allows.
 */
scopes: Array<string>, 
/**
 * What it does not allow though Presell needs it.
 */
missingScopes: Array<string>, 
/**
 * What to know beside: an old version, a warning.
 */
warnings: Array<string>, 
/**
 * What else it told of itself, in sentences.
 */
notes: Array<string>, };

/**
 * How far the products of a page are in one shop.
 */
export type ShopColumn = { 
/**
 * The shop.
 */
name: string, 
/**
 * The state of each row, in their order: `listed`, `notListed`, `pending`, `failed`, `drifted`, `notLinked`,
 * `ambiguous` or `unknown`.
 */
states: Array<string>, };

/**
 * One variant with what would be done.
 */
export type ShopDifference = { 
/**
 * The product.
 */
sku: string, 
/**
 * `list`, `delist`, `move`, `update` or `tags`.
 */
action: string, 
/**
 * What the shop is asked to do, in order.
 */
operations: Array<string>, 
/**
 * Why, in words.
 */
because: string, };

/**
 * One variant that shows something else than was written.
 */
export type ShopDrifted = { 
/**
 * The product.
 */
sku: string, 
/**
 * What was last written and confirmed; none: not listed.
 */
base: ShopListing | null, 
/**
 * What is wanted; none: not listed.
 */
ours: ShopListing | null, 
/**
 * What its mark says in the shop; none: not listed.
 */
theirs: ShopListing | null, 
/**
 * Whether the shop sells it without stock.
 */
sells: boolean, 
/**
 * What differs, in words.
 */
what: Array<string>, };

/**
 * What linking came to.
 */
export type ShopLinked = { 
/**
 * Products looked for.
 */
lookedFor: number, 
/**
 * Found once.
 */
linked: number, 
/**
 * Not in the shop.
 */
missing: number, 
/**
 * In the shop several times: somebody has to say which.
 */
ambiguous: number, };

/**
 * A variant that can be bought before it arrives.
 */
export type ShopListing = { 
/**
 * Pre-order or backorder.
 */
class: Class, 
/**
 * The date customers are told, in the shop's calendar.
 */
promiseDate: string, 
/**
 * Pieces that may still be sold.
 */
cap: number, };

/**
 * A page of rows with the totals.
 */
export type ShopMatrix = { 
/**
 * Rows that match the words and the state.
 */
total: number, 
/**
 * Rows that match the words and were not found in the shop, or never looked for.
 */
unlinked: number, 
/**
 * Rows that match the words, by state.
 */
states: Array<ShopStateCount>, 
/**
 * This page.
 */
rows: Array<ShopRow>, };

/**
 * What the shop offers.
 */
export type ShopOffer = "unknown" | "inStock" | "preOrder" | "backorder" | "soldOut" | "unpromised";

/**
 * One variant that failed.
 */
export type ShopProblem = { 
/**
 * The product.
 */
sku: string, 
/**
 * What was to be done.
 */
action: string, 
/**
 * The shop's code, or one of ours.
 */
code: string, 
/**
 * What happened.
 */
message: string, };

/**
 * One product in one shop.
 */
export type ShopRow = { 
/**
 * The product.
 */
sku: string, 
/**
 * Its name.
 */
title: string, 
/**
 * `listed`, `notListed`, `pending`, `failed`, `drifted`, `notLinked`, `ambiguous` or `unknown`.
 */
state: string, 
/**
 * What it should show; none: not listed.
 */
expected: ShopListing | null, 
/**
 * What was last written and confirmed.
 */
confirmed: ShopListing | null, 
/**
 * What its mark was last seen to say.
 */
observed: ShopListing | null, 
/**
 * Whether the shop goes on selling it without stock; none: never seen.
 */
sells: boolean | null, 
/**
 * Pieces that the shop counts.
 */
quantity: number | null, 
/**
 * What is under way or failed: `list`, `delist`, `move`, `update`, `tags`.
 */
action: string | null, 
/**
 * Why it failed or waits.
 */
reason: string | null, 
/**
 * When it was last seen.
 */
seenAt: At | null, 
/**
 * What customers see, by what was last seen.
 */
customer: ShopSight, 
/**
 * What they will see after the next sync; none: the same, or nobody knows.
 */
after: ShopSight | null, };

/**
 * The settings of a shop.
 */
export type ShopSettings = { 
/**
 * The version of the shop's interface that is spoken.
 */
apiVersion: string, 
/**
 * Where the mark of a variant is kept: its namespace.
 */
namespace: string, 
/**
 * And its key there.
 */
markKey: string, 
/**
 * The key of the sellable quantity; empty: it is not written.
 */
quantityKey: string, 
/**
 * The tag of products with a variant on pre-order.
 */
preOrderTag: string, 
/**
 * The tag of products with a variant on backorder.
 */
backorderTag: string, 
/**
 * The part of the store's catalog that this shop shows: SKUs or styles, `*` for anything; empty: all of it.
 */
products: Array<string>, 
/**
 * Pieces of each listing that this shop does not get.
 */
buffer: number, 
/**
 * Gives a variant that sold without stock before we listed it that freedom back when it leaves the list.
 */
restorePolicy: boolean, 
/**
 * What is done where somebody else changed what Presell wrote.
 */
drift: DriftAnswer, 
/**
 * A sync that would take more than this part of the listed variants off stops and asks, in percent.
 */
maxDelistPercent: number, 
/**
 * Nothing is listed or taken off on lists older than this, in hours; only passed dates are.
 */
maxCatalogAgeHours: number, };

/**
 * What a customer sees.
 */
export type ShopSight = { 
/**
 * What is offered.
 */
offer: ShopOffer, 
/**
 * The date that is promised; none: none is shown.
 */
promiseDate: string | null, 
/**
 * Pieces that may still be sold before they arrive, where the shop is told.
 */
left: number | null, 
/**
 * Why it is not known, or what is odd about it.
 */
note: string | null, };

/**
 * How Presell and a shop get on.
 */
export type ShopState = "new" | "connected" | "disconnected" | "blocked";

/**
 * How many rows are in a state.
 */
export type ShopStateCount = { 
/**
 * The state.
 */
state: string, 
/**
 * Rows.
 */
count: number, };

/**
 * What a sync came to.
 */
export type ShopSynced = { 
/**
 * The run.
 */
runId: number, 
/**
 * Variants that were to be changed.
 */
planned: number, 
/**
 * Variants sent, each attempt counted.
 */
sent: number, 
/**
 * Variants that now show what is wanted.
 */
confirmed: number, 
/**
 * Variants that the shop refused.
 */
failed: number, 
/**
 * Variants of which nobody knows yet.
 */
unknown: number, 
/**
 * Variants left for later: a limit, a stop, or a shop that wants to be asked again later.
 */
waiting: number, 
/**
 * Variants that show what is wanted already.
 */
unchanged: number, 
/**
 * Variants that the shop refused in an earlier sync: they are not sent again as they are.
 */
refusedBefore: number, 
/**
 * Products of the lists that the shop does not have, or has several times.
 */
notLinked: number, 
/**
 * The lists were too old to act on.
 */
stale: boolean, 
/**
 * What failed, with its reason; the first hundred.
 */
problems: Array<ShopProblem>, };

/**
 * What a test of a shop came to.
 */
export type ShopTested = { 
/**
 * What it said.
 */
answers: ShopAnswers, 
/**
 * The shop now.
 */
shop: ShopView, };

/**
 * One shop.
 */
export type ShopView = { 
/**
 * Its name.
 */
name: string, 
/**
 * Its kind.
 */
platform: Platform, 
/**
 * Its domain or folder.
 */
address: string, 
/**
 * How Presell and the shop get on.
 */
state: ShopState, 
/**
 * Why not well, and what to do.
 */
trouble: string | null, 
/**
 * Its settings.
 */
settings: ShopSettings, 
/**
 * Raised by every change.
 */
version: number, 
/**
 * Where its secret is kept: `keyring`, `file`, `env`, or `none`.
 */
secret: string, 
/**
 * What its last test said: its name, plan, zone, what is missing.
 */
answers: ShopAnswers | null, 
/**
 * When the lists that it is to show were last decided.
 */
decidedAt: At | null, 
/**
 * They are older than the shop is set to trust: a sync only takes passed dates off.
 */
stale: boolean, 
/**
 * When a sync last ran to its end.
 */
syncedAt: At | null, 
/**
 * When everything of ours was last read back.
 */
lookedAt: At | null, 
/**
 * Products that were not found in it, or never looked for.
 */
unlinked: number, 
/**
 * Products by state.
 */
states: Array<ShopStateCount>, };

/**
 * What is coming.
 */
export type ShowComing = { 
/**
 * For how many weeks, this one included; at most 104.
 */
weeks: number, };

/**
 * A job to show.
 */
export type ShowJob = { 
/**
 * Its id.
 */
id: string, };

/**
 * An order to show.
 */
export type ShowPurchaseOrder = { 
/**
 * Its number.
 */
code: string, 
/**
 * Part of a SKU or a product's name.
 */
search: string, 
/**
 * Only lines that still bring something.
 */
open: boolean, 
/**
 * How many lines.
 */
limit: number, 
/**
 * How many to pass over.
 */
offset: number, };

/**
 * A run to show or stop.
 */
export type ShowRun = { 
/**
 * Its key.
 */
id: number, };

/**
 * Work that goes on.
 */
export type ShowWork = { 
/**
 * The name it was given.
 */
work: string, };

/**
 * How many runs are in a state.
 */
export type StateCount = { 
/**
 * The state.
 */
state: RunState, 
/**
 * So many.
 */
count: number, };

/**
 * State of a purchase order or of one line. Only created and approved ones can still bring goods.
 */
export type Status = "CREATED" | "APPROVED" | "COMPLETED" | "CANCELLED";

/**
 * Online stock with its terms.
 */
export type StockWhy = { 
/**
 * At least one facility has a usable record.
 */
known: boolean, 
/**
 * Pieces the web shop can sell; none if unknown.
 */
onlineAtp: number | null, 
/**
 * With more pieces than this it sells from stock, and is not listed.
 */
enough: number, 
/**
 * How the number came about.
 */
terms: Array<Term>, 
/**
 * Each facility, with what it brings in or why it brings nothing.
 */
facilities: Array<FacilityWhy>, };

/**
 * A run that would have taken too much off the lists. Nothing was changed by it; a trial shows what would leave now, and
 * a confirmed refresh makes it so.
 */
export type StoppedRun = { 
/**
 * The first run in a row that was stopped.
 */
runId: number, 
/**
 * When it was stopped.
 */
since: At, 
/**
 * Runs stopped since, this one included.
 */
times: number, 
/**
 * What the last of them said.
 */
message: string, };

/**
 * One store.
 */
export type StoreView = { 
/**
 * Its name, in files and on the command line too.
 */
code: string, 
/**
 * Where its days begin and end.
 */
zone: string, 
/**
 * Its facilities by name: those that sell feed its web shop, goods sent to any of them are its own.
 */
facilities: { [key in string]: Role }, 
/**
 * Products on its two lists.
 */
listed: number, 
/**
 * It is the one that is shown now.
 */
current: boolean, };

/**
 * All stores, and what they can be made of.
 */
export type Stores = { 
/**
 * The oldest first.
 */
stores: Array<StoreView>, 
/**
 * Every facility that is known, for a store to choose from.
 */
facilities: Array<string>, };

/**
 * A job to switch.
 */
export type SwitchJob = { 
/**
 * Its id.
 */
id: string, 
/**
 * Resuming: what fell due during the pause counts as missed, so that the catch-up policy applies.
 */
catchUp: boolean, };

/**
 * How a shop is to be synced.
 */
export type SyncShop = { 
/**
 * The shop.
 */
name: string, 
/**
 * Nothing is sent.
 */
dryRun: boolean, 
/**
 * You have looked at what would be taken off and agree to it.
 */
confirm: boolean, 
/**
 * What failed for good is tried again.
 */
retry: boolean, };

/**
 * A change by hand to take back.
 */
export type TakeBackChange = { 
/**
 * Its key.
 */
changeId: number, };

/**
 * One signed summand. The terms of a quantity always add up to it.
 */
export type Term = { 
/**
 * What is added or taken away.
 */
name: TermName, 
/**
 * Pieces; negative if taken away.
 */
value: number, };

/**
 * What a term stands for.
 */
export type TermName = "ORDERED" | "RECEIVED" | "CANCELLED" | "BUFFER" | "ALLOCATED" | "STOCK" | "THRESHOLD" | "QUEUED" | "BROKERING_OFF" | "FLOOR" | "HOLD";

/**
 * A summand.
 */
export type TermWords = { 
/**
 * Its name.
 */
term: TermName, 
/**
 * What it stands for.
 */
label: string, };

/**
 * A place to look at.
 */
export type TestConnection = { 
/**
 * A file, or `postgres://user:password@host/database`.
 */
database: string, };

/**
 * A part of the data. A command names those it reads and those it makes stale, so that screens know when to load again.
 */
export type Topic = "catalog" | "health" | "imports" | "jobs" | "orders" | "products" | "purchaseOrders" | "runs" | "settings" | "shops" | "stock";

/**
 * An import to take back.
 */
export type UndoImport = { 
/**
 * Its key.
 */
importId: number, };

/**
 * What undoing an import did.
 */
export type Undone = { 
/**
 * The import.
 */
importId: number, 
/**
 * Rows it had created, now gone.
 */
removed: number, 
/**
 * Rows it had changed, now as before.
 */
restored: number, };

/**
 * What a check found.
 */
export type Value = boolean | Status | string | number | null;

/**
 * One value that changed.
 */
export type ValueChanged = { 
/**
 * The field.
 */
field: string, 
/**
 * Before, in words.
 */
before: string, 
/**
 * Now, in words.
 */
after: string, };

/**
 * A product, and what to imagine about it.
 */
export type WhatIf = { 
/**
 * Its SKU.
 */
sku: string, 
/**
 * What to imagine.
 */
changes: ImaginedChanges, };

/**
 * The whole answer.
 */
export type Why = { 
/**
 * The product.
 */
sku: string, 
/**
 * Its name; empty if no file gave one.
 */
title: string, 
/**
 * What the rules say now.
 */
decision: Answer, 
/**
 * The list it belongs to; none unless it should be listed.
 */
category: Class | null, 
/**
 * The date to promise; none unless it should be listed.
 */
promiseDate: string | null, 
/**
 * The purchase order that brings it; none unless it should be listed.
 */
purchaseOrder: string | null, 
/**
 * Pieces to publish; none unless it should be listed.
 */
cap: number | null, 
/**
 * Why it should not be listed, most important first.
 */
reasons: Array<Code>, 
/**
 * Where it stands in the catalog now; none if it is in neither list.
 */
listedNow: Place | null, 
/**
 * What the next refresh will do: `ADD`, `MOVE`, `UPDATE`, `REMOVE` or `KEEP`.
 */
nextChange: string, 
/**
 * The stock the web shop can sell.
 */
stock: StockWhy, 
/**
 * Its purchase order lines, in the order in which they compete.
 */
lines: Array<LineWhy>, 
/**
 * What happened to its listing, newest first.
 */
history: Array<Past>, };

/**
 * How far some work is.
 */
export type Work = { 
/**
 * What is done just now.
 */
what: string, 
/**
 * How much of it is done: bytes or rows.
 */
done: number, 
/**
 * Of how much.
 */
total: number, };

/**
 * Reasons to work out.
 */
export type WorkOutReasons = { 
/**
 * Where the last call got to; 0: from the beginning.
 */
after: number, };

/** Every command: its request and its answer. */
export interface Commands {
  import_file: [ImportFile, Imported];
  list_imports: [Partial<Nothing>, Array<Import>];
  undo_import: [Partial<UndoImport> & Pick<UndoImport, "importId">, Undone];
  list_import_problems: [Partial<ListImportProblems> & Pick<ListImportProblems, "importId">, ImportProblems];
  inspect_file: [Partial<InspectFile> & Pick<InspectFile, "path">, Inspected];
  review_import: [ImportFile, Reviewed];
  list_review_lines: [Partial<ListReviewLines> & Pick<ListReviewLines, "review">, ReviewLines];
  list_review_orders: [Partial<ListReviewOrders> & Pick<ListReviewOrders, "review">, ReviewOrders];
  export_rejects: [Partial<ExportRejects> & Pick<ExportRejects, "review">, RejectsExported];
  show_work: [Partial<ShowWork> & Pick<ShowWork, "work">, Work | null];
  stop_work: [Partial<ShowWork> & Pick<ShowWork, "work">, Nothing];
  list_mappings: [ListMappings, Array<SavedMapping>];
  save_mapping: [SavedMapping, Nothing];
  forget_mapping: [ForgetMapping, Nothing];
  list_purchase_orders: [Partial<ListPurchaseOrders>, PurchaseOrders];
  show_purchase_order: [Partial<ShowPurchaseOrder>, PurchaseOrderView];
  purchase_order_history: [Partial<PurchaseOrderHistory> & Pick<PurchaseOrderHistory, "order">, Array<HistoryEntry>];
  change_line: [Partial<ChangeLine> & Pick<ChangeLine, "change" | "line" | "order">, LineChanged];
  change_purchase_order: [ChangePurchaseOrder, OrderChanged];
  receive_goods: [Partial<ReceiveGoods> & Pick<ReceiveGoods, "line" | "order" | "quantity">, LineChanged];
  take_back_change: [Partial<TakeBackChange> & Pick<TakeBackChange, "changeId">, OrderChanged];
  refresh_catalog: [Partial<RefreshCatalog>, Refreshed];
  list_catalog: [Partial<ListCatalog>, Array<Listed>];
  explain: [Partial<Explain> & Pick<Explain, "sku">, Explained];
  browse_catalog: [Partial<BrowseCatalog>, CatalogView];
  catalog_in_shops: [Partial<Nothing>, CatalogInShops];
  export_catalog: [Partial<ExportCatalog>, CatalogExported];
  work_out_reasons: [Partial<WorkOutReasons>, ReasonsProgress];
  what_if: [Partial<WhatIf> & Pick<WhatIf, "changes" | "sku">, Imagined];
  coming: [Partial<ShowComing> & Pick<ShowComing, "weeks">, Coming];
  brake_state: [Partial<Nothing>, BrakeState];
  catalog_words: [Partial<Nothing>, CatalogWords];
  exclude_products: [Partial<ExcludeProducts> & Pick<ExcludeProducts, "excluded" | "skus">, Excluded];
  list_settings: [Partial<Nothing>, Array<Setting>];
  change_setting: [Partial<ChangeSetting> & Pick<ChangeSetting, "key" | "value">, SettingChanged];
  list_jobs: [Partial<ListJobs>, Array<JobView>];
  show_job: [Partial<ShowJob> & Pick<ShowJob, "id">, JobView];
  save_job: [Partial<SaveJob> & Pick<SaveJob, "id">, JobSaved];
  enable_job: [Partial<EnableJob> & Pick<EnableJob, "id">, JobSaved];
  disable_job: [Partial<SwitchJob> & Pick<SwitchJob, "id">, JobView];
  restore_job: [Partial<SwitchJob> & Pick<SwitchJob, "id">, JobView];
  pause_job: [Partial<SwitchJob> & Pick<SwitchJob, "id">, JobView];
  resume_job: [Partial<SwitchJob> & Pick<SwitchJob, "id">, JobView];
  skip_run: [Partial<SwitchJob> & Pick<SwitchJob, "id">, RunSkipped];
  preview_job: [Partial<PreviewJob> & Pick<PreviewJob, "id">, Array<ComingRun>];
  run_job: [Partial<RunJob> & Pick<RunJob, "id">, RunView];
  start_run: [Partial<RunJob> & Pick<RunJob, "id">, RunAsked];
  find_runs: [Partial<FindRuns>, RunPage];
  list_runs: [Partial<ListRuns>, Array<RunView>];
  show_run: [Partial<ShowRun> & Pick<ShowRun, "id">, RunView];
  stop_run: [Partial<ShowRun> & Pick<ShowRun, "id">, RunStopped];
  check_health: [CheckHealth, Health];
  health_overview: [Partial<Nothing>, HealthOverview];
  show_database: [Partial<Nothing>, DatabaseView];
  show_status: [Partial<Nothing>, HouseStatus];
  release_runs: [Partial<Nothing>, RunsReleased];
  pause_all: [Partial<Nothing>, JobsSwitched];
  resume_all: [Partial<Nothing>, JobsSwitched];
  run_due_now: [Partial<Nothing>, DueNow];
  preview_setting: [Partial<ChangeSetting> & Pick<ChangeSetting, "key" | "value">, SettingPreview];
  list_shops: [Partial<Nothing>, Array<ShopView>];
  browse_shop: [Partial<BrowseShop> & Pick<BrowseShop, "name">, ShopMatrix];
  diff_shop: [Partial<NamedShop> & Pick<NamedShop, "name">, Array<ShopDifference>];
  add_shop: [AddShop, ShopView];
  change_shop: [Partial<ChangeShop> & Pick<ChangeShop, "name">, ShopView];
  remove_shop: [Partial<NamedShop> & Pick<NamedShop, "name">, Nothing];
  test_shop: [Partial<NamedShop> & Pick<NamedShop, "name">, ShopTested];
  link_shop: [Partial<NamedShop> & Pick<NamedShop, "name">, ShopLinked];
  sync_shop: [Partial<SyncShop> & Pick<SyncShop, "name">, ShopSynced];
  check_drift: [Partial<NamedShop> & Pick<NamedShop, "name">, DriftReport];
  list_stores: [Partial<Nothing>, Stores];
  add_store: [Partial<AddStore> & Pick<AddStore, "code" | "zone">, StoreView];
  change_store: [Partial<ChangeStore> & Pick<ChangeStore, "code">, StoreView];
  choose_store: [Partial<ChooseStore> & Pick<ChooseStore, "code">, StoreView];
  list_changes: [Partial<ListChanges>, ChangePage];
  show_data_location: [Partial<Nothing>, DataLocation];
  test_connection: [Partial<TestConnection> & Pick<TestConnection, "database">, ConnectionTested];
  choose_data_location: [Partial<ChooseDataLocation>, DataLocation];
  list_preferences: [Partial<Nothing>, Preferences];
  change_preference: [Partial<ChangePreference> & Pick<ChangePreference, "key" | "value">, Preferences];
  show_first_start: [Partial<Nothing>, FirstStart];
  finish_first_start: [Partial<Nothing>, FirstStart];
  add_sample_data: [Partial<AddSampleData>, SamplesAdded];
  remove_sample_data: [Partial<Nothing>, SamplesRemoved];
  list_backups: [Partial<Nothing>, Backups];
  backup_database: [Partial<BackupDatabase> & Pick<BackupDatabase, "path">, BackedUp];
  restore_database: [Partial<RestoreDatabase> & Pick<RestoreDatabase, "path">, Restored];
}

/** What each command reads, and what it makes stale. */
export const TOPICS: { [K in keyof Commands]: { reads: readonly Topic[]; writes: readonly Topic[] } } = {
  import_file: { reads: [], writes: ["imports", "products", "purchaseOrders", "stock", "orders"] },
  list_imports: { reads: ["imports"], writes: [] },
  undo_import: { reads: [], writes: ["imports", "products", "purchaseOrders", "stock", "orders"] },
  list_import_problems: { reads: ["imports"], writes: [] },
  inspect_file: { reads: [], writes: [] },
  review_import: { reads: ["imports", "products", "purchaseOrders", "stock", "orders"], writes: [] },
  list_review_lines: { reads: [], writes: [] },
  list_review_orders: { reads: [], writes: [] },
  export_rejects: { reads: [], writes: [] },
  show_work: { reads: [], writes: [] },
  stop_work: { reads: [], writes: [] },
  list_mappings: { reads: ["imports"], writes: [] },
  save_mapping: { reads: [], writes: ["imports"] },
  forget_mapping: { reads: [], writes: ["imports"] },
  list_purchase_orders: { reads: ["purchaseOrders", "products"], writes: [] },
  show_purchase_order: { reads: ["purchaseOrders", "products", "catalog"], writes: [] },
  purchase_order_history: { reads: ["purchaseOrders"], writes: [] },
  change_line: { reads: [], writes: ["purchaseOrders"] },
  change_purchase_order: { reads: [], writes: ["purchaseOrders"] },
  receive_goods: { reads: [], writes: ["purchaseOrders"] },
  take_back_change: { reads: [], writes: ["purchaseOrders"] },
  refresh_catalog: { reads: [], writes: ["catalog", "runs"] },
  list_catalog: { reads: ["catalog"], writes: [] },
  explain: { reads: ["catalog", "products", "purchaseOrders", "stock", "orders", "settings", "shops"], writes: [] },
  browse_catalog: { reads: ["catalog", "products", "purchaseOrders", "stock", "orders", "settings", "shops"], writes: [] },
  catalog_in_shops: { reads: ["catalog", "products", "shops"], writes: [] },
  export_catalog: { reads: ["catalog"], writes: [] },
  work_out_reasons: { reads: ["products", "purchaseOrders", "stock", "orders", "settings"], writes: [] },
  what_if: { reads: ["catalog", "products", "purchaseOrders", "stock", "orders", "settings"], writes: [] },
  coming: { reads: ["purchaseOrders", "orders", "settings"], writes: [] },
  brake_state: { reads: ["runs"], writes: [] },
  catalog_words: { reads: ["settings"], writes: [] },
  exclude_products: { reads: [], writes: ["products"] },
  list_settings: { reads: ["settings"], writes: [] },
  change_setting: { reads: [], writes: ["settings"] },
  list_jobs: { reads: ["jobs", "runs"], writes: [] },
  show_job: { reads: ["jobs", "runs"], writes: [] },
  save_job: { reads: [], writes: ["jobs"] },
  enable_job: { reads: [], writes: ["jobs", "runs"] },
  disable_job: { reads: [], writes: ["jobs", "runs"] },
  restore_job: { reads: [], writes: ["jobs"] },
  pause_job: { reads: [], writes: ["jobs"] },
  resume_job: { reads: [], writes: ["jobs", "runs"] },
  skip_run: { reads: [], writes: ["jobs", "runs"] },
  preview_job: { reads: ["jobs"], writes: [] },
  run_job: { reads: [], writes: ["runs", "catalog"] },
  start_run: { reads: [], writes: ["runs"] },
  find_runs: { reads: ["runs"], writes: [] },
  list_runs: { reads: ["runs"], writes: [] },
  show_run: { reads: ["runs"], writes: [] },
  stop_run: { reads: [], writes: ["runs"] },
  check_health: { reads: ["health"], writes: [] },
  health_overview: { reads: ["health", "jobs", "runs"], writes: [] },
  show_database: { reads: ["health"], writes: [] },
  show_status: { reads: ["jobs", "runs", "catalog", "purchaseOrders", "settings", "shops"], writes: [] },
  release_runs: { reads: [], writes: ["runs"] },
  pause_all: { reads: [], writes: ["jobs"] },
  resume_all: { reads: [], writes: ["jobs"] },
  run_due_now: { reads: [], writes: ["runs"] },
  preview_setting: { reads: ["settings", "catalog", "products", "purchaseOrders", "stock", "orders"], writes: [] },
  list_shops: { reads: ["shops", "catalog"], writes: [] },
  browse_shop: { reads: ["shops", "catalog"], writes: [] },
  diff_shop: { reads: ["shops", "catalog"], writes: [] },
  add_shop: { reads: [], writes: ["shops"] },
  change_shop: { reads: [], writes: ["shops"] },
  remove_shop: { reads: [], writes: ["shops"] },
  test_shop: { reads: [], writes: ["shops"] },
  link_shop: { reads: [], writes: ["shops"] },
  sync_shop: { reads: [], writes: ["shops", "runs"] },
  check_drift: { reads: [], writes: ["shops", "runs"] },
  list_stores: { reads: ["settings", "catalog"], writes: [] },
  add_store: { reads: [], writes: ["settings"] },
  change_store: { reads: [], writes: ["settings"] },
  choose_store: { reads: [], writes: ["imports", "products", "purchaseOrders", "stock", "orders", "catalog", "jobs", "runs", "settings", "health"] },
  list_changes: { reads: ["settings", "jobs", "imports", "products"], writes: [] },
  show_data_location: { reads: ["settings"], writes: [] },
  test_connection: { reads: ["health"], writes: [] },
  choose_data_location: { reads: [], writes: ["settings"] },
  list_preferences: { reads: ["settings"], writes: [] },
  change_preference: { reads: [], writes: ["settings"] },
  show_first_start: { reads: ["imports", "jobs", "products", "settings"], writes: [] },
  finish_first_start: { reads: [], writes: ["settings"] },
  add_sample_data: { reads: [], writes: ["imports", "products", "purchaseOrders", "stock", "orders", "catalog", "runs"] },
  remove_sample_data: { reads: [], writes: ["imports", "products", "purchaseOrders", "stock", "orders", "catalog"] },
  list_backups: { reads: ["health"], writes: [] },
  backup_database: { reads: [], writes: ["health"] },
  restore_database: { reads: [], writes: ["imports", "products", "purchaseOrders", "stock", "orders", "catalog", "runs", "settings", "health"] },
};
