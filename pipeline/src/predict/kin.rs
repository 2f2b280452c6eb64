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
                squares_s2: [1_003.0, 1_604.0, 3_185.0],
                places: [-0.82, -0.6, -0.47, -0.34, -0.17, -0.01, 0.09, 0.22, 0.37, 0.71],
            },
            KinSlice {
                squares_s2: [2_797.0, 4_794.0, 4_972.0],
                places: [-1.0, -0.48, -0.27, -0.15, 0.0, 0.11, 0.24, 0.4, 0.57, 0.84],
            },
        ],
        [
            KinSlice {
                squares_s2: [1_295.0, 4_209.0, 1_476.0],
                places: [-0.74, -0.59, -0.41, -0.3, -0.14, 0.01, 0.1, 0.22, 0.4, 0.64],
            },
            KinSlice {
                squares_s2: [2_931.0, 8_243.0, 5_373.0],
                places: [-0.79, -0.42, -0.26, -0.09, 0.02, 0.12, 0.23, 0.35, 0.45, 0.87],
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
