//! Why a scenario could not be used, and why a run was stopped.

use std::path::PathBuf;

/// Why a scenario, machine, lot or recipe file could not be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ScenarioError {
    /// The file is not there or cannot be read.
    #[error(
        "cannot read {path}: {source}\nhint: a scenario is one text file; scenarios/ holds those that ship"
    )]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Not TOML, an unknown key, or a value of the wrong type.
    #[error("cannot use {path}\n{}{}", .source.to_string().trim_end(), hint_for(.source))]
    Parse {
        /// The file.
        path: PathBuf,
        /// What the TOML reader said, with line and column.
        source: Box<toml::de::Error>,
    },
    /// An override of a key that files and streams are known by.
    #[error(
        "{path}, table {table}: {key} cannot be overridden\nhint: make a file of your own with that {key}"
    )]
    FixedKey {
        /// The scenario.
        path: PathBuf,
        /// Which table of it.
        table: &'static str,
        /// The key.
        key: &'static str,
    },
    /// An id that cannot stand in tables, or differs from the file's name.
    #[error("{path}, key id: {got:?} must be {expected}")]
    BadId {
        /// The file.
        path: PathBuf,
        /// The id found, cut at 64 characters.
        got: String,
        /// What it must be.
        expected: String,
    },
    /// Earlier roasts of another machine.
    #[error(
        "{path}, key history.of: {name} is for the machine {got}, not {expected}\nhint: a machine is known by its own roasts"
    )]
    OtherMachine {
        /// The scenario.
        path: PathBuf,
        /// The scenario named.
        name: String,
        /// Its machine.
        got: String,
        /// The machine of this one.
        expected: String,
    },
    /// An override names a key that the overridden file does not have.
    #[error("cannot apply [{table}] of {path} to {target}: {}", .source.to_string().trim_end())]
    Override {
        /// The scenario.
        path: PathBuf,
        /// Which table of it.
        table: &'static str,
        /// The file it changes.
        target: PathBuf,
        /// What the TOML reader said.
        source: Box<toml::de::Error>,
    },
    /// A file of another kind or of a version this program does not know.
    #[error(
        "{path}, key schema: found {got:?}, expected {expected:?}\nhint: this file is read as a {kind}; is it one?"
    )]
    Schema {
        /// The file.
        path: PathBuf,
        /// What it should be.
        kind: &'static str,
        /// The value found.
        got: String,
        /// The value expected.
        expected: &'static str,
    },
    /// A machine, lot or recipe that no file is named after.
    #[error("{path}, key {key}: no {key} named {name:?}\n  looked for {looked}\nhint: known are {known}")]
    Unknown {
        /// The scenario.
        path: PathBuf,
        /// `machine`, `beans` or `recipe`.
        key: &'static str,
        /// The name asked for.
        name: String,
        /// The file that would have had it.
        looked: PathBuf,
        /// What there is, joined by commas.
        known: String,
    },
    /// No folder above the scenario holds machines, beans and recipes.
    #[error(
        "{path}: no folder at or above it holds machines/, beans/ and recipes/\nhint: keep scenarios below the folder scenarios/"
    )]
    NoLibrary {
        /// The scenario.
        path: PathBuf,
    },
    /// A number outside what is physical, or not a number.
    #[error("{path}, key {key}: {} {unit} is outside {} to {} {unit}\nhint: correct the value; the key's unit is {unit}", short(*.got), short(*.low), short(*.high))]
    OutOfRange {
        /// The file.
        path: PathBuf,
        /// The key.
        key: String,
        /// The value found.
        got: f64,
        /// Smallest accepted.
        low: f64,
        /// Largest accepted.
        high: f64,
        /// The unit of all three.
        unit: &'static str,
    },
    /// A body of the machine is too light for the heat that passes through it.
    #[error("{path}, key {key}: {} J/K is less than {} J/K, 1.5 times the W/K of {passed_by}: it would move faster than a step can follow\nhint: make the body heavier, or lower those", short(*.got_j_k), short(*.least_j_k))]
    TooLight {
        /// The file.
        path: PathBuf,
        /// The key.
        key: String,
        /// What it says, J/K.
        got_j_k: f64,
        /// The least that a step can follow, J/K.
        least_j_k: f64,
        /// The keys that say how much heat passes.
        passed_by: &'static str,
    },
    /// A time that is no whole number of simulator steps.
    #[error("{path}, key {key}: {got_s} s is not a multiple of the simulator's step of {grid_s} s")]
    OffGrid {
        /// The file.
        path: PathBuf,
        /// The key.
        key: String,
        /// The value found, s.
        got_s: f64,
        /// The step, s.
        grid_s: f64,
    },
    /// A probe that looks where there is nothing to see.
    #[error(
        "{path}, key {key}: an infrared probe sees surfaces, and here is only air\nhint: leave kind out, or use it for the bean or the drum probe"
    )]
    LooksAtAir {
        /// The machine.
        path: PathBuf,
        /// The key.
        key: String,
    },
    /// Well-formed, but no roaster could run it.
    #[error(
        "charge mass {got_kg} kg exceeds the {limit_kg} kg capacity of {machine}\n  in {path}, key charge.mass_kg\nhint: lower charge.mass_kg, or choose a larger machine"
    )]
    ChargeTooHeavy {
        /// The scenario.
        path: PathBuf,
        /// The machine.
        machine: String,
        /// Mass asked for.
        got_kg: f64,
        /// Mass allowed.
        limit_kg: f64,
    },
    /// A recipe that never ends.
    #[error(
        "{path}, table drop: the recipe says neither drop.bt_c nor drop.at_s\nhint: say when the beans leave, such as drop.bt_c = 212.0"
    )]
    NoDrop {
        /// The recipe.
        path: PathBuf,
    },
    /// A recipe that ends before it begins.
    #[error(
        "{path}, key drop.at_s: the drop at {got_s} s is not after the charge at 0 s\nhint: drop.at_s counts from charge"
    )]
    DropBeforeCharge {
        /// The recipe.
        path: PathBuf,
        /// When it would drop, s since charge.
        got_s: f64,
    },
    /// A recording that stops before the recipe's drop.
    #[error(
        "{path}, key recording.timeout_s: the recording ends at {timeout_s} s, before the drop at {drop_s} s\nhint: raise recording.timeout_s above the recipe's drop.at_s"
    )]
    EndBeforeDrop {
        /// The scenario.
        path: PathBuf,
        /// When recording ends, s since charge.
        timeout_s: f64,
        /// When the recipe drops, s since charge.
        drop_s: f64,
    },
    /// A step with two triggers or none, or one out of order.
    #[error("{path}, {key} {index}: {problem}")]
    BadStep {
        /// The recipe.
        path: PathBuf,
        /// `step`, or where overrides hold it.
        key: String,
        /// Which step, from 1.
        index: usize,
        /// What is wrong with it.
        problem: String,
    },
    /// `start` is no instant.
    #[error(
        "{path}, key start: {got:?} is not an instant from 1900 to 2200\nhint: write it as \"2026-01-05T09:00:00Z\""
    )]
    BadStart {
        /// The scenario.
        path: PathBuf,
        /// The text found.
        got: String,
    },
}

impl ScenarioError {
    /// A short name of the reason, stable across versions, as golden cases expect it.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Read { .. } => "cannot_read",
            Self::Parse { .. } | Self::Override { .. } => "cannot_parse",
            Self::Schema { .. } => "wrong_schema",
            Self::Unknown { .. } => "unknown_name",
            Self::NoLibrary { .. } => "no_library",
            Self::FixedKey { .. } => "fixed_key",
            Self::BadId { .. } => "bad_id",
            Self::OtherMachine { .. } => "other_machine",
            Self::OutOfRange { .. } => "out_of_range",
            Self::TooLight { .. } => "too_light",
            Self::OffGrid { .. } => "off_grid",
            Self::LooksAtAir { .. } => "looks_at_air",
            Self::ChargeTooHeavy { .. } => "charge_too_heavy",
            Self::NoDrop { .. } => "no_drop",
            Self::DropBeforeCharge { .. } => "drop_before_charge",
            Self::EndBeforeDrop { .. } => "end_before_drop",
            Self::BadStep { .. } => "bad_step",
            Self::BadStart { .. } => "bad_start",
        }
    }
}

/// What to do about a file that is no TOML or not of its shape.
fn hint_for(error: &toml::de::Error) -> &'static str {
    if error.message().starts_with("unknown field") {
        "\nhint: a key carries its unit, such as mass_kg; the keys that are expected stand above"
    } else {
        ""
    }
}

/// A number as people write it: without 300 digits, and without losing small ones.
fn short(value: f64) -> String {
    if value == 0.0 || (1e-4..1e7).contains(&value.abs()) { format!("{value}") } else { format!("{value:e}") }
}

/// Why a run was stopped: the model broke one of its own laws. Never expected.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SimError {
    /// More or less energy came out than went in.
    #[error(
        "energy is open by {residual:e} of throughput at {since_charge_s} s, more than {limit:e} allowed\nhint: this is a fault of the model or of an extreme machine file; please report the scenario and seed"
    )]
    EnergyOpen {
        /// Share of throughput.
        residual: f64,
        /// Limit on it.
        limit: f64,
        /// When.
        since_charge_s: f64,
    },
    /// More or less mass came out than went in.
    #[error(
        "mass is open by {residual:e} of the charge at {since_charge_s} s, more than {limit:e} allowed\nhint: this is a fault of the model; please report the scenario and seed"
    )]
    MassOpen {
        /// Share of green mass.
        residual: f64,
        /// Limit on it.
        limit: f64,
        /// When.
        since_charge_s: f64,
    },
    /// A number stopped being a number.
    #[error(
        "{field} became {got} at {since_charge_s} s\nhint: the machine file asks for more than a step of 0.25 s can follow; please report it"
    )]
    NonFinite {
        /// Which state.
        field: &'static str,
        /// What it became.
        got: f64,
        /// When.
        since_charge_s: f64,
    },
}

impl SimError {
    /// A short name of the reason, stable across versions.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::EnergyOpen { .. } => "energy_open",
            Self::MassOpen { .. } => "mass_open",
            Self::NonFinite { .. } => "non_finite",
        }
    }
}
