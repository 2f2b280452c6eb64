//! Keys that shipped files mostly leave out: laws, door, radiation, instruments and their wear, hands, spreads
//! of units, days and lots, controllers, and days of several roasts.

use std::fmt::Write;

use crate::case::{Change, Reach, change, number};
use crate::draw::Draw;

/// What optional keys must know of a family: air, kg/s; wall to beans, W/K; and when a curve of BT may begin and
/// end, s.
struct Scale {
    flow_kg_s: f64,
    wall_to_beans_w_k: f64,
    curve_s: (f64, f64),
}

/// In the order of [`crate::case::FAMILIES`].
const SCALES: [Scale; 4] = [
    Scale { flow_kg_s: 0.024, wall_to_beans_w_k: 56.0, curve_s: (90.0, 780.0) },
    Scale { flow_kg_s: 0.12, wall_to_beans_w_k: 235.0, curve_s: (100.0, 860.0) },
    Scale { flow_kg_s: 0.0024, wall_to_beans_w_k: 7.5, curve_s: (60.0, 700.0) },
    Scale { flow_kg_s: 0.0062, wall_to_beans_w_k: 0.12, curve_s: (30.0, 420.0) },
];

/// Draws values of one table, near or far.
struct Put<'a> {
    draw: &'a mut Draw,
    reach: Reach,
    table: &'static str,
    all: Vec<Change>,
}

impl Put<'_> {
    fn value(&mut self, near: (f64, f64), far: (f64, f64)) -> f64 {
        let (low, high) = if self.reach == Reach::Near { near } else { far };
        self.draw.between(low, high)
    }

    fn number(&mut self, key: &str, near: (f64, f64), far: (f64, f64)) {
        let value = self.value(near, far);
        self.say(key, number(value));
    }

    fn say(&mut self, key: &str, value: impl Into<String>) {
        self.all.push(change(self.table, key, value.into()));
    }

    /// One in three: each of these is off more often than on.
    fn on(&mut self) -> bool {
        self.draw.one_in(3)
    }
}

/// Optional keys for a machine of `family` whose display refreshes every `interval_s`.
pub(crate) fn changes(draw: &mut Draw, reach: Reach, family: usize, interval_s: f64) -> Vec<Change> {
    let mut put = Put { draw, reach, table: "machine_overrides", all: Vec::new() };
    let scale = &SCALES[family];
    plant(&mut put, scale);
    sampling(&mut put, interval_s);
    for probe in ["bt", "et", "inlet", "drum"] {
        if put.on() {
            instrument(&mut put, probe);
        }
    }
    units(&mut put);
    put.table = "beans_overrides";
    laws(&mut put);
    lots(&mut put);
    put.table = "operator";
    hands(&mut put);
    put.table = "recipe_overrides";
    ends(&mut put);
    if put.on() {
        follow(&mut put, scale.curve_s);
    }
    put.all
}

fn plant(put: &mut Put<'_>, scale: &Scale) {
    if put.on() {
        put.number("door.air_kg_s", (0.0, 0.5 * scale.flow_kg_s), (0.0, 10.0 * scale.flow_kg_s));
        put.number("door.open_s", (0.0, 10.0), (0.0, 60.0));
    }
    if put.on() {
        // 4·σ·T³ of the same size as the contact's conductance, at about 500 K.
        let like_contact = scale.wall_to_beans_w_k / 5e8;
        put.number("bodies.radiant_w_k4", (0.0, 0.4 * like_contact), (0.0, 3.0 * like_contact));
    }
    if put.on() {
        put.number("bodies.speed_exponent", (0.1, 0.6), (0.0, 2.0));
    }
    if put.on() {
        put.number("tray.lag_s", (45.0, 90.0), (5.0, 3600.0));
    }
}

fn sampling(put: &mut Put<'_>, interval_s: f64) {
    if put.on() {
        put.number("probes.jitter_s", (0.0, 0.2 * interval_s), (0.0, 0.45 * interval_s));
    }
    if put.on() {
        put.number("probes.missing_share", (0.0, 0.1), (0.0, 0.9));
    }
    if put.on() {
        let batches = put.value((0.0, 100.0), (0.0, 1e4)).round();
        put.say("probes.batches_since_cleaning", format!("{batches:.0}"));
        put.number("probes.days_since_reference", (0.0, 30.0), (0.0, 3650.0));
    }
    if put.on() {
        put.say("door_switch", "false");
    }
    if put.on() {
        put.number("microphone.audible_share", (0.05, 0.4), (0.0, 1.0));
        put.number("microphone.background_per_s", (0.0, 0.2), (0.0, 100.0));
        put.number("microphone.dead_time_s", (0.0, 0.2), (0.0, 10.0));
    }
}

fn instrument(put: &mut Put<'_>, probe: &str) {
    let key = |name: &str| format!("probes.{probe}.{name}");
    if matches!(probe, "bt" | "drum") && put.on() {
        put.say(&key("kind"), "\"infrared\"");
        put.number(&key("emissivity"), (0.9, 1.0), (0.3, 1.0));
    }
    put.number(&key("second_lag_s"), (0.0, 5.0), (0.0, 300.0));
    put.number(&key("stem_share"), (0.0, 0.05), (0.0, 0.5));
    put.number(&key("bias_c"), (-2.0, 2.0), (-50.0, 50.0));
    put.number(&key("wear.drift_c_per_day"), (0.0, 0.1), (0.0, 10.0));
    put.number(&key("wear.drift_c_per_batch"), (-0.01, 0.01), (-1.0, 1.0));
    put.number(&key("wear.fouling_share_per_batch"), (0.0, 0.002), (0.0, 1.0));
}

fn units(put: &mut Put<'_>) {
    if put.on() {
        put.number("day_spread.ambient_c", (0.0, 5.0), (0.0, 10.0));
        put.number("day_spread.calorific_share", (0.0, 0.03), (0.0, 0.2));
    }
    if put.on() {
        for key in ["air_to_beans_share", "wall_to_beans_share", "wall_heat_share", "bt_lag_share"] {
            put.number(&format!("unit_spread.{key}"), (0.0, 0.05), (0.0, 0.2));
        }
        put.number("unit_spread.bt_bias_c", (0.0, 2.0), (0.0, 20.0));
    }
}

fn laws(put: &mut Put<'_>) {
    if put.on() {
        put.say("laws.heat_capacity", "\"wet-basis\"");
    }
    if put.on() {
        let order = put.value((1.7, 2.3), (1.0, 3.0));
        let fastest = 0.05 * trier_roast::math::pow(4.0, order - 1.0);
        put.say("laws.drying", "\"arrhenius\"");
        put.say("laws.drying_order", number(order));
        put.number("laws.drying_rate_per_s", (0.04, 0.12), (1e-5, fastest));
        put.number("laws.drying_activation_k", (8000.0, 12_000.0), (1000.0, 15_000.0));
    }
    if put.on() {
        put.say("laws.reaction", "\"endo-exo\"");
        put.number("laws.reaction_endotherm_kj_kg", (0.0, 120.0), (0.0, 200.0));
    }
}

fn lots(put: &mut Put<'_>) {
    if put.on() {
        put.number("density_g_l", (600.0, 800.0), (400.0, 900.0));
        put.number("spread.altitude_m", (0.0, 200.0), (0.0, 1000.0));
        put.number("spread.density_g_l", (0.0, 20.0), (0.0, 100.0));
        put.number("spread.moisture_wet_pct", (0.0, 0.7), (0.0, 3.0));
        put.number("spread.bean_diameter_mm", (0.0, 0.2), (0.0, 1.0));
        put.number("spread.first_crack_c", (0.0, 2.0), (0.0, 10.0));
        put.number("spread.first_crack_sd_share", (0.0, 0.1), (0.0, 0.5));
        put.number("spread.first_crack_c_per_g_l", (0.0, 0.05), (-0.2, 0.2));
    }
}

fn hands(put: &mut Put<'_>) {
    if put.on() {
        let least_s = put.value((0.0, 2.0), (0.0, 30.0));
        put.say("reaction_s_min", number(least_s));
        put.number("reaction_s_max", (2.0, 5.0), (30.0, 60.0));
        put.number("forgets_share", (0.0, 0.3), (0.0, 1.0));
    }
    if put.on() {
        put.number("control_delay_s_min", (0.0, 2.0), (0.0, 30.0));
        put.number("control_delay_s_max", (2.0, 4.0), (30.0, 60.0));
        put.number("gas_error_pct", (0.0, 1.5), (0.0, 20.0));
    }
}

fn ends(put: &mut Put<'_>) {
    if put.on() {
        put.number("after_drop.gas_pct", (0.0, 30.0), (0.0, 100.0));
        put.number("after_drop.air_pct", (40.0, 80.0), (0.0, 100.0));
        put.number("after_drop.drum_pct", (80.0, 120.0), (10.0, 200.0));
    }
    if put.on() {
        // Whichever comes first: BT, or a clock that may be early.
        put.number("drop.at_s", (700.0, 900.0), (0.25, 900.0));
    }
}

/// A controller, and a curve for it that falls in slope where near, and does anything where far.
fn follow(put: &mut Put<'_>, (from_s, to_s): (f64, f64)) {
    let (low_c, high_c) = (put.value((80.0, 95.0), (20.0, 260.0)), put.value((216.0, 226.0), (20.0, 260.0)));
    let power = put.value((1.6, 2.2), (0.2, 5.0));
    let stretch = put.value((0.9, 1.1), (0.1, 5.0));
    let mut curve = String::from("[");
    for i in 0..=20_u32 {
        let share = f64::from(i) / 20.0;
        let at_s = stretch * (from_s + share * (to_s - from_s));
        let bt_c = low_c + (high_c - low_c) * (1.0 - trier_roast::math::pow(1.0 - share, power));
        write!(curve, "{{ at_s = {at_s:?}, bt_c = {bt_c:?} }}, ").expect("to memory");
    }
    put.say("follow.curve", curve + "]");
    put.number("follow.gain_pct_per_c", (1.0, 4.0), (0.0, 50.0));
    put.number("follow.integral_s", (100.0, 400.0), (0.0, 3600.0));
    put.number("follow.derivative_s", (0.0, 50.0), (0.0, 300.0));
    put.number("follow.gas_pct_min", (0.0, 10.0), (0.0, 50.0));
    put.number("follow.gas_pct_max", (90.0, 100.0), (50.0, 100.0));
    put.number("follow.gas_pct_per_s_max", (0.5, 3.0), (0.01, 100.0));
    if put.reach == Reach::Far && put.on() {
        put.number("follow.from_s", (0.0, 0.0), (0.0, 600.0));
    }
}

/// A day of two or three roasts, from a warm machine where near, and from any where far.
pub(crate) fn day(draw: &mut Draw, reach: Reach) -> Vec<Change> {
    let roasts = 2 + draw.bits() % 2;
    let mut put = Put { draw, reach, table: "day", all: Vec::new() };
    let grid = |s: f64| number(s.round());
    put.say("roasts", roasts.to_string());
    if put.reach == Reach::Far && put.on() {
        let preheat_s = put.value((0.0, 0.0), (60.0, 3600.0));
        put.say("preheat_s", grid(preheat_s));
        put.number("preheat_gas_pct", (0.0, 0.0), (0.0, 100.0));
        put.number("preheat_air_pct", (0.0, 0.0), (0.0, 100.0));
    }
    let pause_s = put.value((100.0, 300.0), (31.0, 600.0)).round();
    let most_s = pause_s + put.value((0.0, 600.0), (0.0, 1200.0));
    put.say("pause_s", number(pause_s));
    put.say("pause_s_max", grid(most_s));
    if put.on() {
        put.number("charge_bt_c", (190.0, 230.0), (20.0, 400.0));
    }
    put.all
}
