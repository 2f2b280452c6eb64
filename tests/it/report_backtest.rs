//! The report on a backtest, from the logs to the page.

use std::fs;

use crate::roasts::{Roast, keep};
use crate::support::{copied_repository, sim_ends};

#[test]
fn a_backtest_becomes_a_page_with_its_worst_roasts() {
    let root = copied_repository();
    for hour in 0..12 {
        let mut roast = Roast::later(hour);
        // One roast goes slower than all before it.
        if hour == 10 {
            (roast.first_crack_s, roast.drop_s) = (560.0, 680.0);
        }
        keep(root.path(), &format!("logs/<b>{hour}.alog"), &roast.alog());
    }
    let printed = sim_ends(root.path(), "backtest logs --predictor curve --out out/b --jobs 1", 0).stdout;
    assert_eq!(sim_ends(root.path(), "report out/b --text", 0).stdout, printed);
    let ran = sim_ends(root.path(), "report out/b --figures out/figures", 0);
    assert!(ran.stdout.contains("report.html"), "{}", ran.stdout);
    let page = fs::read_to_string(root.path().join("out/b/report.html")).expect("the page");
    assert!(page.contains("How far off curve is") && page.contains("12 recorded roasts of 1 machines"));
    // The slow one is the worst, and its picture shows what was expected.
    assert!(page.contains("1. &lt;b&gt;10.alog") && !page.contains("<b>10"), "the slow roast is the worst");
    assert!(page.contains("id=\"first-crack-worst-10\"") && page.contains("id=\"drop-worst-1\""));
    assert!(page.len() < 5_000_000);
    sim_ends(root.path(), "report out/b --out again.html", 0);
    assert_eq!(page, fs::read_to_string(root.path().join("again.html")).expect("the page"));

    // A folder of a version that kept no curves still has a page, which says so.
    fs::remove_file(root.path().join("out/b/worst.parquet")).expect("it was there");
    sim_ends(root.path(), "report out/b", 0);
    let page = fs::read_to_string(root.path().join("out/b/report.html")).expect("the page");
    assert!(page.contains("kept no curves of the worst roasts"));

    // A damaged table is an error with its name, not half a page.
    fs::write(root.path().join("out/b/asked.parquet"), b"PAR1 no more PAR1").expect("writable");
    let ran = sim_ends(root.path(), "report out/b --out none.html", 2);
    assert!(
        ran.stderr.contains("asked.parquet") && !root.path().join("none.html").exists(),
        "{}",
        ran.stderr
    );
}
