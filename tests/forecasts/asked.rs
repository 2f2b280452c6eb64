//! A day of one machine, roast by roast: each forecast with what the roasts before it told, and held
//! against what truly happened.

use std::path::Path;
use std::sync::Arc;

use trier_eval::runner::plan_of;
use trier_eval::score::{AskedOf, Reference, asked_rows};
use trier_eval::twin::of_scenario;
use trier_pipeline::predict::Twin;
use trier_pipeline::{
    Basis, Heard, MachineMemory, Outputs, Predictor, Stream, StreamConfig, predictors_named,
};
use trier_roast::{EventTime, Mark, MarkKind, Trust};
use trier_sim::Scenario;
use trier_tables::rows::AskedRow;

use super::day::Day;

/// Leads that forecasts are asked for at, s before the event.
pub(crate) const LEADS_S: [f64; 6] = [30.0, 60.0, 90.0, 120.0, 180.0, 240.0];

/// Earlier roasts of the machine from which on forecasts count.
pub(crate) const EARLIER_MIN: u32 = 3;

/// Who forecasts.
pub(crate) const ARMS: [&str; 7] = ["twin", "blend", "curve", "prior", "artisan", "slope90", "constant"];

/// A recording goes on this long after drop, s: as [`Day`] makes it.
const COOLING_S: f64 = 15.0;

/// All of them; the twin's plant is the scenario's machine as its file says.
fn predictors(scenario: &Scenario) -> Vec<Box<dyn Predictor>> {
    let twin: Box<dyn Predictor> = Box::new(Twin::new(vec![of_scenario(scenario)], None));
    std::iter::once(twin).chain(predictors_named(&ARMS[1..]).expect("they ship")).collect()
}

/// The scenario that ships under this name.
pub(crate) fn scenario(name: &str) -> Scenario {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/steady");
    Scenario::load(&folder.join(format!("{name}.toml"))).expect("ships")
}

/// What everybody said on a day as it was `heard`, from the fourth roast on.
///
/// Each roast is a stream of its own, as in a backtest; sessions that it sealed teach the next.
pub(crate) fn asked_of(day: &Day, heard: &[Heard], scenario: &Scenario) -> Vec<AskedRow> {
    let machine: Arc<str> = scenario.machine.id.as_str().into();
    let source: Arc<str> = day.name.as_str().into();
    let config =
        StreamConfig { source: Arc::clone(&source), machine: Arc::clone(&machine), trust: Trust::Unsigned };
    let mut memory = MachineMemory::default();
    let mut from = 0;
    let mut rows = Vec::new();
    for (truth, n_earlier) in day.truth.iter().zip(0..) {
        let reference = reference(truth);
        let end = reference.drop.expect("it dropped").plus_s(COOLING_S);
        let until = heard.partition_point(|heard| heard.reading.at <= end);
        let basis = memory.basis_for(&machine, plan_of(scenario));
        let asked = n_earlier >= EARLIER_MIN;
        let outputs =
            out(&config, if asked { predictors(scenario) } else { Vec::new() }, basis, &heard[from..until]);
        if asked {
            let of = AskedOf {
                source: &source,
                machine: &machine,
                cluster: &source,
                n_earlier,
                reference,
                predictions: &outputs.predictions,
                telemetry: &outputs.telemetry,
            };
            rows.extend(asked_rows(&of, &ARMS.map(str::to_owned), &LEADS_S));
        }
        outputs.sessions.iter().for_each(|session| memory.learn(session, &outputs.telemetry));
        from = until;
    }
    rows
}

fn out(config: &StreamConfig, predictors: Vec<Box<dyn Predictor>>, basis: Basis, heard: &[Heard]) -> Outputs {
    let mut stream = Stream::new(config.clone(), predictors, basis);
    let mut out = Outputs::default();
    heard.iter().for_each(|heard| stream.hear(*heard, &mut out));
    stream.end(&mut out);
    out
}

fn reference(truth: &[Mark]) -> Reference {
    let at = |kind| -> Option<EventTime> { truth.iter().find(|mark| mark.kind == kind).map(|mark| mark.at) };
    Reference {
        charge: at(MarkKind::Charge).expect("charged"),
        first_crack: at(MarkKind::FirstCrackStart),
        drop: at(MarkKind::Drop),
    }
}
