//! `--figures`: each figure of a report as a file of its own, as SVG and as PNG.

use std::path::Path;

use trier_reports::page::Figure;
use trier_reports::picture::png;

use crate::output::Failure;

/// Writes each figure to the folder, which is made if it is not there; files of the same names are replaced.
pub(super) fn write(folder: &Path, figures: &[Figure]) -> Result<(), Failure> {
    let failed = |path: &Path, error: std::io::Error| {
        Failure::usage(format!("cannot write {}: {error}\nhint: give --figures another folder", path.display()))
    };
    std::fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
    for figure in figures {
        let image = png(&figure.picture).map_err(|error| Failure::of(&error))?;
        let files = [("svg", figure.picture.file().into_bytes()), ("png", image)];
        for (extension, bytes) in files {
            let path = folder.join(format!("{}.{extension}", figure.id));
            std::fs::write(&path, bytes).map_err(|error| failed(&path, error))?;
        }
    }
    Ok(())
}
