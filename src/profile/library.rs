//! The library: a folder for each profile, a file for each version, and what shows that none was changed.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use trier_pipeline::records::{Profile, digest};

use crate::output::{self, Failure};
use crate::shelf::{Shelf, Taken};

/// A version as it is kept.
pub(super) struct Named {
    pub(super) profile: Profile,
    /// The file's text.
    pub(super) text: String,
    /// The file.
    pub(super) place: PathBuf,
}

/// The folder of all profiles.
pub(super) struct Library<'a> {
    folder: &'a Path,
}

impl<'a> Library<'a> {
    pub(super) const fn at(folder: &'a Path) -> Self {
        Self { folder }
    }

    /// All versions of a profile, oldest first, each checked against the one after it.
    fn versions(&self, name: &str) -> Result<Vec<Named>, Failure> {
        let shelf = Shelf::at(self.folder.join(name));
        let mut versions: Vec<Named> = Vec::new();
        for (number, text) in shelf.texts()? {
            let place = shelf.place(number);
            let wrong = |why: String| Failure::usage(format!("{}: {why}", place.display()));
            let profile = Profile::parse(&text).map_err(|error| wrong(output::chain(&error)))?;
            let due = versions.len() + 1;
            if (profile.name.as_str(), profile.version) != (name, number) || number as usize != due {
                let got = format!("it is {}@{}, and {name}@{due} is due here", profile.name, profile.version);
                return Err(wrong(got));
            }
            let before = versions.last().map(|before| digest(before.text.as_bytes()));
            if profile.parent != before {
                let before = number.saturating_sub(1);
                return Err(wrong(format!(
                    "version {before} is no longer the one that this was made from\nhint: a version never \
                     changes; put back the file of version {before} as it was"
                )));
            }
            versions.push(Named { profile, text, place });
        }
        Ok(versions)
    }

    /// The profile that `name` or `name@version` names.
    pub(super) fn named(&self, name: &str) -> Result<Named, Failure> {
        let (name, version) = match name.split_once('@') {
            Some((name, version)) => {
                let version = version.parse::<usize>().map_err(|_| {
                    Failure::usage(format!(
                        "{version:?} is no version\nhint: write {name}@1, or {name} for the newest"
                    ))
                })?;
                (name, Some(version))
            }
            None => (name, None),
        };
        // A name is a folder of the library, never a way out of it.
        let known = !name.is_empty() && !name.contains(['/', '\\', '.']);
        let mut versions = if known { self.versions(name)? } else { Vec::new() };
        let count = versions.len();
        if count == 0 {
            let folder = self.folder.display();
            return Err(Failure::usage(format!(
                "{folder} holds no profile {name:?}\nhint: sim profile list says which there are"
            )));
        }
        let index = version.unwrap_or(count).checked_sub(1).filter(|index| *index < count);
        match index {
            Some(index) => Ok(versions.swap_remove(index)),
            None => Err(Failure::usage(format!("{name} has versions 1 to {count}"))),
        }
    }

    /// The newest version of each profile, by name.
    pub(super) fn newest(&self) -> Result<Vec<Named>, Failure> {
        let unreadable = |error: std::io::Error| {
            Failure::usage(format!("cannot read the folder {}: {error}", self.folder.display()))
        };
        let entries = match fs::read_dir(self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(unreadable(error)),
        };
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry.map_err(unreadable)?;
            if entry.path().is_dir() {
                names.push(entry.file_name().to_string_lossy().into_owned());
            }
        }
        names.sort();
        let newest = names.iter().map(|name| Ok(self.versions(name)?.pop()));
        newest.filter_map(Result::transpose).collect()
    }

    /// Keeps a profile as the version after `base`, if that is the newest.
    pub(super) fn keep(&self, profile: &Profile, base: u32) -> Result<Named, Failure> {
        // Its file is read again before it is kept: what cannot be read is not written.
        let sound = Profile::parse(&profile.to_toml()).map_err(|error| Failure::of(&error))?;
        let name = sound.name.clone();
        let versions = self.versions(&name)?;
        let newest = versions.last().map_or(0, |newest| newest.profile.version);
        let conflict = |newest: u32| {
            Failure::usage(format!(
                "{name} is at version {newest}, not at {base}\nhint: look at what changed with sim profile diff, \
                 and import again with --base {newest} if it still holds"
            ))
        };
        if base != newest {
            return Err(conflict(newest));
        }
        let profile = match versions.last() {
            Some(newest) => sound.after(&newest.profile, digest(newest.text.as_bytes())),
            None => sound.first(),
        };
        let text = profile.to_toml();
        match Shelf::at(self.folder.join(&name)).keep(profile.version, &text)? {
            Ok(place) => Ok(Named { profile, text, place }),
            Err(Taken) => Err(conflict(newest + 1)),
        }
    }
}
