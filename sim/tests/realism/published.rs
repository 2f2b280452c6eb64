//! What is published of real roasts, and by whom. Facts only; the sources are named on the page.

/// One published range.
pub(crate) struct Published {
    pub(crate) figure: &'static str,
    /// Part of the names of the scenarios that it is of; all where empty.
    pub(crate) only: &'static str,
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) source: &'static str,
}

const fn of(
    figure: &'static str,
    only: &'static str,
    low: f64,
    high: f64,
    source: &'static str,
) -> Published {
    Published { figure, only, low, high, source }
}

/// Of gas drums of 5 to 60 kg.
#[rustfmt::skip] // A table reads better as a table.
pub(crate) const DRUM: &[Published] = &[
    of("charge BT, °C", "", 180.0, 240.0, "logs, digest"),
    of("turning point, s", "", 45.0, 100.0, "logs 57 to 67, BR26 90 to 100, a Loring 45"),
    of("turning point BT, °C", "", 74.0, 89.0, "logs 74 to 86, BR26 77 to 89"),
    of("peak RoR, °C/min", "", 25.0, 32.0, "logs"),
    of("peak RoR, s", "", 124.0, 145.0, "logs"),
    of("colour change, s", "", 213.0, 510.0, "logs 213 to 297, BR26, AB25 to 510"),
    of("colour change BT, °C", "", 149.0, 159.0, "logs 149.5 to 154, AB25 155 ± 3"),
    of("first crack, s", "", 443.0, 716.0, "logs 443 to 611, BR26 to 716"),
    of("first crack BT, °C", "", 191.0, 206.0, "AB25 191 to 201, logs 201 to 206"),
    of("RoR at first crack, °C/min", "", 4.0, 11.0, "digest 4 to 7, logs 7.6 to 11"),
    of("RoR lost in 60 s, %", "", 22.0, 58.0, "logs, gas being cut"),
    of("first crack lasts, s", "", 60.0, 150.0, "digest"),
    of("first to second crack, °C", "", 22.0, 28.0, "AB25, about 26"),
    of("first to second crack, s", "", 120.0, 360.0, "AB25"),
    of("drop, s", "", 552.0, 923.0, "logs 552 to 785, BR26 783 to 920"),
    of("drop BT, °C", "medium", 212.0, 219.0, "logs"),
    of("development, % of time", "", 12.0, 30.0, "digest; logs 17 to 25"),
    of("drying, % of time", "", 35.0, 55.0, "digest"),
    of("Maillard, % of time", "", 25.0, 40.0, "digest"),
    of("ET − BT before charge, °C", "", -16.0, -7.0, "logs"),
    of("lowest ET after charge, °C", "medium", 123.0, 143.0, "logs, near 133: taken as ±10"),
    of("lowest ET after charge, s", "medium", 30.0, 50.0, "logs, near 40: taken as ±10"),
    of("ET − BT at 2 min, °C", "", 40.0, 60.0, "logs"),
    of("ET − BT at 4 min, °C", "", 40.0, 60.0, "logs"),
    of("ET − BT at first crack, °C", "", 4.0, 20.0, "logs"),
    of("ET − BT at drop, °C", "", -11.0, 2.0, "logs"),
    of("inlet at charge, °C", "", 222.0, 268.0, "logs"),
    of("inlet peak, °C", "", 328.0, 363.0, "logs"),
    of("inlet peak, s", "", 138.0, 315.0, "logs"),
    of("inlet at drop, °C", "", 212.0, 267.0, "logs"),
    of("weight loss, %", "light", 11.0, 13.0, "digest"),
    of("weight loss, %", "medium", 14.0, 16.0, "digest"),
    of("weight loss, %", "dark", 17.0, 20.0, "digest"),
    of("L* at colour change", "", 59.8, 65.0, "AB25, 62.4 ± 2.6"),
    of("L* at first crack", "", 27.8, 31.6, "AB25, 29.7 ± 1.9"),
];

/// Of electric drums of 1 kg. What is published of drums of any size is repeated.
#[rustfmt::skip] // A table reads better as a table.
pub(crate) const ELECTRIC: &[Published] = &[
    of("charge BT, °C", "", 160.0, 220.0, "digest"),
    of("turning point, s", "", 35.0, 75.0, "digest"),
    of("turning point BT, °C", "", 75.0, 100.0, "digest"),
    of("peak RoR, °C/min", "", 25.0, 40.0, "digest"),
    of("colour change, s", "", 180.0, 300.0, "digest"),
    of("first crack, s", "", 390.0, 540.0, "digest"),
    of("RoR at first crack, °C/min", "", 6.0, 10.0, "digest"),
    of("RoR lost in 60 s, %", "", 22.0, 58.0, "logs of a gas drum"),
    of("first crack lasts, s", "", 60.0, 150.0, "digest"),
    of("first to second crack, °C", "", 22.0, 28.0, "AB25, about 26"),
    of("first to second crack, s", "", 120.0, 360.0, "AB25"),
    of("drop BT, °C", "medium", 205.0, 220.0, "digest"),
    of("development, % of time", "", 12.0, 30.0, "digest"),
    of("drying, % of time", "", 35.0, 55.0, "digest"),
    of("Maillard, % of time", "", 25.0, 40.0, "digest"),
    of("ET − BT before charge, °C", "", -16.0, -7.0, "logs of a gas drum"),
    of("ET − BT at 2 min, °C", "", 40.0, 60.0, "logs of a gas drum"),
    of("ET − BT at first crack, °C", "", 4.0, 20.0, "logs of a gas drum"),
    of("ET − BT at drop, °C", "", -11.0, 2.0, "logs of a gas drum"),
    of("weight loss, %", "light", 11.0, 13.0, "digest"),
    of("weight loss, %", "medium", 14.0, 16.0, "digest"),
    of("weight loss, %", "dark", 17.0, 20.0, "digest"),
    of("L* at colour change", "", 59.8, 65.0, "AB25, 62.4 ± 2.6"),
    of("L* at first crack", "", 27.8, 31.6, "AB25, 29.7 ± 1.9"),
];

/// Of fluid beds of up to 0.12 kg.
#[rustfmt::skip] // A table reads better as a table.
pub(crate) const FLUID_BED: &[Published] = &[
    of("turning point, s", "", 5.0, 35.0, "DE21, set points of a program"),
    of("turning point BT, °C", "", 95.0, 130.0, "DE21, set points of a program"),
    of("peak RoR, °C/min", "", 40.0, 100.0, "digest"),
    of("colour change, s", "", 90.0, 240.0, "digest"),
    of("first crack, s", "", 210.0, 420.0, "digest"),
    of("first crack BT, °C", "", 203.0, 210.0, "digest, a naked probe"),
    of("RoR at first crack, °C/min", "", 6.0, 14.0, "digest"),
    of("first crack lasts, s", "", 42.0, 90.0, "digest"),
    of("drop BT, °C", "", 205.0, 230.0, "digest"),
    of("development, % of time", "", 12.0, 30.0, "digest"),
    of("drying, % of time", "", 35.0, 55.0, "digest"),
    of("Maillard, % of time", "", 25.0, 40.0, "digest"),
    of("ET − BT at 4 min, °C", "", -10.0, 10.0, "exhaust about BT: taken as ±10"),
    of("ET − BT at drop, °C", "", -10.0, 10.0, "exhaust about BT: taken as ±10"),
    of("weight loss, %", "light", 11.0, 13.0, "digest"),
    of("weight loss, %", "medium", 14.0, 16.0, "digest"),
    of("weight loss, %", "dark", 17.0, 20.0, "digest"),
    of("L* at colour change", "", 59.8, 65.0, "AB25, 62.4 ± 2.6"),
    of("L* at first crack", "", 27.8, 31.6, "AB25, 29.7 ± 1.9"),
];

/// Shown without a range, because none is published.
pub(crate) const UNRANGED: &[&str] = &["rebound of RoR, °C/min", "L* at second crack", "L* at drop"];

/// p10, p50, p90 over 408 real roasts of home and shop machines, from public logs.
#[rustfmt::skip] // A table reads better as a table.
pub(crate) const REAL_ROASTS: &[(&str, [f64; 3])] = &[
    ("charge BT, °C", [37.0, 153.0, 185.0]),
    ("turning point, s", [0.0, 60.0, 70.0]),
    ("turning point BT, °C", [36.0, 84.0, 117.0]),
    ("colour change, s", [226.0, 308.0, 445.0]),
    ("colour change BT, °C", [148.0, 153.0, 177.0]),
    ("first crack, s", [408.0, 495.0, 625.0]),
    ("first crack BT, °C", [175.0, 188.0, 207.0]),
    ("drop, s", [508.0, 662.0, 811.0]),
    ("drop BT, °C", [190.0, 214.0, 223.0]),
    ("development, % of time", [14.1, 24.0, 33.5]),
];
