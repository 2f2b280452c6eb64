//! Any row of any table, and what holds for all of them.

use std::borrow::Cow;
use std::fmt::Debug;
use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::*;
use trier_tables::rows::{
    CaseRow, ComparisonRow, CoverageRow, FileRow, FindingRow, GateRow, MarkRow, PredictionRow, SafetyRow,
    ScoreRow, SelfTestRow, SessionRow, TelemetryRow, TransitionRow,
};
use trier_tables::table::{KEY_FIELD_DOC, KEY_UNIT};
use trier_tables::{Digest, RunFolder, Table, digest, read_table};

/// Random words to make a row from; all zero once it has shrunk.
struct Draw {
    words: std::vec::IntoIter<u64>,
}

impl Draw {
    fn word(&mut self) -> u64 {
        self.words.next().unwrap_or(0)
    }
}

/// A value of a column type, from anywhere in its range.
trait Drawn {
    fn draw(draw: &mut Draw) -> Self;
}

impl Drawn for i64 {
    fn draw(draw: &mut Draw) -> Self {
        draw.word().cast_signed()
    }
}

impl Drawn for u32 {
    fn draw(draw: &mut Draw) -> Self {
        u32::try_from(draw.word() >> 32).expect("32 bits")
    }
}

impl Drawn for bool {
    fn draw(draw: &mut Draw) -> Self {
        draw.word() % 2 == 1
    }
}

impl Drawn for f64 {
    fn draw(draw: &mut Draw) -> Self {
        const EDGES: [f64; 8] = [0.0, -0.0, 196.0, 5e-324, -f64::MAX, f64::MAX, f64::MIN_POSITIVE, 0.1];
        let word = draw.word();
        let any = f64::from_bits(word);
        if any.is_finite() && word % 2 == 1 { any } else { EDGES[(word >> 1) as usize % EDGES.len()] }
    }
}

impl Drawn for Arc<str> {
    fn draw(draw: &mut Draw) -> Self {
        const PIECES: [&str; 8] = ["", "a", "b", "°", "\0", "ß|; ", "\u{1f525}", "roast"];
        let word = draw.word();
        (0..word % 4)
            .map(|i| PIECES[(word >> (8 * (i + 1))) as usize % PIECES.len()])
            .collect::<String>()
            .into()
    }
}

impl Drawn for Cow<'static, str> {
    fn draw(draw: &mut Draw) -> Self {
        Self::Owned(Arc::<str>::draw(draw).to_string())
    }
}

impl<D: Drawn> Drawn for Option<D> {
    fn draw(draw: &mut Draw) -> Self {
        (!draw.word().is_multiple_of(3)).then(|| D::draw(draw))
    }
}

/// A row that can be drawn and changed in one column.
trait Row: Table + Drawn + Clone + Debug + PartialEq {
    /// For each column that differs, `self` with that column taken from `other`.
    fn one_column_changed(&self, other: &Self) -> Vec<(Self, &'static str)>;
}

macro_rules! rows {
    ($($test:ident: $row:ident { $($field:ident)+ })+) => {$(
        impl Drawn for $row {
            fn draw(draw: &mut Draw) -> Self {
                Self { $($field: Drawn::draw(draw)),+ }
            }
        }

        impl Row for $row {
            fn one_column_changed(&self, other: &Self) -> Vec<(Self, &'static str)> {
                let mut changed = Vec::new();
                $(
                    // Bits, not `==`: -0.0 and 0.0 are different bytes in a file.
                    if format!("{:?}", self.$field) != format!("{:?}", other.$field) {
                        let row = Self { $field: other.$field.clone(), ..self.clone() };
                        changed.push((row, stringify!($field)));
                    }
                )+
                changed
            }
        }

        proptest! {
            #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]
            #[test]
            fn $test(words in vec(vec(any::<u64>(), 60), 0..6)) {
                let rows: Vec<$row> =
                    words.into_iter().map(|w| $row::draw(&mut Draw { words: w.into_iter() })).collect();
                survives_a_file(&rows);
                any_change_moves_the_digest(&rows);
            }
        }
    )+};
}

rows! {
    telemetry_rows: TelemetryRow {
        source machine session_id t_us since_charge_s bt_c et_c inlet_c exhaust_c drum_c gas_pct air_pct
        drum_rpm pops_per_s bt_ror_c_per_min quality trust
    }
    mark_rows: MarkRow {
        source machine session_id kind t_us since_charge_s mark_source confidence bt_c
    }
    session_rows: SessionRow {
        source machine session_id revision start_us end_us outcome seal_cause charge_source
        charge_confidence charge_disagreement_s charge_bt_c turning_point_s turning_point_bt_c dry_end_s
        dry_end_bt_c first_crack_s first_crack_bt_c drop_s drop_bt_c drop_source drop_confidence
        drop_disagreement_s drying_s maillard_s development_s development_ratio n_readings n_unusable gaps
        longest_gap_s boots grade grade_reasons trust
    }
    prediction_rows: PredictionRow {
        source machine session_id predictor version target as_of_us since_charge_s p05_s p10_s p25_s p50_s
        p75_s p90_s p95_s abstain reasons used_until_s used_points used_roasts
    }
    score_rows: ScoreRow {
        case arm seed session_id metric value unit direction lead_s machine lot cluster missing
    }
    case_rows: CaseRow { case seed arm expectation status reason passed digest heard roast_s }
    comparison_rows: ComparisonRow {
        role metric slice statistic unit estimate lower upper level method p p_adjusted p_margin margin spread rho
        saved n_pairs n_clusters n_missing n_needed label reason
    }
    gate_rows: GateRow { gate label outcome observed limit unit reason waiver }
    coverage_rows: CoverageRow { flow kind safety steps required observed units met cases nearest why }
    safety_rows: SafetyRow { flow arm dangers answered unanswered }
    transition_rows: TransitionRow { from_state to_state times units }
    self_test_rows: SelfTestRow { planted runs promoted share side bound holds outcomes }
    file_rows: FileRow { source format machine outcome reason n_samples n_findings }
    finding_rows: FindingRow { source code detail }
}

fn survives_a_file<R: Row>(rows: &[R]) {
    let place = tempfile::tempdir().unwrap();
    let mut bytes = Vec::new();
    for run in ["one", "two"] {
        let mut folder = RunFolder::create(&place.path().join(run)).unwrap();
        let written = folder.write(rows).unwrap();
        assert_eq!((written.table, written.rows, written.digest), (R::NAME, rows.len(), digest(rows)));
        let path = folder.commit().unwrap().join(format!("{}.parquet", R::NAME));
        let back: Vec<R> = read_table(&path).unwrap();
        assert_eq!(digest(&back), digest(rows));
        assert_eq!(back, rows);
        bytes.push(std::fs::read(path).unwrap());
    }
    assert!(bytes[0] == bytes[1], "the same {} twice are not the same bytes", R::NAME);
}

fn any_change_moves_the_digest<R: Row>(rows: &[R]) {
    let before = digest(rows);
    for (at, other) in rows.iter().enumerate().skip(1) {
        let mut changed = rows.to_vec();
        for (row, column) in rows[at - 1].one_column_changed(other) {
            changed[at - 1] = row;
            assert_ne!(digest(&changed), before, "{} did not see a change of {column}", R::NAME);
        }
        changed = rows.to_vec();
        changed.swap(at - 1, at);
        assert_eq!(digest(&changed) == before, format!("{changed:?}") == format!("{rows:?}"), "order");
        assert_ne!(digest(&rows[..at]), before, "a row fewer");
    }
}

#[test]
fn the_digest_is_pinned() {
    // The canonical bytes are a promise: a digest written down today is checked years from now.
    let row = FindingRow { source: "a.alog".into(), code: "bt_unread".into(), detail: "12 of 700".into() };
    let pinned = "65e7280718ff4298168299b5cefbaa752b4b5ce1ef426a0119e476d796c74523";
    assert_eq!(digest(&[row]).to_string(), pinned);
    assert_eq!(pinned.parse::<Digest>().unwrap().to_string(), pinned);
    assert!("7f0a".parse::<Digest>().is_err());
}

#[test]
fn every_column_says_its_unit_and_what_it_holds() {
    fn check<T: Table>() {
        let schema = T::schema();
        assert_eq!(schema.metadata()["trier.table"], T::NAME);
        assert_eq!(schema.metadata()["trier.version"], T::VERSION.to_string());
        for field in schema.fields() {
            assert!(!field.metadata()[KEY_UNIT].is_empty(), "{} {}", T::NAME, field.name());
            assert!(field.metadata()[KEY_FIELD_DOC].ends_with('.'), "{} {}", T::NAME, field.name());
            let by_name = [
                ("_per_s", "1/s"),
                ("_s", "s"),
                ("_us", "us"),
                ("_c", "°C"),
                ("_pct", "%"),
                ("_rpm", "1/min"),
            ];
            if let Some((_, unit)) = by_name.iter().find(|(end, _)| field.name().ends_with(end)) {
                assert_eq!(field.metadata()[KEY_UNIT], *unit, "{} {}", T::NAME, field.name());
            }
        }
    }
    check::<TelemetryRow>();
    check::<MarkRow>();
    check::<SessionRow>();
    check::<PredictionRow>();
    check::<ScoreRow>();
    check::<CaseRow>();
    check::<ComparisonRow>();
    check::<GateRow>();
    check::<CoverageRow>();
    check::<SafetyRow>();
    check::<TransitionRow>();
    check::<SelfTestRow>();
    check::<FileRow>();
    check::<FindingRow>();
}
