//! Keys of a resolved scenario: which numbers there are, what stands near a mistyped one, and how
//! to lay other numbers over them.

use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;
use toml::Value;

use crate::scenario::{check, check::Place, follow, instruments};
use crate::{Scenario, ScenarioError};

/// How many keys are named beside one that is not there.
const NEAR: usize = 3;

/// The parts of a scenario whose numbers may vary, as values that a key can be laid into.
#[derive(Clone, Debug)]
pub(super) struct Parts {
    table: toml::Table,
}

/// One number of a scenario.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Number {
    pub key: String,
    pub whole: bool,
}

fn value_of<T: Serialize>(part: &T) -> Value {
    Value::try_from(part).expect("what was read from TOML can be written as TOML")
}

impl Parts {
    /// Those of `scenario`.
    pub(super) fn of(scenario: &Scenario) -> Self {
        let s = scenario;
        let parts = [
            ("charge", value_of(&s.charge)),
            ("room", value_of(&s.room)),
            ("recording", value_of(&s.recording)),
            ("operator", value_of(&s.operator)),
            ("machine", value_of(&s.machine)),
            ("beans", value_of(&s.lot)),
            ("recipe", value_of(&s.recipe)),
        ];
        let day = s.day.iter().map(|day| ("day", value_of(day)));
        Self { table: parts.into_iter().chain(day).map(|(name, value)| (name.to_owned(), value)).collect() }
    }

    /// All numbers, in the order they stand in.
    pub(super) fn numbers(&self) -> Vec<Number> {
        let mut found = Vec::new();
        self.table.iter().for_each(|(name, value)| collect(name, value, &mut found));
        found
    }

    /// The scenario with `values` at `keys`, checked as a file would be; `path` is named in errors.
    ///
    /// # Errors
    /// Any [`ScenarioError`] about a value that no roaster could run.
    ///
    /// # Panics
    /// When a key is not one of [`Self::numbers`].
    pub(super) fn laid(
        &self,
        base: &Scenario,
        path: &Path,
        values: &[(&str, f64)],
    ) -> Result<Scenario, ScenarioError> {
        let mut laid = base.clone();
        let mut changed = toml::Table::new();
        for &(key, value) in values {
            let (part, rest) = key.split_once('.').expect("a key names its part");
            let table = changed.entry(part).or_insert_with(|| self.table[part].clone());
            let slot = rest.split('.').fold(table, at);
            *slot = match slot {
                #[allow(clippy::cast_possible_truncation)] // Checked to be whole when the file was read.
                Value::Integer(_) => Value::Integer(value as i64),
                _ => Value::Float(value),
            };
        }
        for (part, value) in changed {
            lay(&mut laid, path, &part, value)?;
        }
        check::scenario(&Place::of_file(path), &laid)?;
        Ok(laid)
    }
}

/// Puts `value` in the place of `part`.
fn lay(scenario: &mut Scenario, path: &Path, part: &str, value: Value) -> Result<(), ScenarioError> {
    let of = |table| Place { path, table: Some(table) };
    match part {
        "charge" => scenario.charge = read(path, value)?,
        "room" => scenario.room = read(path, value)?,
        "recording" => scenario.recording = read(path, value)?,
        "operator" => scenario.operator = read(path, value)?,
        "day" => scenario.day = Some(read(path, value)?),
        "machine" => {
            scenario.machine = read(path, value)?;
            check::machine(&of("machine"), &scenario.machine)?;
        }
        "beans" => {
            scenario.lot = read(path, value)?;
            check::lot(&of("beans"), &scenario.lot)?;
        }
        _ => {
            scenario.recipe = read(path, value)?;
            check::recipe(&of("recipe"), &scenario.recipe)?;
        }
    }
    Ok(())
}

fn read<T: DeserializeOwned>(path: &Path, value: Value) -> Result<T, ScenarioError> {
    value.try_into().map_err(|source| ScenarioError::Parse { path: path.into(), source: Box::new(source) })
}

/// What `name` means inside `value`: a key, or the number of a list's item from 1.
fn at<'a>(value: &'a mut Value, name: &str) -> &'a mut Value {
    match value {
        Value::Array(items) => {
            let item = name.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
            item.and_then(|item| items.get_mut(item)).expect("the key was found before")
        }
        other => other.get_mut(name).expect("the key was found before"),
    }
}

fn collect(at: &str, value: &Value, found: &mut Vec<Number>) {
    match value {
        Value::Float(_) => found.push(Number { key: at.to_owned(), whole: false }),
        Value::Integer(_) => found.push(Number { key: at.to_owned(), whole: true }),
        Value::Table(table) => {
            table.iter().for_each(|(key, value)| collect(&format!("{at}.{key}"), value, found));
        }
        Value::Array(items) => {
            let numbered = items.iter().zip(1..);
            numbered.for_each(|(value, number)| collect(&format!("{at}.{number}"), value, found));
        }
        _ => {}
    }
}

/// The names nearest to `key` among `numbers`, joined by commas: those that end like it first, then by
/// how many letters differ.
pub(super) fn near(key: &str, numbers: &[Number]) -> String {
    let last = |key: &str| key.rsplit('.').next().unwrap_or_default().to_owned();
    let far = |number: &Number| {
        let other_end = last(key) != last(&number.key);
        (other_end, letters_apart(key, &number.key).min(2 + letters_apart(&last(key), &last(&number.key))))
    };
    let mut ranked: Vec<&Number> = numbers.iter().collect();
    // Stable: alike ones stay in the scenario's order.
    ranked.sort_by_key(|number| far(number));
    let names: Vec<&str> = ranked.iter().take(NEAR).map(|number| number.key.as_str()).collect();
    names.join(", ")
}

/// Letters to put in, take out or change to make one text of the other (Levenshtein).
fn letters_apart(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.chars().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, b) in other.iter().enumerate() {
            let changed = corner + usize::from(a != *b);
            corner = row[j + 1];
            row[j + 1] = changed.min(corner + 1).min(row[j] + 1);
        }
    }
    row[other.len()]
}

/// The unit of `key`, as the check of its limits says it; what its name says where none does.
pub(super) fn unit_of(scenario: &Scenario, key: &str) -> String {
    let (part, rest) = key.split_once('.').unwrap_or(("", key));
    let (m, r) = (&scenario.machine, &scenario.recipe);
    let limit = |limits: &[check::Limit], rest: &str| limits.iter().find(|l| l.0 == rest).map(|l| l.4);
    let given = |limits: &[check::LimitIfGiven], rest: &str| limits.iter().find(|l| l.0 == rest).map(|l| l.4);
    let unit = match part {
        "machine" => {
            let of_probe = || {
                let (_, own) = rest.strip_prefix("probes.")?.split_once('.')?;
                limit(&instruments::probe_limits(&m.probes.et), own)
            };
            let of_instrument = || limit(&instruments::instrument_limits(m), rest);
            limit(&check::machine_limits(m), rest).or_else(of_instrument).or_else(of_probe)
        }
        "beans" => {
            let of_origin = || limit(&instruments::origin_limits(&scenario.lot), rest);
            limit(&check::lot_limits(&scenario.lot), rest).or_else(of_origin)
        }
        "recipe" => {
            let last = key.rsplit('.').next().unwrap_or(key);
            let of_curve = || limit(&follow::follow_limits(r.follow.as_ref()?), rest);
            let of_point = || {
                let first = r.follow.as_ref()?.curve.first()?;
                limit(&follow::point_limits(first), last).filter(|_| rest.starts_with("follow.curve."))
            };
            let of_step = || given(&check::step_limits(r.steps.first()?), last);
            given(&check::recipe_limits(r), rest).or_else(of_curve).or_else(of_point).or_else(of_step)
        }
        "day" => scenario.day.as_ref().and_then(|day| given(&check::day_limits(day, scenario), key)),
        _ => limit(&check::scenario_limits(scenario), key),
    };
    unit.or_else(|| (key == "charge.mass_kg").then_some("kg")).unwrap_or("as its name says").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shipped() -> impl Iterator<Item = Scenario> {
        let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios");
        ["first-roast.toml", "steady/day-of-four.toml", "steady/follow.toml", "steady/steady-ei1.toml"]
            .into_iter()
            .map(move |name| Scenario::load(&scenarios.join(name)).expect("it ships"))
    }

    #[test]
    fn every_number_is_found_and_laid_where_it_belongs() {
        for base in shipped() {
            let parts = Parts::of(&base);
            for Number { key, whole } in parts.numbers() {
                let mut table = Value::Table(parts.table.clone());
                let slot = key.split('.').fold(&mut table, at);
                let got = slot.as_float().or(slot.as_integer().map(|i| i as f64)).expect("a number");
                let laid = |value| parts.laid(&base, Path::new("x.toml"), &[(&key, value)]);
                assert_eq!(laid(got).expect("its own value"), base, "{key}");
                // A little less is another scenario, where it may be at all.
                let other = if whole { got - 1.0 } else { got - 0.25 };
                assert!(laid(other).is_ok_and(|laid| laid != base) || laid(other).is_err(), "{key}");
            }
        }
    }

    #[test]
    fn every_number_has_a_unit() {
        let units = shipped().flat_map(|base| {
            let numbers = Parts::of(&base).numbers();
            numbers.into_iter().map(move |number| (unit_of(&base, &number.key), number.key))
        });
        let without: Vec<_> = units.filter(|(unit, _)| unit == "as its name says").collect();
        assert!(without.is_empty(), "{without:?}");
    }

    #[test]
    fn letters_apart_is_the_least_number_of_changes() {
        for (one, other, apart) in [("", "", 0), ("gas", "", 3), ("kitten", "sitting", 3), ("ab", "ba", 2)] {
            assert_eq!(letters_apart(one, other), apart, "{one} and {other}");
            assert_eq!(letters_apart(other, one), apart, "{other} and {one}");
        }
    }
}
