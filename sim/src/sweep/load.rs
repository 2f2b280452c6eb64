//! From a sweep file to a [`Sweep`]: read, and refused where any of its roasts could not be.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::Scenario;
use crate::scenario::{ResolvedScenario, check, check::Place, load};

use super::design::{KEYS_MAX, Method};
use super::error::SweepError;
use super::file::{File, Seeds, Vary};
use super::keys::{self, Number, Parts};
use super::law::Law;
use super::point::Points;

/// The most roasts of a sweep.
pub(super) const ROASTS_MAX: u32 = 10_000_000;

/// Roasts whose numbers are checked together before the first is begun. Keys that hang together
/// fail in a good part of all points, if they do; one that fails later still has its row.
const TRIED: u32 = 256;

/// Many roasts of one scenario, resolved and checked.
#[derive(Clone, Debug)]
pub struct Sweep {
    /// Name used in tables.
    pub id: String,
    /// One line about it.
    pub title: String,
    /// The scenario whose numbers vary.
    pub base: Scenario,
    /// How many roasts.
    pub roasts: u32,
    /// How the points are laid out.
    pub method: Method,
    /// Whether each roast has noise of its own.
    pub seeds: Seeds,
    /// What varies, in the order of the file.
    pub varied: Vec<Varied>,
    pub(super) path: PathBuf,
    pub(super) parts: Parts,
}

/// One number that varies.
#[derive(Clone, Debug, PartialEq)]
pub struct Varied {
    /// The key, such as `charge.mass_kg`.
    pub key: String,
    /// Its unit.
    pub unit: String,
    pub(super) law: Law,
    /// How many levels a grid gives it.
    pub(super) levels: u32,
}

impl Sweep {
    /// Reads and checks the sweep at `path` with the scenario it names.
    ///
    /// Every key's furthest values are checked each by itself, and the first roasts as wholes, by
    /// the limits of the scenario's own files.
    ///
    /// # Errors
    /// Any [`SweepError`].
    pub fn load(path: &Path) -> Result<Self, SweepError> {
        read(path).map(|(_, sweep)| sweep)
    }

    /// The points of the sweep under `seed`.
    #[must_use]
    pub fn points(&self, seed: u64) -> Points<'_> {
        Points::new(self, seed)
    }
}

fn read(path: &Path) -> Result<(File, Sweep), SweepError> {
    let text = load::read(path)?;
    check::schema_of(path, "sweep", &text, "sweep/1")?;
    let file: File = load::parse(path, &text)?;
    check::id(&Place::of_file(path), &file.id)?;
    let base = Scenario::load(&path.with_file_name(&file.scenario))?;
    let parts = Parts::of(&base);
    let varied = varied(path, &file, &base, &parts)?;
    let roasts = roasts(path, &file, &varied)?;
    let (id, title) = (file.id.clone(), file.title.clone());
    let (method, seeds, path) = (file.method, file.seeds, path.to_owned());
    let sweep = Sweep { id, title, base, roasts, method, seeds, varied, path, parts };
    try_some(&sweep)?;
    Ok((file, sweep))
}

fn varied(path: &Path, file: &File, base: &Scenario, parts: &Parts) -> Result<Vec<Varied>, SweepError> {
    let most = u64::try_from(KEYS_MAX).unwrap_or(u64::MAX);
    let got = u64::try_from(file.vary.len()).unwrap_or(u64::MAX);
    if !(1..=most).contains(&got) {
        let problem = format!("outside 1 to {most} keys");
        return Err(SweepError::BadCount { path: path.into(), key: "vary", got, problem });
    }
    let numbers = parts.numbers();
    let mut found: Vec<Varied> = Vec::new();
    for (vary, index) in file.vary.iter().zip(1..) {
        let bad = |problem: String| SweepError::BadVary {
            path: path.into(),
            index,
            key: vary.key.clone(),
            problem,
        };
        let Some(number) = numbers.iter().find(|number| number.key == vary.key) else {
            let (key, scenario) = (vary.key.clone(), base.id.clone());
            let near = keys::near(&key, &numbers);
            return Err(SweepError::UnknownKey { path: path.into(), index, key, scenario, near });
        };
        if found.iter().any(|earlier| earlier.key == vary.key) {
            return Err(bad("it varies twice".into()));
        }
        let one = one(vary, number, file.method, base).map_err(bad)?;
        for end in one.law.ends() {
            let source = match parts.laid(base, path, &[(&one.key, end)]) {
                Ok(_) => continue,
                Err(source) => source,
            };
            return Err(match &one.law {
                Law::Uniform { .. } | Law::Values(_) => source.into(),
                _ => SweepError::LawEnd { index, end, source: Box::new(source) },
            });
        }
        found.push(one);
    }
    Ok(found)
}

fn one(vary: &Vary, number: &Number, method: Method, base: &Scenario) -> Result<Varied, String> {
    let law = vary.law()?;
    let is_whole = |value: &f64| value.fract() == 0.0 && value.abs() < 1e15;
    if number.whole && !matches!(&law, Law::Values(values) if values.iter().all(is_whole)) {
        return Err("it counts whole things; give values, whole numbers all of them".into());
    }
    let (key, unit) = (vary.key.clone(), keys::unit_of(base, &vary.key));
    Ok(Varied { key, unit, law, levels: vary.levels(method)? })
}

/// How many roasts the file asks for.
fn roasts(path: &Path, file: &File, varied: &[Varied]) -> Result<u32, SweepError> {
    let bad =
        |got: u64, problem: String| SweepError::BadCount { path: path.into(), key: "roasts", got, problem };
    let levels = varied.iter().map(|one| u64::from(one.levels));
    let combined = levels.fold(1_u64, u64::saturating_mul);
    let got = match (file.method, file.roasts) {
        (Method::Grid, None) => combined,
        (Method::Grid, Some(got)) if u64::from(got) != combined => {
            return Err(bad(got.into(), format!("not the {combined} that the levels make; leave it out")));
        }
        (_, Some(got)) => got.into(),
        (_, None) => return Err(bad(0, "no number of roasts; say how many".into())),
    };
    let counted = u32::try_from(got).ok().filter(|got| (1..=ROASTS_MAX).contains(got));
    counted.ok_or_else(|| bad(got, format!("outside 1 to {ROASTS_MAX} roasts")))
}

/// Refuses a sweep among whose first roasts is one that cannot be.
fn try_some(sweep: &Sweep) -> Result<(), SweepError> {
    // Any seed: what hangs together does so under each.
    let points = sweep.points(1);
    (0..sweep.roasts.min(TRIED)).try_for_each(|index| match points.scenario(index) {
        Ok(_) => Ok(()),
        Err(source) => Err(SweepError::Point { index, source: Box::new(source) }),
    })
}

/// A sweep with every default said and the scenario it varies, for looking at, not to run.
#[derive(Clone, Debug, Serialize)]
pub struct ResolvedSweep {
    schema: &'static str,
    id: String,
    title: String,
    roasts: u32,
    method: Method,
    seeds: Seeds,
    vary: Vec<ResolvedVary>,
    scenario: ResolvedScenario,
}

#[derive(Clone, Debug, Serialize)]
struct ResolvedVary {
    #[serde(flatten)]
    said: Vary,
    unit: String,
}

impl ResolvedSweep {
    /// Reads and checks the sweep at `path`, all that it names included.
    ///
    /// # Errors
    /// As [`Sweep::load`].
    pub fn load(path: &Path) -> Result<Self, SweepError> {
        let (file, sweep) = read(path)?;
        let scenario = ResolvedScenario::load(&path.with_file_name(&file.scenario))?;
        let Sweep { id, title, roasts, method, seeds, varied, .. } = sweep;
        let vary = file.vary.into_iter().zip(varied).map(|(said, varied)| resolved(said, varied)).collect();
        Ok(Self { schema: "sweep-printout/1", id, title, roasts, method, seeds, vary, scenario })
    }
}

fn resolved(mut said: Vary, varied: Varied) -> ResolvedVary {
    if let Law::Normal { low, high, .. } | Law::LogNormal { low, high, .. } = varied.law {
        (said.low, said.high) = (Some(low), Some(high));
    }
    ResolvedVary { said, unit: varied.unit }
}
