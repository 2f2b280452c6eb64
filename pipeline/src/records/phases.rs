//! The phases of a session as it stands, with what roasters read off them.

use trier_tables::rows::SessionRow;

/// One phase of a session.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SessionPhase {
    /// When it begins, s since charge; None where its mark is absent.
    pub from_s: Option<f64>,
    /// When it ends, s since charge; None where its mark is absent.
    pub to_s: Option<f64>,
    /// How long it lasts, s; None where a mark is absent or they are out of order, as all after it.
    pub seconds: Option<f64>,
    /// Its share of the time from charge to drop, 0 to 1; None without a drop.
    pub share: Option<f64>,
    /// BT at its begin, °C; None where it was not read.
    pub from_c: Option<f64>,
    /// BT at its end, °C; None where it was not read.
    pub to_c: Option<f64>,
    /// Mean rate of rise of BT over it, °C/min: the climb over the time. Drying climbs from the turning point:
    /// before it BT falls to the beans, which says nothing of them.
    pub ror_c_per_min: Option<f64>,
}

/// Drying, Maillard and development of a session.
///
/// Drying runs from charge to dry end, Maillard to first crack, development to drop.
#[must_use]
pub fn session_phases(row: &SessionRow) -> [SessionPhase; 3] {
    let charge = (Some(0.0), row.charge_bt_c);
    let turning = (row.turning_point_s, row.turning_point_bt_c);
    let dry_end = (row.dry_end_s, row.dry_end_bt_c);
    let crack = (row.first_crack_s, row.first_crack_bt_c);
    let drop = (row.drop_s, row.drop_bt_c);
    [
        phase(row, charge, dry_end, climb(turning, dry_end)),
        phase(row, dry_end, crack, climb(dry_end, crack)),
        phase(row, crack, drop, climb(crack, drop)),
    ]
}

/// When, s since charge, and BT then, °C.
type Point = (Option<f64>, Option<f64>);

fn phase(row: &SessionRow, from: Point, to: Point, ror_c_per_min: Option<f64>) -> SessionPhase {
    let seconds = span(from.0, to.0);
    let whole_s = row.drop_s.filter(|s| *s > 0.0);
    SessionPhase {
        from_s: from.0,
        to_s: to.0,
        seconds,
        share: seconds.zip(whole_s).map(|(s, whole_s)| s / whole_s),
        from_c: from.1,
        to_c: to.1,
        ror_c_per_min,
    }
}

fn span(from_s: Option<f64>, to_s: Option<f64>) -> Option<f64> {
    from_s.zip(to_s).map(|(from, to)| to - from).filter(|s| *s >= 0.0)
}

fn climb(from: Point, to: Point) -> Option<f64> {
    let minutes = span(from.0, to.0).filter(|s| *s > 0.0)? / 60.0;
    Some((to.1? - from.1?) / minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session() -> SessionRow {
        SessionRow {
            source: "made up".into(),
            machine: "gd12".into(),
            session_id: "S-1".into(),
            revision: 0,
            start_us: 0,
            end_us: 600_000_000,
            outcome: "complete".into(),
            seal_cause: "drop".into(),
            charge_source: "device".into(),
            charge_confidence: 1.0,
            charge_disagreement_s: None,
            charge_bt_c: None,
            turning_point_s: None,
            turning_point_bt_c: None,
            dry_end_s: None,
            dry_end_bt_c: None,
            first_crack_s: None,
            first_crack_bt_c: None,
            drop_s: None,
            drop_bt_c: None,
            drop_source: None,
            drop_confidence: None,
            drop_disagreement_s: None,
            drying_s: None,
            maillard_s: None,
            development_s: None,
            development_ratio: None,
            n_readings: 600,
            n_unusable: 0,
            gaps: 0,
            longest_gap_s: 1.0,
            boots: 0,
            grade: "good".into(),
            grade_reasons: "".into(),
            trust: "unsigned".into(),
        }
    }

    #[test]
    fn phases_make_up_the_roast_and_climb_as_bt_does() {
        let row = SessionRow {
            charge_bt_c: Some(210.0),
            turning_point_s: Some(60.0),
            turning_point_bt_c: Some(90.0),
            dry_end_s: Some(300.0),
            dry_end_bt_c: Some(150.0),
            first_crack_s: Some(540.0),
            first_crack_bt_c: Some(198.0),
            drop_s: Some(600.0),
            drop_bt_c: Some(206.0),
            ..session()
        };
        let phases = session_phases(&row);
        assert_eq!(phases.map(|phase| phase.seconds), [Some(300.0), Some(240.0), Some(60.0)]);
        assert_eq!(phases.map(|phase| phase.share), [Some(0.5), Some(0.4), Some(0.1)]);
        // 60 °C in 4 minutes, 48 in 4, 8 in 1.
        assert_eq!(phases.map(|phase| phase.ror_c_per_min), [Some(15.0), Some(12.0), Some(8.0)]);
        assert_eq!(phases.map(|phase| (phase.from_c, phase.to_c))[0], (Some(210.0), Some(150.0)));
    }

    #[test]
    fn a_phase_without_its_marks_says_nothing() {
        let row = SessionRow {
            turning_point_s: Some(60.0),
            dry_end_s: None,
            first_crack_s: Some(700.0),
            drop_s: Some(600.0),
            ..session()
        };
        let [drying, maillard, development] = session_phases(&row);
        assert_eq!((drying.seconds, drying.share, drying.ror_c_per_min), (None, None, None));
        assert_eq!((maillard.from_s, maillard.to_s, maillard.seconds), (None, Some(700.0), None));
        assert_eq!((development.seconds, development.share), (None, None), "crack after drop");
        let undropped = session_phases(&SessionRow { dry_end_s: Some(250.0), drop_s: None, ..row });
        assert_eq!((undropped[0].seconds, undropped[0].share), (Some(250.0), None));
    }
}
