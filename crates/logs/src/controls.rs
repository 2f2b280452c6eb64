//! Heat and air controls: slider events held from their sample on.
//!
//! Only what a name clearly says is used. A slider called "Damper" or "T_inlet"
//! fills nothing.

use crate::log::{Finding, FindingCode};
use trier_roast::Sample;

/// The two controls a sample has room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Control {
    Heat,
    Air,
}

impl Control {
    const ALL: [Self; 2] = [Self::Heat, Self::Air];

    const fn word(self) -> &'static str {
        match self {
            Self::Heat => "heat",
            Self::Air => "air",
        }
    }

    /// The control that a slider's name says it is, in the languages seen or likely.
    pub(crate) fn named(name: &str) -> Option<Self> {
        const HEAT: [&str; 26] = [
            "burner",
            "heater",
            "heat",
            "gas",
            "power",
            "flame",
            "heizung",
            "brenner",
            "leistung",
            "brûleur",
            "bruleur",
            "chauffe",
            "chauffage",
            "gaz",
            "puissance",
            "quemador",
            "potencia",
            "potência",
            "queimador",
            "bruciatore",
            "fiamma",
            "potenza",
            "火力",
            "バーナー",
            "ガス",
            "화력",
        ];
        const AIR: [&str; 20] = [
            "air",
            "fan",
            "airflow",
            "air flow",
            "blower",
            "luft",
            "lüfter",
            "gebläse",
            "ventilateur",
            "aire",
            "ventilador",
            "soplador",
            "aria",
            "ventola",
            "風量",
            "ファン",
            "エアー",
            "排気",
            "风门",
            "배기",
        ];
        let name = name.trim().to_lowercase();
        let listed = |words: &[&str]| words.contains(&name.as_str());
        if listed(&HEAT) {
            Some(Self::Heat)
        } else if listed(&AIR) {
            Some(Self::Air)
        } else {
            None
        }
    }
}

/// A control set to a value at a sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ControlEvent {
    /// Sample from which it holds.
    pub(crate) index: usize,
    /// Which slider of the file it came from.
    pub(crate) slider: usize,
    /// What the slider controls.
    pub(crate) control: Control,
    /// % of full by the file's own scale.
    pub(crate) percent: f64,
}

/// The events of a control whose value is known sample by sample: one at each change.
pub(crate) fn changes(control: Control, percents: &[Option<f64>]) -> Vec<ControlEvent> {
    let mut events: Vec<ControlEvent> = Vec::new();
    for (index, percent) in percents.iter().enumerate() {
        let Some(percent) = percent.filter(|p| *p >= 0.0) else { continue };
        if events.last().is_none_or(|last| last.percent.to_bits() != percent.to_bits()) {
            events.push(ControlEvent { index, slider: 0, control, percent });
        }
    }
    events
}

/// Writes each control into the samples it holds for.
pub(crate) fn hold(events: &[ControlEvent], samples: &mut [Sample], findings: &mut Vec<Finding>) {
    for control in Control::ALL {
        let mut own: Vec<ControlEvent> = events.iter().filter(|e| e.control == control).copied().collect();
        if let Some(why) = unclear(&own) {
            findings
                .push(Finding::new(FindingCode::ControlScaleUnclear, format!("{}: {why}", control.word())));
            continue;
        }
        // Stable: of several events at one sample the last in the file holds.
        own.sort_by_key(|event| event.index);
        for (i, event) in own.iter().enumerate() {
            let until = own.get(i + 1).map_or(samples.len(), |next| next.index).min(samples.len());
            for sample in samples.iter_mut().take(until).skip(event.index) {
                match control {
                    Control::Heat => sample.gas_pct = Some(event.percent),
                    Control::Air => sample.air_pct = Some(event.percent),
                }
            }
        }
    }
}

/// Why these events have no percentage anyone can rely on; None when they do.
fn unclear(events: &[ControlEvent]) -> Option<String> {
    let first = events.first()?;
    if events.iter().any(|e| e.slider != first.slider) {
        return Some("two sliders claim it".to_owned());
    }
    let most = events.iter().map(|e| e.percent).fold(0.0, f64::max);
    if most > 100.05 {
        return Some(format!("reaches {most:.0} %"));
    }
    // Dial positions 1 to 9 are saved as 1 % to 9 %. Nobody roasts at 9 % throughout.
    (most > 0.0 && most < 9.5).then(|| format!("never above {most:.0} %: dial positions, full scale unknown"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(index: usize, percent: f64) -> ControlEvent {
        ControlEvent { index, slider: 3, control: Control::Heat, percent }
    }

    #[test]
    fn a_slider_holds_until_it_is_moved() {
        let mut samples = [Sample::default(); 5];
        let mut findings = Vec::new();
        hold(&[event(3, 80.0), event(1, 60.0), event(3, 70.0)], &mut samples, &mut findings);
        let gas: Vec<_> = samples.iter().map(|s| s.gas_pct).collect();
        assert_eq!(gas, [None, Some(60.0), Some(60.0), Some(70.0), Some(70.0)]);
        assert!(samples.iter().all(|s| s.air_pct.is_none()) && findings.is_empty());
    }

    #[test]
    fn dial_positions_and_overfull_scales_are_left_out() {
        for percents in [[5.0, 9.0], [50.0, 115.0]] {
            let mut samples = [Sample::default(); 3];
            let mut findings = Vec::new();
            hold(&percents.map(|p| event(0, p)), &mut samples, &mut findings);
            assert!(samples.iter().all(|s| s.gas_pct.is_none()));
            assert_eq!(findings[0].code, FindingCode::ControlScaleUnclear);
        }
    }

    #[test]
    fn only_clear_names_are_controls() {
        assert_eq!(Control::named(" Heater "), Some(Control::Heat));
        assert_eq!(Control::named("FAN"), Some(Control::Air));
        for unclear in ["Damper", "T_inlet", "Drum", "--", "", "Time", "Airwave"] {
            assert_eq!(Control::named(unclear), None, "{unclear}");
        }
    }
}
