//! The page of a verdict: what it shows, what it must never do, and what it makes of gaps and hostile names.

use trier_reports::page::verdict::{
    ArmFigure, Evidence, HeldShare, LeadError, RoastsOf, Side, Transforms, page,
};
use trier_reports::worst::Contrast;
use trier_tables::rows::{CoverageRow, SelfTestRow, TransitionRow};
use trier_tables::verdict::{ComparisonSaid, CoverageSaid, GateSaid, RiskSaid, VerdictFile};

use crate::made_up::{comparison, gate, verdict};

/// What somebody might call a case to get at whoever reads of it.
const HOSTILE: &str = "</title><script>alert(1)</script>\"' onload=x \u{202e}\u{0}&amp;]]>";

fn asking(gate: GateSaid, outcome: &str) -> GateSaid {
    GateSaid { outcome: outcome.into(), ..gate }
}

fn primary(row: ComparisonSaid) -> ComparisonSaid {
    ComparisonSaid { role: "primary".into(), ..row }
}

fn refused() -> VerdictFile {
    let sliced = ComparisonSaid {
        role: "exploratory".into(),
        slice: "machine=gd60".into(),
        ..comparison("first_crack.abs_error@60s", "NON_INFERIOR", Some([-3.0, -1.2, 0.4]))
    };
    let comparisons = [
        primary(comparison("first_crack.abs_error@60s", "INCONCLUSIVE", Some([-6.0, -1.5, 3.5]))),
        comparison("drop.abs_error@60s", "INFERIOR", Some([3.6, 4.9, 6.2])),
        sliced,
    ];
    let mut waived = asking(gate("coverage.flows", "waived", Some(0.9), "17 of 22 flows seen"), "PROMOTED");
    waived.waiver = Some("W-031, asked by dana, approved by kim, until 2027-01-01: new machine".into());
    let gates = [
        asking(gate("stop", "pass", None, "nobody stopped promotions"), "PROMOTED"),
        asking(gate("primary.first_crack.abs_error@60s", "inconclusive", Some(3.5), "too wide"), "PROMOTED"),
        gate("guardrail.drop.abs_error@60s", "fail", Some(6.2), "INFERIOR; above the margin"),
        waived,
    ];
    let mut said = verdict("REFUSED", 4, &gates, &comparisons);
    said.reasons = vec!["guardrail.drop.abs_error@60s: INFERIOR; above the margin".into()];
    let terms = [("effect".to_owned(), 25.0), ("waivers".to_owned(), 5.0)];
    said.risk = Some(RiskSaid { version: "risk/1".into(), total: 30.0, limit: 50.0, terms: terms.into() });
    said
}

fn bare(said: &VerdictFile) -> Evidence<'_> {
    Evidence {
        said,
        absent: vec![],
        leads: vec![],
        held: vec![],
        pits: vec![],
        physics: vec![],
        silence: vec![],
        silences: vec![],
        roasted_h: None,
        roasts: vec![],
        odd: vec![],
        flows: &[],
        safety: &[],
        transitions: &[],
        self_test: &[],
    }
}

fn flow(name: &str, is_safety: bool, observed: u32) -> CoverageRow {
    CoverageRow {
        flow: name.into(),
        kind: "path".into(),
        safety: is_safety,
        steps: "charge, drop".into(),
        required: 2,
        observed,
        units: observed,
        met: observed >= 2,
        cases: "steady".into(),
        nearest: (observed < 2).then(|| "fb-small".into()),
        why: "It would go unseen.".into(),
    }
}

fn contrast(case: &str, baseline: Option<f64>, candidate: Option<f64>) -> Contrast {
    Contrast {
        case: case.into(),
        seed: Some(7),
        unit: "s".into(),
        baseline,
        candidate,
        harm: baseline.zip(candidate).map(|(b, c)| c - b),
        silent: candidate.is_none().then(|| "abstained:no_basis".into()),
    }
}

/// Errors at a lead, the candidate's twice the baseline's.
fn lead(lead_s: f64) -> LeadError<'static> {
    let side = |mean_s: f64| Side {
        mean_s: Some(mean_s),
        interval_s: Some((mean_s - 1.0, mean_s + 2.0)),
        silent: 1,
    };
    LeadError {
        metric: "drop.abs_error",
        lead_s,
        n_roasts: 39,
        n_clusters: 13,
        baseline: side(0.05 * lead_s),
        candidate: side(0.1 * lead_s),
        fault: None,
    }
}

/// What became of harm that was planted.
fn planted(name: &str) -> SelfTestRow {
    SelfTestRow {
        planted: format!("harm on {name}").into(),
        runs: 200,
        promoted: 3,
        share: 0.015,
        side: "at_most".into(),
        bound: 0.05,
        holds: true,
        outcomes: "197 REFUSED, 3 PROMOTED".into(),
    }
}

/// Every part of a page, with what `name` calls a case, a flow, an arm and a planted harm.
fn with_all(said: &VerdictFile, name: &str, then: impl FnOnce(&Evidence<'_>)) {
    let flows = [flow("whole-roast", false, 7), flow(name, true, 1)];
    let transition =
        TransitionRow { from_state: name.into(), to_state: "drying".into(), times: 12, units: 9 };
    let all = vec![
        contrast(name, Some(2.0), None),
        contrast("slow", Some(2.0), Some(9.5)),
        contrast("fast", Some(4.0), Some(1.0)),
    ];
    let worst = all[..2].iter().map(|one| (one.clone(), format!("sim run '{name}' --seed 7"))).collect();
    let figure = ArmFigure {
        metric: "first_crack.before_now",
        meaning: "share of the forecasts that place it not after now",
        arm: &said.plan.candidate,
        n: 38,
        missing: 1,
        mean: Some(0.004),
        largest: Some((0.15, name.to_owned())),
        fault: None,
    };
    let held = |nominal: f64, share: Option<f64>| HeldShare {
        metric: "drop.within_90",
        arm: &said.plan.candidate,
        lead_s: 120.0,
        nominal,
        held: 30,
        n: 39,
        share,
        interval: share.map(|share| (share - 0.1, share + 0.1)),
        fault: None,
    };
    then(&Evidence {
        absent: vec![format!("{name} is gone")],
        leads: [30.0, 60.0, 120.0].map(lead).to_vec(),
        held: vec![held(0.5, Some(0.45)), held(0.9, Some(0.71))],
        pits: vec![Transforms {
            metric: "drop.pit",
            arm: &said.plan.candidate,
            lead_s: 120.0,
            n: 39,
            bins: &[9, 4, 4, 3, 2, 1, 4, 3, 2, 7],
            expected: 3.9,
            likely: (1, 8),
            p: Some(0.04),
            fault: None,
        }],
        physics: vec![figure.clone()],
        silence: vec![figure],
        silences: vec![(&said.plan.candidate, "drop.abs_error", "no_forecast", 3)],
        roasted_h: Some(16.6),
        roasts: vec![RoastsOf { gate: "guardrail.drop.abs_error@60s".into(), all, worst }],
        flows: &flows,
        transitions: &[transition],
        self_test: &[planted(name)],
        ..bare(said)
    });
}

fn html(evidence: &Evidence<'_>) -> String {
    page(evidence).expect("a page").0
}

/// What stands between tags, blanks as one.
fn text(html: &str) -> String {
    let inside = html.split('<').filter_map(|piece| piece.split_once('>')).map(|(_, text)| text);
    inside.collect::<Vec<_>>().join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether every tag that opens is closed in its order; the name of the first that is not.
fn unbalanced(html: &str) -> Option<String> {
    const ALONE: [&str; 6] = ["!doctype", "meta", "br", "path", "rect", "circle"];
    let mut open: Vec<&str> = Vec::new();
    for tag in html.split('<').skip(1).filter_map(|piece| piece.split_once('>')).map(|(tag, _)| tag) {
        let name = tag.split([' ', '/', '\n']).find(|word| !word.is_empty()).unwrap_or(tag);
        if tag.starts_with('/') {
            if open.pop() != Some(name) {
                return Some(tag.to_owned());
            }
        } else if !ALONE.contains(&name) {
            open.push(name);
        }
    }
    open.pop().map(str::to_owned)
}

/// What no page may ever do.
fn assert_harmless(html: &str) {
    assert_eq!(unbalanced(html), None);
    for never in
        ["<script", "http://", "https://", "@import", "url(", "<link", "<iframe", "\u{202e}", "\u{0}"]
    {
        assert!(!html.contains(never), "{never}");
    }
    assert!(!html.contains(" onload=x \"") && !html.contains("<img"), "a name has become an attribute");
}

#[test]
fn the_word_stands_first_then_why_then_what_it_rests_on() {
    let said = refused();
    with_all(&said, "wet-lot", |evidence| {
        let html = html(evidence);
        assert_harmless(&html);
        let text = text(&html);
        let mut at = 0;
        for next in [
            "REFUSED",
            "exit code 4: the candidate may not ship",
            "Drop, absolute error, 60 s before: +4.9 s [+3.6, +6.2] s, to stay below +3.0 s: inferior.",
            "Risk 30 of 100; above 50 somebody must approve.",
            "wet-lot is gone",
            "Gates passed 1 of 4",
            "Why",
            "+4.9 s [+3.6, +6.2] s at 95 %, 39 pairs / 13 clusters, to stay below +3.0 s",
            "Paired differences",
            "First crack, absolute error, 60 s before",
            "Error by lead",
            "Calibration",
            "old states no intervals",
            "Worse on 1 of 3 roasts, better on 1, the same on 0; silent where the baseline speaks on 1.",
            "sim run &#39;wet-lot&#39; --seed 7",
        ] {
            let found =
                text[at..].find(next).unwrap_or_else(|| panic!("{next:?} after {:?}", &text[..at.min(300)]));
            at += found;
        }
        for part in [
            "2 flows are met",
            "17 of 22 flows seen",
            "W-031, asked by dana, approved by kim, until 2027-01-01",
            "12",
            "≤ 5.0 %",
            "harm on wet-lot",
            "16.6 h from charge to drop",
            "9f3c51d2a7b00e44",
            "sim eval golden/first.toml --candidate new --baseline old",
        ] {
            assert!(html.contains(part), "{part}");
        }
    });
}

#[test]
fn a_promotion_says_what_is_better_and_no_reason() {
    let gates = [asking(gate("primary.drop.loss@60s", "pass", Some(-1.0), "SUPERIOR"), "PROMOTED")];
    let better = primary(comparison("drop.loss@60s", "SUPERIOR", Some([-6.0, -4.0, -1.0])));
    let said = verdict("PROMOTED", 0, &gates, &[better]);
    let html = html(&bare(&said));
    let text = text(&html);
    assert!(text.contains("exit code 0: the candidate may ship"), "{text}");
    assert!(text.contains(
        "Every gate passes, and the candidate is better at drop, loss, 60 s before by -4.0 s [-6.0, -1.0] s."
    ));
    assert!(text.contains("No gate is in the way of a promotion.") && html.contains("class=\"strip pass\""));
}

#[test]
fn hostile_and_endless_names_are_text_and_break_nothing() {
    let mut said = refused();
    let endless = format!("{HOSTILE}{}", "W".repeat(10_000));
    said.plan.candidate = endless.clone();
    said.plan.suite = endless.clone();
    said.verdict = HOSTILE.into();
    said.reproduce = endless.clone();
    said.reasons.push(endless.clone());
    for row in &mut said.comparisons {
        (row.metric, row.slice, row.label, row.reason) =
            (endless.clone(), endless.clone(), HOSTILE.into(), endless.clone());
    }
    for gate in &mut said.gates {
        (gate.reason, gate.waiver) = (endless.clone(), Some(endless.clone()));
    }
    with_all(&said, &endless, |evidence| {
        let (html, figures) = page(evidence).expect("a page");
        assert_harmless(&html);
        assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
        for figure in &figures {
            let file = figure.picture.file();
            assert!(!file.contains("<script") && file.len() < 100_000, "{}: {} bytes", figure.id, file.len());
            let longest =
                file.split("<text").skip(1).filter_map(|piece| piece.split_once('>')?.1.split('<').next());
            assert!(longest.map(|text| text.chars().count()).max().unwrap_or(0) < 300, "{}", figure.id);
        }
        let heading =
            html.split("<h1>").nth(1).and_then(|rest| rest.split("</h1>").next()).expect("a heading");
        assert!(heading.len() < 400, "{} bytes of heading", heading.len());
    });
}

#[test]
fn what_is_not_there_is_not_shown_as_if_it_were() {
    let mut said = refused();
    said.comparisons[0].estimate = None;
    (said.comparisons[0].lower, said.comparisons[0].upper) = (None, None);
    said.comparisons[0].label = "MISSING".into();
    said.coverage = Some(CoverageSaid { met: 0, flows: 0, safety_met: 0, safety: 0, missing: vec![] });
    let html = html(&bare(&said));
    assert_harmless(&html);
    for id in ["leads", "sure", "roasts", "flows", "physics", "self-test", "odd"] {
        assert!(
            !html.contains(&format!("id=\"{id}\"")) && !html.contains(&format!("href=\"#{id}\"")),
            "{id}"
        );
    }
    assert!(html.contains("nothing to compare") && html.contains("no interval"));
    let nothing = verdict("NOTHING SELECTED", 3, &[], &[]);
    let (html, figures) = page(&bare(&nothing)).expect("a page");
    assert_harmless(&html);
    assert!(figures.is_empty() && html.contains("there was nothing to judge"));
}

#[test]
fn a_line_breaks_where_a_lead_has_no_value() {
    let said = refused();
    with_all(&said, "wet-lot", |evidence| {
        let mut evidence = evidence.clone();
        let dots = |evidence: &Evidence<'_>| {
            let (_, figures) = page(evidence).expect("a page");
            let curve = figures.into_iter().find(|figure| figure.id == "by-lead-drop").expect("a curve");
            let svg = curve.picture.inline();
            (svg.matches("class=\"fill-candidate\"").count(), svg.matches("class=\"candidate\"").count())
        };
        // Three leads are one line (and one in the legend); without the middle one they are no line at all.
        assert_eq!(dots(&evidence), (3, 2));
        evidence.leads[1].candidate = Side::default();
        assert_eq!(dots(&evidence), (2, 1));
    });
}

#[test]
fn the_same_evidence_makes_the_same_bytes_and_every_link_leads_somewhere() {
    let said = refused();
    with_all(&said, "wet-lot", |evidence| {
        let one = html(evidence);
        assert_eq!(one, html(evidence));
        assert!(one.len() < 100_000, "{} bytes", one.len());
        let ids: Vec<&str> = one.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let mut unique = ids.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), ids.len(), "{ids:?}");
        for link in one.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(ids.contains(&link), "{link}");
        }
        let levels: Vec<u32> =
            one.split("<h").skip(1).filter_map(|rest| rest.chars().next()?.to_digit(10)).collect();
        assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1) && levels[0] == 1, "{levels:?}");
        assert_eq!(one.matches("<svg").count(), one.matches("role=\"img\" aria-label=\"").count());
        assert_eq!(one.matches("<table>").count(), one.matches("<caption>").count());
    });
}
