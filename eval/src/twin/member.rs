//! One member: a roast on the simulator's plant, and where its uncertain numbers lie.

use std::sync::Arc;

use trier_pipeline::predict::{Controls, Member};
use trier_sim::{MOVING, Steered};

use super::plant::Nominal;

/// A roast as it may be.
#[derive(Clone, Debug)]
pub(super) struct SimMember {
    nominal: Arc<Nominal>,
    z: Vec<f64>,
    roast: Steered,
}

impl SimMember {
    pub(super) fn new(nominal: Arc<Nominal>, z: Vec<f64>, roast: Steered) -> Self {
        Self { nominal, z, roast }
    }
}

impl Member for SimMember {
    fn copy(&self) -> Box<dyn Member> {
        Box::new(self.clone())
    }

    fn numbers(&self) -> Vec<f64> {
        self.z.iter().copied().chain(self.roast.moving()).collect()
    }

    fn put(&mut self, numbers: &[f64]) {
        let (z, moving) = numbers.split_at(self.z.len());
        let Ok(moving) = <&[f64; MOVING]>::try_from(moving) else { return };
        self.z.copy_from_slice(z);
        self.nominal.apply(z, &mut self.roast);
        self.roast.put(moving);
    }

    fn advance(&mut self, controls: &Controls, by_s: f64) {
        let settings = self.nominal.settings(controls);
        self.roast.advance(&settings, self.nominal.heat_factor(&self.z), by_s);
    }

    fn bt_c(&self) -> f64 {
        self.roast.bt_c()
    }

    fn cracked(&self) -> f64 {
        self.roast.cracked()
    }
}
