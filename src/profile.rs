//! `sim profile`: a library of profiles, each in versions that never change.

mod convert;
mod library;

use std::path::{Path, PathBuf};

use serde_json::json;
use trier_logs::ExportFormat;
use trier_pipeline::records::{Profile, diff, digest};
use trier_reports::terminal::{Align, clean, table};
use trier_tables::RunFolder;

use crate::exit::Exit;
use crate::output::{self, Failure};
use library::{Library, Named};

#[derive(clap::Args)]
#[command(after_help = "Examples:
  sim profile import roast.alog --name house-blend --author Ana
  sim profile import hotter.toml --base 1 --author Ben
  sim profile list
  sim profile show house-blend@1
  sim profile diff house-blend@1 house-blend@2
  sim profile diff house-blend todays-roast.alog
  sim profile export house-blend --format alog --out out/background

A profile is named as name, its newest version, or as name@version; diff also takes files, of profiles and of
roasts in any format that sim import reads. What a profile holds is in docs/records.md.")]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
    /// The folder that holds the profiles, one folder each
    #[arg(long, value_name = "DIR", default_value = "profiles", global = true)]
    library: PathBuf,
    /// Print JSON Lines instead
    #[arg(long, global = true)]
    json: bool,
}

#[derive(clap::Subcommand)]
enum Verb {
    /// Keep a roast or a profile's file as a new version
    Import(Import),
    /// Write a profile as a file that Artisan opens as a background, or as its own file
    Export(Export),
    /// List the profiles there are
    List,
    /// Print a profile
    Show {
        /// Name, or name@version
        profile: String,
    },
    /// Say what differs between two
    Diff {
        /// Name, name@version, or a file
        from: String,
        /// Name, name@version, or a file
        to: String,
    },
}

#[derive(clap::Args)]
struct Import {
    /// A recorded roast in any format that is known, or a profile's file (.toml)
    file: PathBuf,
    /// The profile's name [default: what its file says]
    #[arg(long)]
    name: Option<String>,
    /// Who makes this version
    #[arg(long)]
    author: String,
    /// The version that this one follows; 0 for a new profile
    #[arg(long, value_name = "VERSION", default_value_t = 0)]
    base: u32,
    /// What it is for, or what is new
    #[arg(long)]
    note: Option<String>,
    /// The lot that it is for
    #[arg(long)]
    bean: Option<String>,
    /// The machine that it is for [default: the folder that the log lies in]
    #[arg(long)]
    machine: Option<String>,
}

#[derive(clap::Args)]
struct Export {
    /// Name, or name@version
    profile: String,
    /// What to write, several parted by commas: toml, alog, json, csv
    #[arg(long, required = true, value_delimiter = ',')]
    format: Vec<Format>,
    /// Folder to write to; it must not be there or be empty
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Toml,
    Alog,
    Json,
    Csv,
}

/// Does the verb's work.
pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let library = Library::at(&args.library);
    match &args.verb {
        Verb::Import(import) => keep(args, &library, import)?,
        Verb::Export(export) => write(&library, export)?,
        Verb::List => return list(args, &library),
        Verb::Show { profile } => show(args, &library.named(profile)?),
        Verb::Diff { from, to } => tell(args, &any(&library, from)?, &any(&library, to)?),
    }
    Ok(Exit::OK)
}

/// A profile out of the library, or of a file.
fn any(library: &Library, name: &str) -> Result<Profile, Failure> {
    let path = Path::new(name);
    if path.is_file() { of_file(path, "roast", "nobody", None) } else { Ok(library.named(name)?.profile) }
}

/// The profile that a file is or, if it is a roast's log, asks for.
pub(crate) fn of_file(
    path: &Path,
    name: &str,
    author: &str,
    machine: Option<&str>,
) -> Result<Profile, Failure> {
    if !path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("toml")) {
        return convert::of_log(path, name, author, machine);
    }
    let text = crate::recorded::bytes_of(path).and_then(|b| String::from_utf8(b).map_err(|e| e.to_string()));
    let unread = |why: String| Failure::usage(format!("cannot read {}: {why}", path.display()));
    Profile::parse(&text.map_err(unread)?)
        .map_err(|error| Failure::usage(format!("{}: {}", path.display(), output::chain(&error))))
}

fn keep(args: &Args, library: &Library, import: &Import) -> Result<(), Failure> {
    let name = import.name.clone().unwrap_or_else(|| "unnamed".to_owned());
    let mut profile = of_file(&import.file, &name, &import.author, import.machine.as_deref())?;
    profile.author.clone_from(&import.author);
    for (asked, kept) in [(&import.bean, &mut profile.bean), (&import.machine, &mut profile.machine)] {
        if asked.is_some() {
            kept.clone_from(asked);
        }
    }
    if let Some(note) = &import.note {
        profile.note.clone_from(note);
    }
    if let Some(name) = &import.name {
        profile.name.clone_from(name);
    } else if profile.name == "unnamed" {
        return Err(Failure::usage("a roast has no profile's name\nhint: give it one with --name"));
    }
    let Named { profile, place, .. } = library.keep(&profile, import.base)?;
    let counts = [profile.targets.len(), profile.curve.t_s.len(), profile.controls.len()];
    output::result(&if args.json {
        json!({ "table": "profiles", "name": profile.name, "version": profile.version, "author": profile.author,
            "file": place.display().to_string() })
        .to_string()
    } else {
        let [targets, points, steps] = counts;
        format!("{}@{}: {targets} targets, {points} points, {steps} steps", profile.name, profile.version)
    });
    output::prose(&format!("written to {}", place.display()));
    Ok(())
}

fn write(library: &Library, export: &Export) -> Result<(), Failure> {
    let mut folder = RunFolder::create(&export.out)?;
    let Named { profile, text, .. } = library.named(&export.profile)?;
    let log = convert::to_log(&profile);
    let mut files = Vec::new();
    for format in &export.format {
        let (ending, text) = match format {
            Format::Toml => ("toml", text.clone()),
            Format::Alog => {
                ("alog", trier_logs::write(log.as_ref().map_err(Clone::clone)?, ExportFormat::Alog))
            }
            Format::Json => {
                ("json", trier_logs::write(log.as_ref().map_err(Clone::clone)?, ExportFormat::Json))
            }
            Format::Csv => ("csv", trier_logs::write(log.as_ref().map_err(Clone::clone)?, ExportFormat::Csv)),
        };
        let file = format!("{}-{}.{ending}", profile.name, profile.version);
        folder.write_file(&file, text.as_bytes())?;
        files.push(file);
    }
    let place = folder.commit()?;
    files.iter().for_each(|file| output::result(file));
    output::prose(&format!("written to {}", place.display()));
    Ok(())
}

fn list(args: &Args, library: &Library) -> Result<Exit, Failure> {
    let newest = library.newest()?;
    if newest.is_empty() {
        output::prose(&format!("nothing to list: {} holds no profile", args.library.display()));
        return Ok(Exit::NOTHING_SELECTED);
    }
    if args.json {
        for Named { profile, .. } in &newest {
            let line = json!({ "table": "profiles", "name": profile.name, "version": profile.version,
                "author": profile.author, "bean": profile.bean, "machine": profile.machine, "note": profile.note });
            output::result(&line.to_string());
        }
        return Ok(Exit::OK);
    }
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let row = |Named { profile, .. }: &Named| {
        let note = profile.note.lines().next().unwrap_or_default().to_owned();
        let (name, version) = (profile.name.clone(), profile.version.to_string());
        vec![name, version, profile.author.clone(), text(&profile.bean), text(&profile.machine), note]
    };
    let rows: Vec<Vec<String>> = newest.iter().map(row).collect();
    let aligns = [Align::Left, Align::Right, Align::Left, Align::Left, Align::Left, Align::Left];
    let headers = ["name", "version", "author", "bean", "machine", "note"];
    output::result(table(&headers, &rows, &aligns).trim_end());
    Ok(Exit::OK)
}

fn show(args: &Args, named: &Named) {
    let digest = digest(named.text.as_bytes());
    output::result(&if args.json {
        json!({ "table": "profiles", "digest": digest, "profile": named.profile }).to_string()
    } else {
        format!(
            "# {}, digest {digest}\n\n{}",
            clean(&named.place.display().to_string()),
            named.text.trim_end()
        )
    });
}

fn tell(args: &Args, from: &Profile, to: &Profile) {
    let changes = diff(from, to);
    if changes.is_empty() {
        output::prose("they ask for the same");
    }
    for change in changes {
        output::result(&if args.json {
            json!({ "table": "changes", "change": change.to_string() }).to_string()
        } else {
            clean(&change.to_string())
        });
    }
}
