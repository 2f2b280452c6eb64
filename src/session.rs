//! `sim session`: what people say of sealed sessions, each word a revision of its own.

pub(crate) mod book;

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::{Value, json};
use trier_pipeline::records::{Colour, Defect, Edit, Qc, Reviewed};
use trier_reports::terminal::{Align, clean, table};

use crate::exit::Exit;
use crate::output::{self, Failure};
use book::Book;

#[derive(clap::Args)]
#[command(after_help = "Examples:
  sim session list out/mine
  sim session show out/mine S-af63dc4c8601ec8c-20260104T092000000Z
  sim session qc out/mine S-af63 --author Ana --green-kg 6 --roasted-kg 5.1 --score 86.5 --defect baked
  sim session mark out/mine S-af63 first_crack_start --at 512 --author Ana --reason \"pressed late\"
  sim session correct out/mine S-af63 --bean guji-2026 --author Ben
  sim session discard out/mine S-af63 --author Ben --reason \"test with old beans\"

A session is named by its id or by as much of its beginning as no other has. Nothing that was said is ever changed
or deleted: see docs/records.md.")]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
    /// Print JSON Lines instead
    #[arg(long, global = true)]
    json: bool,
}

#[derive(clap::Subcommand)]
enum Verb {
    /// List sessions as they stand after all that was said
    List {
        /// A folder that sim run, sim import or sim ingest wrote
        run: PathBuf,
        /// Those that were discarded too
        #[arg(long)]
        all: bool,
    },
    /// Print a session and all that was said of it
    Show {
        #[command(flatten)]
        which: Which,
    },
    /// Say what was weighed, measured and tasted
    Qc {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        said: Said,
        #[command(flatten)]
        qc: Measured,
    },
    /// Put a mark where it truly was, or say that it never was
    Mark {
        #[command(flatten)]
        which: Which,
        /// charge, turning_point, dry_end, first_crack_start or drop
        mark: String,
        /// When, s since charge as it stands
        #[arg(long, value_name = "S", required_unless_present = "never", allow_negative_numbers = true)]
        at: Option<f64>,
        /// It never happened
        #[arg(long, conflicts_with = "at")]
        never: bool,
        #[command(flatten)]
        said: Said,
    },
    /// Say that it was another bean, profile or machine
    Correct {
        #[command(flatten)]
        which: Which,
        /// The lot
        #[arg(long)]
        bean: Option<String>,
        /// The profile, as name or name@version
        #[arg(long)]
        profile: Option<String>,
        /// The machine
        #[arg(long)]
        machine: Option<String>,
        #[command(flatten)]
        said: Said,
    },
    /// Have it neither shown nor counted; nothing is deleted
    Discard {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        said: Said,
    },
    /// Have it shown and counted again
    Restore {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        said: Said,
    },
}

#[derive(clap::Args)]
struct Which {
    /// A folder that sim run, sim import or sim ingest wrote
    run: PathBuf,
    /// The session's id, or its beginning
    id: String,
}

#[derive(clap::Args)]
struct Said {
    /// Who says so
    #[arg(long)]
    author: String,
    /// Why
    #[arg(long, default_value = "")]
    reason: String,
    /// The revision you have seen; refused if there is a newer one [default: the newest]
    #[arg(long, value_name = "REVISION")]
    base: Option<u32>,
}

#[derive(clap::Args)]
struct Measured {
    /// Green beans put in, kg
    #[arg(long, value_name = "KG")]
    green_kg: Option<f64>,
    /// Roasted beans taken out, kg
    #[arg(long, value_name = "KG")]
    roasted_kg: Option<f64>,
    /// Water in the green beans, %
    #[arg(long, value_name = "PCT")]
    green_moisture: Option<f64>,
    /// Water in the roasted beans, %
    #[arg(long, value_name = "PCT")]
    roasted_moisture: Option<f64>,
    /// Colour of whole beans, Agtron Gourmet
    #[arg(long, value_name = "AGTRON")]
    whole_colour: Option<f64>,
    /// Colour of ground coffee, Agtron Gourmet
    #[arg(long, value_name = "AGTRON")]
    ground_colour: Option<f64>,
    /// Points in the cup, 0 to 100
    #[arg(long, value_name = "POINTS")]
    score: Option<f64>,
    /// A fault found: baked, scorched, underdeveloped, tipped, quakers, smokey, astringent, bitter, sour or flat
    #[arg(long, value_name = "DEFECT", value_parser = parse_defect)]
    defect: Vec<Defect>,
    /// What else there is to say
    #[arg(long, default_value = "")]
    note: String,
}

fn parse_defect(text: &str) -> Result<Defect, String> {
    Defect::from_name(text).ok_or_else(|| {
        let known = Defect::ALL.map(|defect| defect.name().to_lowercase()).join(", ");
        format!("{text:?} is no defect; there are {known}")
    })
}

/// Does the verb's work.
pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    match &args.verb {
        Verb::List { run, all } => return list(args, run, *all),
        Verb::Show { which } => show(args, which)?,
        Verb::Qc { which, said, qc } => say(args, which, said, |_, _| Ok(Edit::Qc(qc.record())))?,
        Verb::Mark { which, mark, at, said, .. } => say(args, which, said, |book, id| {
            let at_us = at.map(|at_s| book.instant(id, at_s)).transpose()?;
            let bt_c = at_us.map(|at_us| book.bt_at_c(id, at_us)).transpose()?.flatten();
            Ok(Edit::Mark { mark: mark.clone(), at_us, bt_c })
        })?,
        Verb::Correct { which, bean, profile, machine, said } => {
            let (bean, profile, machine) = (bean.clone(), profile.clone(), machine.clone());
            say(args, which, said, |_, _| Ok(Edit::Correct { bean, profile, machine }))?;
        }
        Verb::Discard { which, said } => say(args, which, said, |_, _| Ok(Edit::Discard))?,
        Verb::Restore { which, said } => say(args, which, said, |_, _| Ok(Edit::Restore))?,
    }
    Ok(Exit::OK)
}

impl Measured {
    fn record(&self) -> Qc {
        Qc {
            green_kg: self.green_kg,
            roasted_kg: self.roasted_kg,
            green_moisture_pct: self.green_moisture,
            roasted_moisture_pct: self.roasted_moisture,
            cupping_score: self.score,
            defects: self.defect.iter().copied().collect::<BTreeSet<_>>(),
            note: self.note.clone(),
            colour: Colour { whole_agtron: self.whole_colour, ground_agtron: self.ground_colour },
        }
    }
}

/// Keeps what is said as the session's next revision.
fn say(
    args: &Args,
    which: &Which,
    said: &Said,
    edit: impl FnOnce(&Book, &str) -> Result<Edit, Failure>,
) -> Result<(), Failure> {
    let book = Book::open(&which.run)?;
    let id = book.id(&which.id)?;
    // What is worked out from the session holds for the revision that it was worked out from.
    let base = said.base.map_or_else(|| book.history(&id).map(|history| history.newest()), Ok)?;
    let edit = edit(&book, &id)?;
    let reviewed = book.say(&id, base, (&said.author, &said.reason), edit)?;
    let revision = reviewed.row.revision;
    output::result(&if args.json {
        line(&reviewed).to_string()
    } else {
        format!("{}: revision {revision} by {}", clean(&reviewed.row.session_id), clean(&said.author))
    });
    Ok(())
}

fn line(reviewed: &Reviewed) -> Value {
    let Reviewed { row, qc, bean, profile, is_discarded, placed_by } = reviewed;
    json!({
        "table": "reviewed", "session_id": &*row.session_id, "revision": row.revision, "machine": &*row.machine,
        "source": &*row.source, "outcome": &*row.outcome, "start_us": row.start_us, "end_us": row.end_us,
        "turning_point_s": row.turning_point_s, "dry_end_s": row.dry_end_s, "first_crack_s": row.first_crack_s,
        "first_crack_bt_c": row.first_crack_bt_c, "drop_s": row.drop_s, "drop_bt_c": row.drop_bt_c,
        "development_ratio": row.development_ratio, "grade": &*row.grade, "trust": &*row.trust,
        "weight_loss_pct": qc.as_ref().and_then(Qc::weight_loss_pct), "qc": qc, "bean": bean, "profile": profile,
        "discarded": is_discarded, "placed_by": placed_by,
    })
}

fn list(args: &Args, run: &std::path::Path, all: bool) -> Result<Exit, Failure> {
    let book = Book::open(run)?;
    let reviewed = book.all()?;
    let shown: Vec<&Reviewed> = reviewed.iter().filter(|session| all || !session.is_discarded).collect();
    let hidden = reviewed.len() - shown.len();
    if shown.is_empty() {
        output::prose(&format!("nothing to list: {hidden} discarded sessions, and no other"));
        return Ok(Exit::NOTHING_SELECTED);
    }
    if args.json {
        shown.iter().for_each(|session| output::result(&line(session).to_string()));
        return Ok(Exit::OK);
    }
    let number = |value: Option<f64>| value.map_or_else(String::new, |value| format!("{value:.1}"));
    let rows: Vec<Vec<String>> = shown
        .iter()
        .map(|Reviewed { row, qc, bean, is_discarded, .. }| {
            let outcome = if *is_discarded { "discarded" } else { &*row.outcome };
            let qc = qc.as_ref();
            vec![
                row.session_id.to_string(),
                row.revision.to_string(),
                row.machine.to_string(),
                bean.clone().unwrap_or_default(),
                outcome.to_owned(),
                number(row.first_crack_s),
                number(row.drop_s),
                number(qc.and_then(Qc::weight_loss_pct)),
                number(qc.and_then(|qc| qc.cupping_score)),
            ]
        })
        .collect();
    let headers = ["session", "rev", "machine", "bean", "outcome", "crack s", "drop s", "loss %", "score"];
    let (left, right) = (Align::Left, Align::Right);
    let aligns = [left, right, left, left, left, right, right, right, right];
    output::result(table(&headers, &rows, &aligns).trim_end());
    if hidden > 0 {
        output::prose(&format!("{hidden} discarded; --all shows them"));
    }
    Ok(Exit::OK)
}

fn show(args: &Args, which: &Which) -> Result<(), Failure> {
    let book = Book::open(&which.run)?;
    let id = book.id(&which.id)?;
    let history = book.history(&id)?;
    output::result(&if args.json {
        let mut line = line(&history.reviewed());
        line["revisions"] = json!(history.edits());
        line.to_string()
    } else {
        format!("{:#}", line(&history.reviewed()))
    });
    if !args.json {
        for revision in history.edits() {
            output::result(&format!(
                "\n# revision {}\n{}",
                revision.revision,
                clean_lines(&revision.to_toml())
            ));
        }
    }
    Ok(())
}

/// Text of several lines without what would move a terminal's cursor.
fn clean_lines(text: &str) -> String {
    text.trim_end().lines().map(clean).collect::<Vec<_>>().join("\n")
}
