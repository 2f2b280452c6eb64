//! Other machines: how far off predictors were there, for a machine that has few roasts of its own.

use super::{
    basis::EarlierRoast,
    predictor::Target,
    record::quantile,
    said::{MEMBERS, Reach, mean_squares, places},
};

/// Where events lay in the intervals of `blend`: this many quantiles, each of which counts as a roast.
pub const PLACES: usize = 10;

/// Of one target and reach.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KinSlice {
    /// Mean squares of the errors of `curve`, `artisan` and `prior`, s².
    pub squares_s2: [f64; MEMBERS],
    /// Where events lay in the intervals of `blend`, in widths of a side: the quantiles of 5, 15, … 95 %.
    pub places: [f64; PLACES],
}

/// Errors on other machines, of roasts with at least one known before them; all roasts count alike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kin {
    /// First crack and drop, each near (90 s and less as it seemed) and far.
    pub slices: [[KinSlice; 2]; 2],
}

/// What the shared logs come to; `sim backtest --kin` prints it. Development figures: a backtest of those logs
/// takes for each machine the numbers of the others.
const SHIPPED: Kin = Kin {
    slices: [
        [
            KinSlice {
                squares_s2: [1_045.0, 1_729.0, 3_084.0],
                places: [-0.8, -0.6, -0.44, -0.35, -0.18, -0.02, 0.11, 0.23, 0.39, 0.74],
            },
            KinSlice {
                squares_s2: [2_768.0, 5_061.0, 4_835.0],
                places: [-0.95, -0.49, -0.23, -0.1, 0.05, 0.13, 0.27, 0.41, 0.54, 1.04],
            },
        ],
        [
            KinSlice {
                squares_s2: [1_398.0, 3_905.0, 1_380.0],
                places: [-0.74, -0.57, -0.41, -0.3, -0.17, 0.01, 0.07, 0.16, 0.36, 0.56],
            },
            KinSlice {
                squares_s2: [3_105.0, 8_492.0, 5_340.0],
                places: [-0.81, -0.48, -0.26, -0.12, 0.01, 0.13, 0.2, 0.33, 0.46, 0.84],
            },
        ],
    ],
};

impl Kin {
    /// Those that the product ships.
    #[must_use]
    pub const fn shipped() -> Self {
        SHIPPED
    }

    /// Those of `machines`, each with its roasts in the order they were learned; slices of which too few
    /// roasts tell are the shipped ones.
    #[must_use]
    pub fn of<'a>(machines: impl Iterator<Item = &'a [EarlierRoast]>) -> Self {
        // Of a machine's first roast nobody knew anything.
        let roasts: Vec<&EarlierRoast> = machines.flat_map(|roasts| roasts.iter().skip(1)).collect();
        let slice = |target, reach, shipped: KinSlice| KinSlice {
            squares_s2: squares(&roasts, target, reach, shipped.squares_s2),
            places: lay(&roasts, target, reach).unwrap_or(shipped.places),
        };
        let mut kin = Self::shipped();
        for target in Target::ALL {
            for reach in Reach::ALL {
                let slot = &mut kin.slices[target as usize][reach as usize];
                *slot = slice(target, reach, *slot);
            }
        }
        kin
    }

    pub(super) const fn squares_s2(&self, target: Target, reach: Reach) -> [f64; MEMBERS] {
        self.slices[target as usize][reach as usize].squares_s2
    }

    /// Where events lay in the intervals of `predictor`; None for one that no record is kept of.
    pub(super) fn places(&self, predictor: &str, target: Target, reach: Reach) -> Option<[f64; PLACES]> {
        (predictor == "blend").then(|| self.slices[target as usize][reach as usize].places)
    }
}

/// The mean over roasts, or `shipped` where fewer than three tell.
fn squares(
    roasts: &[&EarlierRoast],
    target: Target,
    reach: Reach,
    shipped: [f64; MEMBERS],
) -> [f64; MEMBERS] {
    let each: Vec<[Option<f64>; MEMBERS]> =
        roasts.iter().map(|roast| mean_squares(&roast.said, target, reach)).collect();
    std::array::from_fn(|member| {
        let told: Vec<f64> = each.iter().filter_map(|one| one[member]).collect();
        #[allow(clippy::cast_precision_loss)] // Roasts.
        if told.len() < 3 { shipped[member] } else { told.iter().sum::<f64>() / told.len() as f64 }
    })
}

/// The quantiles of where events lay; None where fewer than [`PLACES`] roasts tell.
fn lay(roasts: &[&EarlierRoast], target: Target, reach: Reach) -> Option<[f64; PLACES]> {
    /// `blend` among those asked.
    const BLEND: usize = MEMBERS;
    let told: Vec<Vec<f64>> = roasts
        .iter()
        .map(|roast| places(&roast.said, BLEND, target, reach))
        .filter(|p| !p.is_empty())
        .collect();
    if told.len() < PLACES {
        return None;
    }
    #[allow(clippy::cast_precision_loss)] // Eight at most.
    let each = |own: &Vec<f64>| own.iter().map(|place| (*place, 1.0 / own.len() as f64)).collect::<Vec<_>>();
    let mut all: Vec<(f64, f64)> = told.iter().flat_map(each).collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    #[allow(clippy::cast_precision_loss)] // Ten.
    Some(std::array::from_fn(|i| quantile(&all, (i as f64 + 0.5) / PLACES as f64)))
}
