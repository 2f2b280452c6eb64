//! Paired differences as a forest: a row per comparison, with its interval, the margin it must stay below, and zero.

use trier_tables::verdict::{ComparisonSaid, VerdictFile};

use super::drawn::{Drawn, Layout};
use super::words::{in_words, label_of, spoken};
use crate::gates::{EXPLORATORY, Standing, difference, interval};
use crate::markup::{capital, shortened};
use crate::picture::{Anchor, Axis, Labels, Picture};

/// Roles in the order in which they are shown, with what they are for.
const ROLES: [(&str, &str); 3] = [
    ("primary", "Primaries: one must be better, none worse"),
    ("guardrail", "Guardrails: none may be worse by its margin"),
    (EXPLORATORY, "Explored slices: they decide nothing"),
];

/// The longest that one text behind a picture may be, characters.
pub(super) const TEXT_MAX: usize = 300;

/// Most rows of one figure; a policy has tens, slices come by the hundred.
const ROWS_MAX: usize = 60;

/// One forest for each unit that is compared, the rules of the policy first. How a rule's gate stands is the sign
/// before its name.
pub(super) fn forests(said: &VerdictFile) -> Vec<Drawn> {
    let mut units: Vec<&str> = Vec::new();
    for row in &said.comparisons {
        if !units.contains(&row.unit.as_str()) {
            units.push(&row.unit);
        }
    }
    units
        .iter()
        .enumerate()
        .map(|(i, unit)| {
            let id = if i == 0 { "differences".to_owned() } else { format!("differences-{}", i + 1) };
            forest(said, &id, unit)
        })
        .collect()
}

fn forest(said: &VerdictFile, id: &str, unit: &str) -> Drawn {
    let own: Vec<&ComparisonSaid> = said.comparisons.iter().filter(|row| row.unit == unit).collect();
    let rows: Vec<&ComparisonSaid> = ROLES
        .iter()
        .flat_map(|(role, _)| own.iter().copied().filter(move |row| row.role == *role))
        .take(ROWS_MAX)
        .collect();
    let left_out = own.len() - rows.len();
    let more = match left_out {
        0 => String::new(),
        n => format!(" {n} more are in the table below."),
    };
    let caption = format!(
        "Candidate minus baseline, each cluster of roasts once; left of zero the candidate is better. A rule holds \
         when its whole interval lies left of its dashed margin.{more}"
    );
    let title = format!("Paired differences in {}", if unit == "1" { "shares" } else { unit });
    let alt = rows.iter().map(|row| shortened(&in_words(row), TEXT_MAX)).collect::<Vec<_>>().join(". ");
    Drawn::twice(id, &caption, |layout| Sheet::of(layout, said, &rows, unit).drawn(&title, &alt))
}

/// How a comparison stands: as its gate, which knows what it is for; an explored slice by its label.
pub(super) fn standing(said: &VerdictFile, row: &ComparisonSaid) -> Standing {
    let name = row.gate();
    let gate = said.gates.iter().find(|gate| row.role != EXPLORATORY && gate.gate == name);
    gate.map_or_else(
        || match row.label.as_str() {
            "SUPERIOR" | "NON_INFERIOR" | "NON_INFERIOR_BUT_WORSE" => Standing::Pass,
            "INCONCLUSIVE" | "INCONCLUSIVE_LIKELY_WORSE" => Standing::Inconclusive,
            _ => Standing::Fail,
        },
        Standing::of,
    )
}

/// The class of what is drawn in the ink of a standing: its line and its fill.
pub(super) const fn ink(standing: Standing) -> (&'static str, &'static str) {
    match standing {
        Standing::Pass => ("pass", "fill-pass"),
        Standing::Waived | Standing::Aside | Standing::Inconclusive => ("warn", "fill-warn"),
        Standing::Fail | Standing::Error => ("fail", "fill-fail"),
    }
}

/// A forest on its way to paper.
struct Sheet<'a> {
    layout: Layout,
    said: &'a VerdictFile,
    rows: &'a [&'a ComparisonSaid],
    axis: Axis,
    /// Where the frame of the differences begins and ends.
    frame: (f64, f64),
}

/// Room over the first row, for the numbers of the axis.
const TOP: f64 = 44.0;
/// Height of a heading.
const HEADING: f64 = 26.0;

impl<'a> Sheet<'a> {
    fn of(layout: Layout, said: &'a VerdictFile, rows: &'a [&'a ComparisonSaid], unit: &str) -> Self {
        let ends =
            rows.iter().flat_map(|row| [Some(row.margin), row.estimate, row.lower, row.upper, Some(0.0)]);
        let ends = ends.flatten().filter(|end| end.is_finite());
        let range = ends.fold((0.0_f64, 0.0_f64), |(low, high), end| (low.min(end), high.max(end)));
        let name = if unit == "1" { String::new() } else { unit.to_owned() };
        let decimals = if range.1 - range.0 < 1.0 { 2 } else { usize::from(range.1 - range.0 < 8.0) };
        let axis = Axis::round(&name, range, Labels::Number(decimals), if layout.is_narrow { 5 } else { 8 });
        let frame = if layout.is_narrow { (10.0, layout.width - 10.0) } else { (400.0, 770.0) };
        Self { layout, said, rows, axis, frame }
    }

    fn x(&self, value: f64) -> f64 {
        self.frame.0 + self.axis.share(value).clamp(0.0, 1.0) * (self.frame.1 - self.frame.0)
    }

    /// Height of a row.
    fn height(&self, row: &ComparisonSaid) -> f64 {
        match (self.layout.is_narrow, row.slice == "all") {
            (false, _) => 24.0,
            (true, true) => 40.0,
            (true, false) => 54.0,
        }
    }

    fn drawn(&self, title: &str, alt: &str) -> Picture {
        let headings = ROLES.iter().filter(|(role, _)| self.rows.iter().any(|row| row.role == *role)).count();
        let rows: f64 = self.rows.iter().map(|row| self.height(row)).sum();
        #[allow(clippy::cast_precision_loss)] // Three at most.
        let height = TOP + HEADING * headings as f64 + rows + 8.0;
        let mut picture = Picture::new(self.layout.width, height, title, alt);
        self.axis_into(&mut picture, height);
        let mut y = TOP;
        for (role, heading) in ROLES {
            let own: Vec<&&ComparisonSaid> = self.rows.iter().filter(|row| row.role == role).collect();
            if own.is_empty() {
                continue;
            }
            picture.text("strong", Anchor::Start, (4.0, y + 17.0), heading);
            y += HEADING;
            for row in own {
                let height = self.height(row);
                picture.hinted(&shortened(&row.reason, TEXT_MAX), |picture| self.row_into(picture, row, y));
                y += height;
            }
        }
        picture
    }

    fn axis_into(&self, picture: &mut Picture, height: f64) {
        for (value, text) in self.axis.ticks() {
            let x = self.x(value);
            picture.line("grid", &[(x, TOP), (x, height)]);
            picture.text("tick", Anchor::Middle, (x, TOP - 6.0), &text);
        }
        let zero = self.x(0.0);
        picture.line("zero", &[(zero, TOP), (zero, height)]);
        let unit = self.axis.name();
        let gap = if unit.is_empty() { "" } else { ", " };
        picture.text("axis", Anchor::Start, (self.frame.0, 14.0), &format!("← better{gap}{unit}"));
        picture.text("axis", Anchor::End, (self.frame.1, 14.0), "worse →");
    }

    fn row_into(&self, picture: &mut Picture, row: &ComparisonSaid, y: f64) {
        let standing = standing(self.said, row);
        let (line, fill) = ink(standing);
        let name = capital(&spoken(&row.metric));
        let is_sliced = row.slice != "all";
        let middle = if self.layout.is_narrow {
            picture.text(&format!("{line}-text"), Anchor::Start, (4.0, y + 12.0), standing.sign());
            picture.text("name", Anchor::Start, (18.0, y + 12.0), &shortened(&name, 43));
            picture.text("name", Anchor::End, (self.layout.width - 2.0, y + 12.0), &difference(row));
            if is_sliced {
                picture.text("tick", Anchor::Start, (18.0, y + 26.0), &shortened(&row.slice, 50));
            }
            y + self.height(row) - 15.0
        } else {
            let full = if is_sliced { format!("{name} · {}", row.slice) } else { name };
            picture.text(&format!("{line}-text"), Anchor::Start, (4.0, y + 16.0), standing.sign());
            picture.text("name", Anchor::Start, (20.0, y + 16.0), &shortened(&full, 58));
            let numbers = format!("{} {}", difference(row), interval(row));
            picture.text("name", Anchor::Start, (790.0, y + 16.0), &shortened(&numbers, 30));
            let label = shortened(&label_of(&row.label), 26);
            picture.text(&format!("{line}-text"), Anchor::Start, (965.0, y + 16.0), &label);
            y + 12.0
        };
        if row.estimate.is_some() {
            let limit = self.x(row.margin);
            picture.line("margin", &[(limit, middle - 9.0), (limit, middle + 9.0)]);
        }
        if let Some((low, high)) = row.lower.zip(row.upper) {
            let (low, high) = (self.x(low), self.x(high));
            picture.line(line, &[(low, middle), (high, middle)]);
            for end in [low, high] {
                picture.line(line, &[(end, middle - 4.0), (end, middle + 4.0)]);
            }
        }
        match row.estimate {
            Some(estimate) => picture.dot(fill, (self.x(estimate), middle), 4.0),
            None => picture.text("tick", Anchor::Start, (self.frame.0, middle + 4.0), "nothing to compare"),
        }
    }
}
