//! The page of a run: one roast in full, or many together and some of them in full.

mod curve;
mod fans;
mod input;
mod many;
mod tables;
mod truth;

pub use input::{
    Ask, Band, Batch, Columns, Fan, Overview, Phase, Readings, Run, Said, Small, Spread, Truth, Unit,
};

use askama::Template;
use trier_tables::rows::SessionRow;

use super::parts::{Fact, Figure, Grid};
use crate::markup::shortened;
use crate::terminal::{clean, shell_word};
use many::Tile;

/// So many roasts are shown in full on one page.
pub const SHEETS_MAX: usize = 8;

/// Tiles and rows beyond this many are folded away until they are asked for.
const OPEN_MAX: usize = 120;

#[derive(Template)]
#[template(path = "run.html")]
struct RunPage {
    title: String,
    subtitle: String,
    overview: Option<Many>,
    sheets: Vec<Sheet>,
    sections: Vec<(String, String)>,
}

/// What stands about many roasts together.
struct Many {
    facts: Vec<Fact>,
    bands: Vec<Figure>,
    spreads: Grid,
    tiles: Vec<Tile>,
    sessions: Grid,
    files: Grid,
    is_open: bool,
    /// The roasts are too many to be shown in full.
    has_sheets: bool,
    /// A roast to ask for, as one word of a shell.
    example: String,
}

/// What stands about one roast.
struct Sheet {
    id: String,
    name: String,
    subtitle: String,
    /// Of its headings; the name of a roast that is the page's own title is not said twice.
    level: u8,
    is_alone: bool,
    facts: Vec<Fact>,
    curve: Figure,
    narrow: String,
    phases: Grid,
    marks: Grid,
    fans: Vec<Figure>,
    forecasts: Grid,
    truth: Vec<Figure>,
    books: Option<String>,
    quality: String,
    flags: Grid,
    findings: Grid,
    more_findings: usize,
}

/// The page, and its figures: those of the roasts shown in full and the bands of all.
///
/// # Errors
/// [`askama::Error`] when the template cannot be filled, which would be a bug.
pub fn page(run: &Run) -> Result<(String, Vec<Figure>), askama::Error> {
    let is_alone = run.overview.is_none();
    let sheets: Vec<Sheet> =
        run.batches.iter().enumerate().map(|(i, batch)| sheet(batch, i, is_alone)).collect();
    let overview = run.overview.as_ref().map(|overview| many_of(overview, run));
    let mut figures: Vec<Figure> = overview.iter().flat_map(|many| many.bands.iter().cloned()).collect();
    for sheet in &sheets {
        figures.push(sheet.curve.clone());
        figures.extend(sheet.fans.iter().chain(&sheet.truth).cloned());
    }
    let (title, subtitle) = title(run);
    let sections = sections(overview.as_ref(), &sheets);
    let page = RunPage { title, subtitle, overview, sheets, sections };
    Ok((page.render()?, figures))
}

fn title(run: &Run) -> (String, String) {
    match (&run.overview, run.batches.first()) {
        (Some(overview), _) => (format!("{} roasts", overview.sessions.len()), String::new()),
        (None, Some(batch)) => (shortened(&batch.session.source, 120), tables::subtitle(batch)),
        (None, None) => ("No roast".to_owned(), "The tables hold no session.".to_owned()),
    }
}

/// Where the links at the top lead.
fn sections(overview: Option<&Many>, sheets: &[Sheet]) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    let named = |id: &str, name: &str| (id.to_owned(), name.to_owned());
    if overview.is_some() {
        all.extend([named("together", "Together"), named("each", "Each roast"), named("rows", "Table")]);
        all.extend(sheets.iter().map(|sheet| (sheet.id.clone(), shortened(&sheet.name, 40))));
    } else if let Some(sheet) = sheets.first() {
        let part = |part: &str, name: &str| (format!("{}-{part}", sheet.id), name.to_owned());
        all.push(part("numbers", "Phases and marks"));
        all.extend((!sheet.fans.is_empty()).then(|| part("forecasts", "Forecasts")));
        all.extend((!sheet.truth.is_empty()).then(|| part("truth", "Truth")));
        all.push(part("data", "Data"));
    }
    all
}

fn many_of(overview: &Overview, run: &Run) -> Many {
    let key =
        |session: &SessionRow| (session.source.clone(), session.machine.clone(), session.session_id.clone());
    let full: Vec<_> = run.batches.iter().map(|batch| key(&batch.session)).collect();
    let place = |session| full.iter().position(|known| *known == key(session));
    let to: Vec<String> =
        overview.sessions.iter().map(|session| place(session).map_or_else(String::new, id_of)).collect();
    Many {
        facts: many::facts(overview),
        bands: many::bands(overview).map(Vec::from).unwrap_or_default(),
        spreads: many::spreads(overview),
        tiles: many::tiles(overview, &to),
        sessions: many::sessions(overview, &to),
        files: many::files(overview),
        is_open: overview.sessions.len() <= OPEN_MAX,
        has_sheets: !run.batches.is_empty(),
        example: overview.sessions.first().map_or_else(String::new, typed),
    }
}

/// What a shell takes for the roast, whatever it is called: its name, or the id of its session where the name
/// cannot be typed as it is shown.
fn typed(session: &SessionRow) -> String {
    let name = &*session.source;
    let is_as_shown = clean(name) == name && name.chars().count() <= 80;
    if name.is_empty() || name.starts_with('-') || name.contains('\'') || !is_as_shown {
        session.session_id.to_string()
    } else {
        shell_word(name)
    }
}

fn id_of(place: usize) -> String {
    format!("roast-{}", place + 1)
}

fn sheet(batch: &Batch, place: usize, is_alone: bool) -> Sheet {
    let id = id_of(place);
    let prefix = if is_alone { String::new() } else { format!("{id}-") };
    let caption =
        "BT, ET and the rate of rise of BT, with phases shaded and marks named; gas and air beneath."
            .to_owned();
    let curve = Figure { id: format!("{prefix}curve"), picture: curve::curve(batch, curve::WIDE), caption };
    let (findings, more_findings) = tables::findings(batch);
    Sheet {
        name: batch.session.source.to_string(),
        subtitle: tables::subtitle(batch),
        level: if is_alone { 2 } else { 3 },
        is_alone,
        facts: tables::facts(batch),
        curve,
        narrow: curve::curve(batch, curve::NARROW).inline(),
        phases: tables::phases(batch),
        marks: tables::marks(batch),
        fans: fans::fans(batch, &prefix),
        forecasts: tables::forecasts(batch),
        truth: truth::figures(batch, &prefix),
        books: tables::books(batch),
        quality: tables::quality(batch),
        flags: tables::flags(batch),
        findings,
        more_findings,
        id,
    }
}
