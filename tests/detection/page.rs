//! The page `docs/detection.md`.

use std::path::Path;

use super::{recorded, simulated};

const HEAD: &str = "# Detection

Made by `TRIER_BLESS=1 cargo test --release --workspace --test detection`; the same test fails when this page and
the pipeline differ. It says how well charge and drop are found, with each fault of sensors, operators and devices in
simulated days, and on recorded roasts whose own marks were hidden. How it is done: [decision 12](decisions/0012-detection.md).

## Simulated days

Days of six roasts back to back, 20 to 120 s from drop to charge, on each of the four machine families and on gd12 with a
display of whole degrees, with noise, and with a slow probe. A boundary is found within 5 s. Each fault is put into every
roast at a place of its own; a fault that changes nothing that is put out fails the test.

";

const TAIL: &str = "
Where the recorded mark and the curve differ, somebody looked:

- `scottjames .. 25-08-17_1612` (and its copy): charge is marked 190 s after BT fell from 203 to 141 °C, while BT was
  rising. The curve is right.
- `philstyle .. 18-10-14`: charge is marked 15 s after the heat came on in a cold machine. Nobody can tell from the curve
  which is right.
- `jacciz .. Haiti Baptiste` (three files of one roast): charge is marked 36 s into the climb of a machine that was
  switched on empty. The mark is right: beans put into a warm air stream leave no trace that a cold start does not.
- `syamaner`: the charge was detected by the agent 10 to 15 s after BT broke by its own readings. The curve is right. Its drop left no
  break: BT goes on rising for 40 s in whole degrees.
- `greencardigan`: marks are comments that somebody typed.
- `Jakemo136` (Kaffelogic): the log says `roast_end` 10 s before BT shows it; the probe's own lag.
- `lucapinello`: a machine whose BT answers the heat after 30 s.
";

#[allow(clippy::print_stdout)] // What differs from the marks, for whoever looks: `-- --nocapture`.
#[test]
fn the_page_on_detection_is_what_the_pipeline_does() {
    let (simulated, wrong) = simulated::section();
    let broken: Vec<&String> = wrong.iter().filter(|line| !line.starts_with("note: ")).collect();
    let Some((recorded, missed)) = recorded::section() else {
        assert!(broken.is_empty(), "{wrong:#?}");
        return;
    };
    println!("{missed:#?}");
    let text = [HEAD, &simulated, "\n", &recorded, TAIL].concat();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/detection.md");
    if std::env::var_os("TRIER_BLESS").is_some() {
        std::fs::write(&path, &text).expect("writable");
    }
    assert!(broken.is_empty(), "{wrong:#?}");
    let written = std::fs::read_to_string(&path).expect("docs/detection.md");
    assert!(
        written == text,
        "docs/detection.md differs from the pipeline; bless it, see its first lines\n{missed:#?}"
    );
}
