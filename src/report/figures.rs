//! `--figures`: each figure of a report as a file of its own, as SVG.

use std::path::Path;

use trier_reports::page::Figure;

use crate::output::Failure;

/// Writes each figure to the folder, which is made if it is not there; files of the same names are replaced.
pub(super) fn write(folder: &Path, figures: &[Figure]) -> Result<(), Failure> {
    let failed = |path: &Path, error: std::io::Error| {
        Failure::usage(format!(
            "cannot write {}: {error}\nhint: give --figures another folder",
            path.display()
        ))
    };
    std::fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
    for figure in figures {
        let path = folder.join(format!("{}.svg", figure.id));
        std::fs::write(&path, figure.picture.file()).map_err(|error| failed(&path, error))?;
    }
    Ok(())
}
