//! `--figures`: each figure of a report as files of its own, as SVG and as PNG.

use std::path::Path;

use rayon::prelude::*;
use trier_reports::page::Figure;

use crate::output::Failure;

/// Writes each figure to the folder, which is made if it is not there; files of the same names are replaced.
pub(super) fn write(folder: &Path, figures: &[Figure]) -> Result<(), Failure> {
    std::fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
    figures.par_iter().try_for_each(|figure| {
        let file = |ending: &str, bytes: &[u8]| {
            let path = folder.join(format!("{}.{ending}", figure.id));
            std::fs::write(&path, bytes).map_err(|error| failed(&path, &error))
        };
        file("svg", figure.picture.file().as_bytes())?;
        #[cfg(feature = "png")]
        file(
            "png",
            &trier_reports::picture::png(&figure.picture).map_err(|error| undrawn(&figure.id, &error))?,
        )?;
        Ok(())
    })
}

fn failed(path: &Path, error: &dyn std::error::Error) -> Failure {
    Failure::usage(format!("cannot write {}: {error}\nhint: give --figures another folder", path.display()))
}

#[cfg(feature = "png")]
fn undrawn(id: &str, error: &dyn std::error::Error) -> Failure {
    let why = crate::output::chain(error);
    Failure::usage(format!(
        "the figure {id} cannot be drawn in dots: {why}\nhint: {id}.svg is written and shows the same"
    ))
}
