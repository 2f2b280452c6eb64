//! The report on a calibration, from the logs to the page.

use std::fs;

use crate::roasts::{Roast, keep};
use crate::support::{copied_repository, sim_ends};

#[test]
fn a_calibration_becomes_a_page_beside_the_family_it_began_from() {
    let root = copied_repository();
    // Heat and air from charge on, one change of heat, and 9 kg.
    let controls = "'etypes': ['Air', 'Drum', 'Damper', 'Burner', '--'], 'specialevents': [30, 30, 250], \
         'specialeventstype': [0, 3, 3], 'specialeventsvalue': [6.0, 8.0, 6.0], 'weight': [9.0, 7.7, 'Kg'], ";
    for hour in 0..3 {
        let log = Roast::later(hour).alog().replacen("'timex'", &format!("{controls}'timex'"), 1);
        keep(root.path(), &format!("logs/{hour}.alog"), &log);
    }
    let ran = sim_ends(
        root.path(),
        "calibrate logs --family gas-drum --train 2 --starts 1 --tables out/c --jobs 1",
        0,
    );
    assert!(ran.stdout.contains("family before any fit"), "{}", ran.stdout);
    sim_ends(root.path(), "report out/c", 0);
    let page = fs::read_to_string(root.path().join("out/c/report.html")).expect("the page");
    assert!(page.contains("How near the fitted machine comes") && page.contains("of 4 bars met"));
    assert!(page.contains("id=\"roast-3\"") && page.contains("before any fit"));
    // The bars on the page are those that the command printed.
    let met = ran.stdout.matches("bar met").count();
    let says = if met == 4 { "All 4 bars met".to_owned() } else { format!("{met} of 4 bars met") };
    assert!(page.contains(&says), "{says}");
}
