//! Marks that are set late, twice or never.

use super::file::Fault;
use super::kind::FaultKind;
use trier_pipeline::Heard;
use trier_roast::{Mark, Reading, ReadingBody};

/// `heard` with the fault's mark set otherwise, in the order of the times they are then said; and how many were.
pub(super) fn marked(fault: &Fault, heard: Vec<Heard>) -> (Vec<Heard>, usize) {
    let mut n = 0;
    let mut out: Vec<Heard> = Vec::with_capacity(heard.len());
    for one in heard {
        match one.reading.body {
            ReadingBody::Mark(mark) if Some(mark.kind) == fault.mark => {
                let late = later(one, mark, fault.size);
                match fault.kind {
                    FaultKind::OperatorLateMark => out.push(late),
                    FaultKind::OperatorDoubleMark => out.extend([one, late]),
                    _ => {}
                }
                n += usize::from(fault.kind == FaultKind::OperatorMissingMark || late != one);
            }
            _ => out.push(one),
        }
    }
    // Stable: what is said at one instant keeps its order.
    out.sort_by_key(|one| one.reading.at);
    (out, n)
}

/// The mark as somebody sets it who is `late_s` late and does not know it.
fn later(one: Heard, mark: Mark, late_s: f64) -> Heard {
    let body = ReadingBody::Mark(Mark { at: mark.at.plus_s(late_s), ..mark });
    Heard { reading: Reading { at: one.reading.at.plus_s(late_s), body }, ..one }
}
