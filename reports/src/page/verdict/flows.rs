//! Critical flows: which were met by how many cases, dangers and how they were answered, and what followed what.

use trier_tables::rows::{CoverageRow, SafetyRow, TransitionRow};

use super::drawn::{Drawn, Layout};
use super::forest::TEXT_MAX;
use crate::markup::shortened;
use crate::number::NONE;
use crate::page::{Cell, Grid, Tone};
use crate::picture::{Anchor, Picture};

/// Groups of flows in the order in which they are shown: those of safety whatever their kind, then by kind.
const GROUPS: [(&str, &str); 3] = [
    ("safety", "◆ Safety: all must be met"),
    ("path", "Paths through a roast"),
    ("cell", "Cells of tag and phase"),
];

/// Most states that a matrix of transitions shows; a catalogue has some ten.
const STATES_MAX: usize = 24;

fn group(flow: &CoverageRow) -> &str {
    if flow.safety { "safety" } else { &flow.kind }
}

/// The matrix of flows: a tile each, with how many cases met it of how many it needs.
pub(super) fn matrix(flows: &[CoverageRow]) -> Option<Drawn> {
    let met = flows.iter().filter(|flow| flow.met).count();
    let missing: Vec<&str> = flows.iter().filter(|flow| !flow.met).map(|flow| &*flow.flow).collect();
    let missing = if missing.is_empty() {
        "none is missing".to_owned()
    } else {
        format!("missing: {}", missing.join(", "))
    };
    let alt = shortened(&format!("{met} of {} flows are met; {missing}", flows.len()), TEXT_MAX);
    let caption = "Cases that met a flow / cases it needs.";
    (!flows.is_empty()).then(|| Drawn::twice("flows-matrix", caption, |layout| tiles(layout, flows, &alt)))
}

/// Height of a tile with its gap, and the gap, units.
const TILE: (f64, f64) = (26.0, 4.0);

fn tiles(layout: Layout, flows: &[CoverageRow], alt: &str) -> Picture {
    let (across, width) = if layout.is_narrow { (1, layout.width) } else { (3, layout.width / 3.0) };
    let mut places: Vec<(f64, Result<&CoverageRow, &str>, f64)> = Vec::new();
    let mut y = 0.0;
    for (name, heading) in GROUPS {
        let own: Vec<&CoverageRow> = flows.iter().filter(|flow| group(flow) == name).collect();
        if own.is_empty() {
            continue;
        }
        places.push((4.0, Err(heading), y + 16.0));
        y += 24.0;
        for line in own.chunks(across) {
            let mut x = 0.0;
            for flow in line {
                places.push((x, Ok(flow), y));
                x += width;
            }
            y += TILE.0;
        }
        y += 8.0;
    }
    let mut picture = Picture::new(layout.width, y, "Critical flows", alt);
    for (x, what, y) in places {
        match what {
            Err(heading) => picture.text("strong", Anchor::Start, (x, y), heading),
            Ok(flow) => {
                picture.hinted(&shortened(&format!("{}: {}", flow.flow, flow.why), TEXT_MAX), |picture| {
                    tile(picture, flow, (x, y), width);
                });
            }
        }
    }
    picture
}

fn tile(picture: &mut Picture, flow: &CoverageRow, (x, y): (f64, f64), width: f64) {
    let (ground, sign, ink) =
        if flow.met { ("tile-met", "✓", "pass-text") } else { ("tile-short", "✗", "fail-text") };
    let (width, height) = (width - TILE.1, TILE.0 - TILE.1);
    picture.rect(ground, (x, y), (width, height));
    picture.text(ink, Anchor::Start, (x + 6.0, y + 15.0), sign);
    picture.text("name", Anchor::Start, (x + 22.0, y + 15.0), &shortened(&flow.flow, 42));
    let counts = format!("{}/{}", flow.observed, flow.required);
    picture.text("name", Anchor::End, (x + width - 6.0, y + 15.0), &counts);
}

/// The flows by name: those not met first, then safety, then in the order of the catalogue.
pub(super) fn table(flows: &[CoverageRow]) -> Grid {
    let columns = [
        "flow",
        "",
        "kind",
        "#cases",
        "#needs",
        "steps",
        "cases that met it, or came nearest",
        "why it matters",
    ];
    let mut grid = Grid::new("Critical flows, those not met first", &columns);
    let mut sorted: Vec<&CoverageRow> = flows.iter().collect();
    sorted.sort_by_key(|flow| (flow.met, !flow.safety));
    for flow in sorted {
        let (sign, tone) = if flow.met { ("✓ met", Tone::Pass) } else { ("✗ not met", Tone::Fail) };
        let kind = if flow.safety { format!("◆ safety {}", flow.kind) } else { flow.kind.to_string() };
        let nearest = flow.nearest.as_deref().map(|nearest| format!("nearest: {nearest}"));
        grid.rows.push(vec![
            Cell::of(&*flow.flow),
            Cell::toned(sign, tone),
            Cell::of(kind),
            Cell::of(flow.observed.to_string()),
            Cell::of(flow.required.to_string()),
            Cell::of(&*flow.steps),
            Cell::of(nearest.unwrap_or_else(|| flow.cases.to_string())),
            Cell::toned(&*flow.why, Tone::Soft),
        ]);
    }
    grid
}

/// Dangers and how they were answered.
pub(super) fn dangers(safety: &[SafetyRow]) -> Grid {
    let columns = ["danger", "whose", "#came", "#answered", "not answered in"];
    let mut grid =
        Grid::new("Dangers that came to be, and how often they were answered as they must", &columns);
    for row in safety {
        let is_whole = row.answered >= row.dangers;
        let (sign, tone) = if is_whole { ("✓", Tone::Pass) } else { ("✗", Tone::Fail) };
        let unanswered = if row.unanswered.is_empty() { NONE } else { &row.unanswered };
        grid.rows.push(vec![
            Cell::of(&*row.flow),
            Cell::of(&*row.arm),
            Cell::of(row.dangers.to_string()),
            Cell::toned(format!("{sign} {}", row.answered), tone),
            Cell::of(unanswered),
        ]);
    }
    grid
}

/// How often one state followed another: from the rows to the columns.
pub(super) fn transitions(rows: &[TransitionRow]) -> Option<Grid> {
    let mut states: Vec<&str> = Vec::new();
    for state in rows.iter().flat_map(|row| [&*row.from_state, &*row.to_state]) {
        if !states.contains(&state) {
            states.push(state);
        }
    }
    if states.is_empty() || states.len() > STATES_MAX {
        return None;
    }
    let columns: Vec<String> = states.iter().map(|state| format!("#{}", state.replace('_', " "))).collect();
    let columns: Vec<&str> = std::iter::once("from").chain(columns.iter().map(String::as_str)).collect();
    let mut grid =
        Grid::new("How often each state (row) was followed by another (column), over all units", &columns);
    for from in &states {
        let times = |to: &&str| {
            let found = rows.iter().find(|row| *row.from_state == **from && *row.to_state == **to);
            found.map_or_else(|| Cell::toned("·", Tone::Soft), |row| Cell::of(row.times.to_string()))
        };
        if rows.iter().any(|row| *row.from_state == **from) {
            let cells = states.iter().map(times);
            grid.rows.push(std::iter::once(Cell::of(from.replace('_', " "))).chain(cells).collect());
        }
    }
    Some(grid)
}
