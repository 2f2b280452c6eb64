//! The page `docs/realism.md`.

use std::path::Path;

use crate::{cases, families};

const HEAD: &str = "# Realism

Made by `TRIER_BLESS=1 cargo test --release -p trier-sim --test realism`; the same test fails when this page
and the simulator differ. What a roast must look like is measured on simulated roasts as it would be on logs:
from what probes showed and from what the operator marked, RoR over 30 s. Weight loss, colour and second
crack are truth. Nothing here was fitted to this page.

Inside: p10, median and p90 lie in the published range. Outside: the median does not, by what is said.
`sim run scenarios/realism/` roasts the same scenarios.

";

const CASES: &str = "## Published cases

Numbers C1 to C30 are those of the list that the model was built against. All without noise and spread.

**gd12 is too hot under the controls that were logged**: C1 to C10 say by how much. Its recipes make up for it with
less gas than such a machine takes, so its curves look right and its gas does not. Whoever forecasts from gas settings
should know.

";

const NOT_CASES: &str = "### Cases that are not here

- **C11**, warming up of the bean probe in the empty drum: its lag in air, 29.6 s, beside the 26 s of gd12's file, is held
  and printed by `cargo test -p trier-sim --test it empty_drum -- --nocapture`.
- **C13, C14**, 23 roasts on an industrial drum by samples: how far apart the samples are is not published, nor is the machine.
- **C30**, sound pressure of first and second crack: the microphone counts, and hears no loudness.
- **Batch after batch**: no published roast gives the machine's state before it.

";

const NEVER: &str = "## What must never be seen

Thousands of random scenarios of all four families, with any of the optional keys on, alone and in days, are roasted by
`TRIER_CAMPAIGN=10000 cargo test --release -p trier-sim --test campaign`. Every one is refused by its limits or ends as
a roast can end, in the time it is given, with books closed to 1e-9 and 1e-12 at every step, no number that is none, and
nothing that runs back. Those that stay near what ships must also look like roasts:

- no core cools by 0.1 °C from a second to the next from charge until the probe turns, nor later while shells are 0.5 °C
  hotter and warm themselves, unless a controller moves the fire;
- the rate at which shells warm changes by less than 15 % in a second around the start of first crack, unless a
  control moved in the 12 s before;
- first crack lasts 30 s or more in roasts that come to it at 14 °C/min or less;
- no two channels carry the same noise;
- in a drum, ET is below BT at some time;
- a drum that shows more than 100 °C at charge has a turning point.

Size and seed change nothing that they should not: the same test holds it.

";

const SOURCES: &str = "## Sources

- **logs**: summary figures of twelve production roasts on one 12 kg gas drum. gd12's numbers go back to a fit to
  eight of them, so for gd12 they are no independent check.
- **AB25**: Anokye-Bempah and others 2025, doi 10.1038/s41598-025-06601-w, a 5 kg drum, thirteen profiles.
- **BR26**: Bruno and others 2026, doi 10.1038/s41598-026-43923-9, an industrial drum, by way of notes of others.
- **DE21**: Debona and others 2021, Coffee Science 16:e161878, a 50 g fluid bed, by way of notes of others.
- **digest**: figures that a literature digest and makers repeat; weakly known.
";

#[test]
fn the_page_on_realism_is_what_the_roasts_give() {
    let text = [
        HEAD,
        &families::sections(),
        CASES,
        &cases::log_sections(),
        &cases::steered_sections(),
        &cases::bean_sections(),
        NOT_CASES,
        NEVER,
        SOURCES,
    ]
    .concat();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/realism.md");
    if std::env::var_os("TRIER_BLESS").is_some() {
        std::fs::write(&path, &text).expect("writable");
    }
    let written = std::fs::read_to_string(&path).expect("docs/realism.md");
    assert!(written == text, "docs/realism.md differs from the roasts; bless it, see its first lines");
}
