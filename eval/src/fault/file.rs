//! A fault as a case file says it, and checked.

use super::kind::{Channel, FaultKind, Subject};
use crate::error::InputError;
use serde::{Deserialize, Serialize};
use std::path::Path;
use trier_roast::MarkKind;

/// How long before charge a fault may begin, and how long after, s.
const FROM_S: (f64, f64) = (-86_400.0, 86_400.0);

/// One fault, read and checked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fault {
    /// What goes wrong.
    pub kind: FaultKind,
    /// The probe; [`Channel::All`] for what is not about one.
    pub channel: Channel,
    /// The mark; None for what is not about one.
    pub mark: Option<MarkKind>,
    /// When it begins, s since true charge.
    pub from_s: f64,
    /// How long it lasts, s; infinite when to the end.
    pub for_s: f64,
    /// How large it is, in the unit of its kind; 0 for a kind without a size.
    pub size: f64,
}

/// A fault as written.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FaultFile {
    /// What goes wrong, such as `sensor.spike`; docs/golden.md has them all.
    kind: String,
    /// The probe, of a sensor's fault: `bt`, `et` or `all`.
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<String>,
    /// The mark, of an operator's fault, such as `first_crack_start`.
    #[serde(skip_serializing_if = "Option::is_none")]
    mark: Option<String>,
    /// When it begins, s since true charge; negative is before.
    #[serde(skip_serializing_if = "Option::is_none")]
    from_s: Option<f64>,
    /// How long it lasts, s; to the end when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    for_s: Option<f64>,
    /// How large it is, of a kind that has a size.
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<f64>,
    /// The unit of `size`, as its kind has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
}

/// Where a fault stands, for errors.
struct Place<'a> {
    path: &'a Path,
    index: usize,
    kind: &'static str,
}

impl Place<'_> {
    fn wrong(&self, name: &str, value: &str, limit: &str, hint: &str) -> InputError {
        InputError::value(self.path, &format!("fault[{}].{name}", self.index), value, limit, hint)
    }

    /// Refuses a key that the kind has no use for.
    fn absent<T>(&self, name: &str, value: Option<&T>) -> Result<(), InputError> {
        if value.is_none() {
            return Ok(());
        }
        let limit = format!("absent for {}", self.kind);
        Err(self.wrong(name, "given", &limit, "each kind has keys of its own; see docs/golden.md"))
    }

    fn said<'v, T>(&self, name: &str, value: Option<&'v T>) -> Result<&'v T, InputError> {
        let limit = format!("given for {}", self.kind);
        value.ok_or_else(|| {
            self.wrong(name, "absent", &limit, "each kind has keys of its own; see docs/golden.md")
        })
    }

    fn within(
        &self,
        name: &str,
        value: f64,
        (least, most): (f64, f64),
        unit: &str,
    ) -> Result<f64, InputError> {
        if (least..=most).contains(&value) {
            return Ok(value);
        }
        let limit = format!("{least} to {most} {unit}");
        Err(self.wrong(name, &value.to_string(), &limit, "see docs/golden.md for what the fault does"))
    }
}

impl FaultFile {
    /// The fault that it says; `index` is its place in the list, `path` the file it stands in.
    ///
    /// # Errors
    /// An unknown kind, a key that is missing, out of place or out of range, by file and key.
    pub(crate) fn checked(&self, path: &Path, index: usize) -> Result<Fault, InputError> {
        let Some(kind) = FaultKind::ALL.into_iter().find(|kind| kind.name() == self.kind) else {
            let limit = format!("one of {}", FaultKind::ALL.map(FaultKind::name).join(", "));
            let key = format!("fault[{index}].kind");
            let got = format!("\"{}\"", self.kind);
            return Err(InputError::value(path, &key, &got, &limit, "see docs/golden.md for what each does"));
        };
        let place = Place { path, index, kind: kind.name() };
        let mut fault =
            Fault { kind, channel: Channel::All, mark: None, from_s: 0.0, for_s: f64::INFINITY, size: 0.0 };
        match kind.subject() {
            Subject::Probe => {
                fault.channel = self.channel(&place)?;
                place.absent("mark", self.mark.as_ref())?;
                (fault.from_s, fault.for_s) = self.window(&place, kind)?;
            }
            Subject::Feed => {
                place.absent("channel", self.channel.as_ref())?;
                place.absent("mark", self.mark.as_ref())?;
                (fault.from_s, fault.for_s) = self.window(&place, kind)?;
            }
            Subject::Mark => {
                place.absent("channel", self.channel.as_ref())?;
                place.absent("from_s", self.from_s.as_ref())?;
                place.absent("for_s", self.for_s.as_ref())?;
                fault.mark = Some(self.mark(&place)?);
            }
        }
        fault.size = self.sized(&place, kind)?;
        Ok(fault)
    }

    fn channel(&self, place: &Place<'_>) -> Result<Channel, InputError> {
        let name = place.said("channel", self.channel.as_ref())?;
        Channel::ALL.into_iter().find(|channel| channel.name() == name).ok_or_else(|| {
            place.wrong(
                "channel",
                &format!("\"{name}\""),
                "bt, et or all",
                "other channels have no faults yet",
            )
        })
    }

    fn mark(&self, place: &Place<'_>) -> Result<MarkKind, InputError> {
        let name = place.said("mark", self.mark.as_ref())?;
        MarkKind::from_name(name).ok_or_else(|| {
            place.wrong(
                "mark",
                &format!("\"{name}\""),
                "the name of a mark",
                "marks are named in docs/glossary.md",
            )
        })
    }

    fn window(&self, place: &Place<'_>, kind: FaultKind) -> Result<(f64, f64), InputError> {
        let from_s =
            place.within("from_s", *place.said("from_s", self.from_s.as_ref())?, FROM_S, "s since charge")?;
        if kind.must_end() {
            place.said("for_s", self.for_s.as_ref())?;
        }
        let for_s = self.for_s.map(|for_s| place.within("for_s", for_s, (0.1, FROM_S.1), "s"));
        Ok((from_s, for_s.transpose()?.unwrap_or(f64::INFINITY)))
    }

    fn sized(&self, place: &Place<'_>, kind: FaultKind) -> Result<f64, InputError> {
        let Some(spec) = kind.size() else {
            place.absent("size", self.size.as_ref())?;
            place.absent("unit", self.unit.as_ref())?;
            return Ok(0.0);
        };
        let size = place.within(
            "size",
            *place.said("size", self.size.as_ref())?,
            (spec.least, spec.most),
            spec.unit,
        )?;
        let unit = place.said("unit", self.unit.as_ref())?;
        if unit != spec.unit {
            let limit = format!("\"{}\"", spec.unit);
            return Err(place.wrong("unit", &format!("\"{unit}\""), &limit, "sizes are not converted"));
        }
        if kind == FaultKind::FeedThin && size.fract() != 0.0 {
            return Err(place.wrong(
                "size",
                &size.to_string(),
                "a whole number",
                "one sample in so many comes through",
            ));
        }
        Ok(size)
    }
}
