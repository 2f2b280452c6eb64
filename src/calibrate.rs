//! `sim calibrate`: fits a machine to somebody's own roasts and says how far it is off on others.

mod logs;

use std::path::PathBuf;

use rayon::prelude::*;
use trier_sim::calibrate::{self, BatchScalars, Fit, Model, Observed, Problem};
use trier_sim::{Lot, MachineSpec};

use crate::exit::Exit;
use crate::output::{self, Failure};
use crate::progress;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Logs of one machine, or folders of them
    #[arg(required = true)]
    logs: Vec<PathBuf>,
    /// Machine to start from
    #[arg(long)]
    machine: PathBuf,
    #[arg(long, default_value_t = 8)]
    train: u16,
    #[arg(long, default_value_t = 4)]
    starts: u32,
    #[arg(long)]
    charge_kg: Option<f64>,
}

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let roasts = logs::read(&args.logs, args.charge_kg)?;
    let family = MachineSpec::load(&args.machine).map_err(|e| Failure::of(&e))?;
    let lot = Lot::load(&args.machine.with_file_name("../beans/washed-highland.toml")).map_err(|e| Failure::of(&e))?;
    let mut masses: Vec<f64> = roasts.iter().map(|r| r.charge_kg).collect();
    masses.sort_by(f64::total_cmp);
    let prior = Model::of_family(&family, &lot, masses[masses.len() / 2], masses[masses.len() - 1]);
    let folds = calibrate::folds(roasts.len(), usize::from(args.train));
    let problems: Vec<Problem<'_>> = folds
        .iter()
        .map(|(train, _)| Problem::new(&prior, train.iter().map(|i| &roasts[*i]).collect()))
        .collect();
    let units: Vec<(usize, u32)> =
        (0..problems.len()).flat_map(|p| (0..args.starts).map(move |s| (p, s))).collect();
    let bar = progress::bar(units.len(), "fits");
    let fits: Vec<Fit> =
        units.par_iter().map(|(p, s)| problems[*p].fit_from(*s)).inspect(|_| bar.inc(1)).collect();
    for ((p, s), f) in units.iter().zip(&fits) {
        output::prose(&format!("fold {p} start {s} cost {:.2}", f.cost));
    }
    let show = |name: &str, list: &[usize], m: &Model, folds: usize| {
        let mut all = vec![];
        for i in list {
            let r: &Observed = &roasts[*i];
            let parts = m.machine.steps.parts;
            let free = m.free_run(r, &BatchScalars::default(), parts).map(|run| calibrate::roast_errors(&run, r));
            let b = m.fit_batch(r);
            let with = m.free_run(r, &b, parts).map(|run| calibrate::roast_errors(&run, r));
            if let (Ok(e), Ok(w)) = (free, with) {
                let f = |v: Option<f64>| v.map_or("-".to_owned(), |v| format!("{v:.1}"));
                output::result(&format!("{folds} {name:6} {:44} kg {:.3} bt0 {:.0} o {} rmse {:5.2} ph {} {} {} {} bias {:5.1} tp {} {} fc {} drop {:5.1} | rmse {:5.2} fc {} w {:.1} h {:.3} x {:.2}", r.source, r.charge_kg, r.start_bt_c, f(r.start_other_c), e.bt_rmse_c, f(e.phase_rmse_c[0]), f(e.phase_rmse_c[1]), f(e.phase_rmse_c[2]), f(e.phase_rmse_c[3]), e.bt_bias_c, f(e.turning_point_s), f(e.turning_point_c), f(e.first_crack_s), e.drop_c, w.bt_rmse_c, f(w.first_crack_s), b.wall_c, b.heat_factor, b.moisture_wet_points));
                all.push((e.bt_rmse_c, w.bt_rmse_c));
            }
        }
        all
    };
    let mut held_all = vec![];
    for (p, (train, held)) in folds.iter().enumerate() {
        let best = Problem::best(fits.iter().zip(&units).filter(|(_, u)| u.0 == p).map(|(f, _)| f.clone()).collect());
        let Some(best) = best else { continue };
        let id = calibrate::identify(&problems[p], &best);
        for (e, z) in id.estimates.iter().zip(&best.z) {
            output::result(&format!("  {:40} {:10.4} [{:.4}, {:.4}] prior {:.4} ratio {:.2} z {:.2}", e.key, e.value, e.low, e.high, e.prior, e.sd_ratio, z));
        }
        output::result(&format!("{:?} directions {}", id.pairs, id.directions));
        show("train", train, &best.model, p);
        held_all.extend(show("held", held, &best.model, p));
    }
    let med = |mut v: Vec<f64>| { v.sort_by(f64::total_cmp); v.get(v.len() / 2).copied().unwrap_or(f64::NAN) };
    output::result(&format!("HELD n {} median {:.2} with batch {:.2}", held_all.len(), med(held_all.iter().map(|e| e.0).collect()), med(held_all.iter().map(|e| e.1).collect())));
    Ok(Exit::OK)
}
