//! The page of a backtest: how far off forecasts were, beside what roasters use, and where worst.

mod charts;
mod figures;
mod tables;
mod worst;

use trier_tables::rows::{AskedRow, BacktestRow, WorstCurveRow, WorstForecastRow, WorstRow};

use super::parts::{Fact, Tone};
use super::sections::{Block, Page, Section, Sections};
use crate::markup::shortened;
use crate::number::{maybe, maybe_percent, maybe_signed};
use figures::{Figures, Slice, TARGETS, interval, seconds};

/// What a backtest left, as the page needs it.
#[derive(Clone, Copy, Debug)]
pub struct Backtest<'a> {
    /// Predictors that were tested, in the order they were asked for; the page is about the first.
    pub tested: &'a [String],
    /// Those that roasters use today.
    pub baselines: &'a [&'a str],
    /// The forecasts asked for.
    pub asked: &'a [AskedRow],
    /// Their errors in slices.
    pub figures: &'a [BacktestRow],
    /// Where the first of `tested` is worse than the best baseline, of each target.
    pub held: &'a [Held],
    /// The worst roasts; None where the folder is of a version that kept none.
    pub worst: Option<Worst<'a>>,
}

/// How a predictor stands to the best baseline, machine by machine.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// What was forecast.
    pub target: String,
    /// Machines that have roasts enough.
    pub n_machines: usize,
    /// The machines and leads, s, where it is over 10 % worse.
    pub worse: Vec<(String, f64)>,
}

/// The roasts forecast worst.
#[derive(Clone, Copy, Debug)]
pub struct Worst<'a> {
    /// Which they are.
    pub roasts: &'a [WorstRow],
    /// What was read.
    pub curves: &'a [WorstCurveRow],
    /// What was expected.
    pub forecasts: &'a [WorstForecastRow],
}

/// The lead that is told first, s, where it was asked for.
const LEAD_S: f64 = 120.0;

/// The longest name of a predictor in a heading.
const NAME_CHARACTERS: usize = 60;

/// The page.
///
/// # Errors
/// None that is known: the page goes to memory.
pub fn page(of: &Backtest<'_>) -> Result<Page, askama::Error> {
    let figures = Figures::of(of);
    let name = of.tested.first().map_or("no predictor", String::as_str);
    let count = |names: std::collections::BTreeSet<&str>| names.len();
    let n_roasts = count(of.asked.iter().map(|row| &*row.source).collect());
    let n_machines = count(of.asked.iter().map(|row| &*row.machine).collect());
    let others = match of.tested.get(1..).unwrap_or_default() {
        [] => String::new(),
        others => format!(" Tested besides: {}.", others.join(", ")),
    };
    let lead = format!(
        "{n_roasts} recorded roasts of {n_machines} machines, each forecast from what came before it and from \
         earlier roasts of its machine.{others} Baselines: {}.",
        of.baselines.join(", ")
    );
    let title = format!("How far off {} is", shortened(name, NAME_CHARACTERS));
    let mut sections: Vec<Section> =
        TARGETS.iter().filter_map(|target| section(of, &figures.slice(target)?)).collect();
    sections.push(how_to_read());
    let footer = "Made from the tables backtest, asked and worst that sim backtest --out wrote; docs/tables.md says \
                  what their columns hold. Errors are forecast minus what happened.";
    Sections::page([&title, "backtest", &lead, footer], &sections)
}

/// All about one target; None where nothing was asked about it.
fn section(of: &Backtest<'_>, slice: &Slice<'_>) -> Option<Section> {
    let name = of.tested.first()?;
    let mut blocks = vec![first_word(slice, name), Block::Facts(facts(of, slice, name))];
    blocks.push(Block::Figures {
        class: "pair",
        figures: vec![
            charts::errors(slice),
            charts::coverage(slice),
            charts::widths(slice),
            charts::learning(slice),
        ],
    });
    blocks.push(Block::Table(tables::overall(slice)));
    blocks.push(Block::Heading("Machine by machine".to_owned()));
    blocks.push(Block::Text(beside(of, slice, name)));
    blocks.extend(
        charts::beside(slice).map(|figure| Block::Figures { class: "single", figures: vec![figure] }),
    );
    let machines = charts::machines(slice);
    if !machines.is_empty() {
        blocks.push(Block::Figures { class: "panels", figures: machines });
        let summary = "The same in numbers".to_owned();
        blocks.push(Block::Folded { summary, table: tables::machines(slice) });
    }
    blocks.extend(charts::regimes(slice).into_iter().flat_map(|figure| {
        let heading = Block::Heading("Early and late in the roast".to_owned());
        [heading, Block::Figures { class: "single", figures: vec![figure] }]
    }));
    blocks.push(Block::Heading("The worst roasts".to_owned()));
    blocks.extend(worst::blocks(of.worst, slice));
    Some(Section { id: slice.target.id.to_owned(), name: slice.target.heading.to_owned(), blocks })
}

/// What a manager asks for: is it better than what there is.
fn first_word(slice: &Slice<'_>, name: &str) -> Block {
    let lead_s = slice.lead_s(LEAD_S);
    let Some((row, mae_s)) = slice.all(lead_s, name).and_then(|row| Some((row, row.mae_s?))) else {
        return Block::Strip {
            tone: Tone::Warn,
            word: "Nothing to judge by".to_owned(),
            text: format!("{name} said no time {} before {}.", seconds(lead_s), slice.target.event),
        };
    };
    let best = row.best_baseline.as_deref();
    let (tone, word) = match (best, row.difference_low_s.zip(row.difference_high_s)) {
        (Some(best), Some((_, high))) if high < 0.0 => (Tone::Pass, format!("Nearer than {best}")),
        (Some(best), Some((low, _))) if low > 0.0 => (Tone::Fail, format!("Farther off than {best}")),
        (Some(best), Some(_)) => (Tone::Warn, format!("No clear difference to {best}")),
        (Some(_), None) => (Tone::Warn, "Too few machines to tell".to_owned()),
        (None, _) => (Tone::Warn, "No baseline said a time".to_owned()),
    };
    let mut text = format!(
        "{} before {}, with {}, {name} was off by {} in the mean of {} forecasts{}",
        seconds(lead_s),
        slice.target.event,
        slice.known(),
        maybe(Some(mae_s), "s"),
        row.n_scored,
        interval(row.mae_low_s, row.mae_high_s, ", 95 % of such means within "),
    );
    if let Some(best) = best {
        text += &format!(
            ". Beside {best}, the best of the baselines there with {}, that is {}{}",
            maybe(row.baseline_mae_s, "s"),
            maybe_signed(row.difference_s, "s"),
            interval(row.difference_low_s, row.difference_high_s, ", 95 % interval "),
        );
    }
    Block::Strip { tone, word, text: text + "." }
}

fn facts(of: &Backtest<'_>, slice: &Slice<'_>, name: &str) -> Vec<Fact> {
    let lead_s = slice.lead_s(LEAD_S);
    let Some(row) = slice.all(lead_s, name) else { return vec![] };
    let fact = |name: &str, value: String, note: String| Fact {
        name: name.to_owned(),
        value,
        note,
        tone: Tone::Plain,
    };
    let before = format!("{} before", seconds(lead_s));
    let naive = row.naive_width_90_s.map_or_else(String::new, |width_s| {
        format!(
            "as good a one about {} is {} wide",
            row.best_baseline.as_deref().unwrap_or("a baseline"),
            maybe(Some(width_s), "s")
        )
    });
    let mut facts = vec![
        fact("Off in the mean", maybe(row.mae_s, "s"), before),
        fact("Nine of ten within", maybe(row.p90_s, "s"), "of the event".to_owned()),
        fact("Bias", maybe_signed(row.bias_s, "s"), "+ is forecast too late".to_owned()),
        fact("90 % interval held", maybe_percent(row.coverage_90), format!("of {} events", row.n_scored)),
        fact("90 % interval wide", maybe(row.width_90_s, "s"), naive),
        fact(
            "Would not say",
            format!("{} of {}", row.n_abstained, row.n_asked),
            "forecasts asked for".to_owned(),
        ),
    ];
    if let Some(held) = of.held.iter().find(|held| held.target == slice.target.name) {
        let (value, tone) = match held.worse.len() {
            0 => ("nowhere".to_owned(), Tone::Pass),
            1 => ("at 1 lead".to_owned(), Tone::Fail),
            n => (format!("at {n} leads"), Tone::Fail),
        };
        let note = format!("by over 10 %, on {} machines with ten roasts or more", held.n_machines);
        let (value, tone) =
            if held.n_machines == 0 { ("unknown".to_owned(), Tone::Warn) } else { (value, tone) };
        facts.push(Fact { name: "Worse than baselines".to_owned(), value, note, tone });
    }
    facts
}

/// Where it is worse than the best baseline, in a sentence.
fn beside(of: &Backtest<'_>, slice: &Slice<'_>, name: &str) -> String {
    let Some(held) = of.held.iter().find(|held| held.target == slice.target.name) else {
        return String::new();
    };
    if held.n_machines == 0 {
        return "No machine has ten roasts, three of them earlier, so none is held against baselines."
            .to_owned();
    }
    if held.worse.is_empty() {
        return format!(
            "{name} is nowhere over 10 % worse than the best baseline, on {} machines with ten roasts or more.",
            held.n_machines
        );
    }
    let at: Vec<String> =
        held.worse.iter().map(|(machine, lead_s)| format!("{machine} {} before", seconds(*lead_s))).collect();
    format!(
        "{name} is over 10 % worse than the best baseline on {}; {} machines have ten roasts or more.",
        at.join(", "),
        held.n_machines
    )
}

fn how_to_read() -> Section {
    let texts = [
        "Each roast was played back as it happened: a predictor saw what had been read until then and those \
         earlier roasts of the machine that had ended, never the end of this one.",
        "A mean absolute error is over roasts; its interval draws whole machines, or whole days of one machine, \
         anew, and stands only where there are six of them or more.",
        "A 90 % interval is honest where nine of ten events lie in it, and good where it is narrow besides. The \
         naive interval is the same width about the best baseline at every roast, just as wide as it must be to \
         hold as many events.",
    ];
    let blocks = texts.map(|text| Block::Text(text.to_owned())).into();
    Section { id: "how-to-read".to_owned(), name: "How to read this".to_owned(), blocks }
}
