//! A canvas of braille dots: two across and four down in each character.

/// How many kinds of dots a canvas tells apart; the lowest shows where several share a character.
pub const LAYERS: usize = 3;

/// How a line is drawn, so that lines are told apart without colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Texture {
    /// Every dot.
    Solid,
    /// Four dots, then two left out.
    Dashed,
    /// Every third dot.
    Dotted,
}

impl Texture {
    fn shows(self, x: i32) -> bool {
        match self {
            Self::Solid => true,
            Self::Dashed => x.rem_euclid(6) < 4,
            Self::Dotted => x.rem_euclid(3) == 0,
        }
    }
}

/// Dots on a grid of `2 * columns` by `4 * rows`, from the top left.
#[derive(Clone, Debug)]
pub struct Canvas {
    columns: usize,
    rows: usize,
    dots: Vec<[u8; LAYERS]>,
}

impl Canvas {
    /// An empty canvas of so many characters.
    #[must_use]
    pub fn new(columns: usize, rows: usize) -> Self {
        Self { columns, rows, dots: vec![[0; LAYERS]; columns * rows] }
    }

    /// Dots across.
    #[must_use]
    pub fn width(&self) -> usize {
        2 * self.columns
    }

    /// Dots down.
    #[must_use]
    pub fn height(&self) -> usize {
        4 * self.rows
    }

    /// Sets a dot; nothing happens outside the canvas or beyond the last layer.
    pub fn dot(&mut self, layer: usize, x: i32, y: i32) {
        const BITS: [[u8; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else { return };
        if x < self.width() && y < self.height() && layer < LAYERS {
            self.dots[y / 4 * self.columns + x / 2][layer] |= BITS[y % 4][x % 2];
        }
    }

    /// Draws a line between two dots, both included.
    ///
    /// The ends may lie outside, but not further than some thousands of dots: each is visited.
    pub fn line(&mut self, layer: usize, from: (i32, i32), to: (i32, i32), texture: Texture) {
        let (across, down) = ((to.0 - from.0).abs(), (to.1 - from.1).abs());
        let (right, below) = ((to.0 - from.0).signum(), (to.1 - from.1).signum());
        let (mut x, mut y, mut error) = (from.0, from.1, across - down);
        loop {
            if texture.shows(x) {
                self.dot(layer, x, y);
            }
            if (x, y) == to {
                return;
            }
            let twice = 2 * error;
            if twice >= -down {
                error -= down;
                x += right;
            }
            if twice <= across {
                error += across;
                y += below;
            }
        }
    }

    /// The character at a place and the layer it shows; None where there are no dots.
    #[must_use]
    pub fn cell(&self, column: usize, row: usize) -> Option<(char, usize)> {
        let dots = self.dots.get(row * self.columns + column).filter(|_| column < self.columns)?;
        let all = dots.iter().fold(0, |all, layer| all | layer);
        let layer = dots.iter().position(|layer| *layer != 0)?;
        Some((char::from_u32(0x2800 + u32::from(all))?, layer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_braille_and_the_lowest_layer_shows() {
        let mut canvas = Canvas::new(2, 1);
        canvas.dot(2, 0, 0);
        assert_eq!(canvas.cell(0, 0), Some(('⠁', 2)));
        canvas.dot(0, 1, 3);
        assert_eq!(canvas.cell(0, 0), Some(('⢁', 0)));
        for (x, y) in [(-1, 0), (0, -1), (4, 0), (0, 4), (i32::MAX, i32::MIN)] {
            canvas.dot(0, x, y);
        }
        assert_eq!((canvas.cell(1, 0), canvas.cell(2, 0), canvas.cell(0, 1)), (None, None, None));
    }

    #[test]
    fn lines_join_their_ends_without_holes() {
        let mut canvas = Canvas::new(4, 2);
        canvas.line(0, (0, 7), (7, 0), Texture::Solid);
        canvas.line(0, (0, 0), (0, 7), Texture::Solid);
        let shown =
            |row| (0..4).map(|column| canvas.cell(column, row).map_or(' ', |c| c.0)).collect::<String>();
        assert_eq!([shown(0), shown(1)], ["⡇ ⡠⠊", "⡧⠊  "].map(str::to_owned));
    }
}
