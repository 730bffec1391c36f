//! A small image with rectangles and lines of text.

use ab_glyph::{Font, FontRef, GlyphId, PxScale, ScaleFont, point};
use unicode_normalization::UnicodeNormalization;

/// Noto Sans, reduced to the Latin, Cyrillic and Greek scripts. `OFL.txt` is its licence.
static REGULAR: &[u8] = include_bytes!("NotoSans-Regular.ttf");
static BOLD: &[u8] = include_bytes!("NotoSans-Bold.ttf");
/// The character that is drawn instead of characters that the font lacks.
const REPLACEMENT: char = '\u{fffd}';
const ELLIPSIS: char = '…';
/// The maximum number of letters that are drawn. More letters do not fit into an image.
const MAX_LETTERS: usize = 1_000;
/// The distance between two lines, as a multiple of the size of the letters.
const LINE_HEIGHT: f32 = 1.12;

/// The red, green and blue values of a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Color(pub [u8; 3]);

impl Color {
    /// Parses a colour such as `#c43e0a`. None if the text is not a colour.
    pub fn parse(text: &str) -> Option<Self> {
        let number = u32::from_str_radix(text.strip_prefix('#')?, 16).ok()?;
        let [0, red, green, blue] = number.to_be_bytes() else { return None };
        Some(Self([red, green, blue]))
    }
}

/// The weight of letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    Regular,
    Bold,
}

/// The size, weight and colour of a text.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    pub weight: Weight,
    /// The font size: the height from ascent to descent, in pixels.
    pub size: f32,
    pub color: Color,
}

/// An image in memory. Positions and sizes are pixels from the top left corner. Everything outside is cut off.
pub struct Canvas {
    width: u16,
    height: u16,
    /// Three bytes for each pixel, line by line.
    pixels: Vec<u8>,
    regular: FontRef<'static>,
    bold: FontRef<'static>,
}

impl Canvas {
    /// An image in one colour. None if a font is invalid.
    pub fn new(width: u16, height: u16, background: Color) -> Option<Self> {
        let pixels = background.0.repeat(usize::from(width) * usize::from(height));
        let regular = FontRef::try_from_slice(REGULAR).ok()?;
        let bold = FontRef::try_from_slice(BOLD).ok()?;
        Some(Self { width, height, pixels, regular, bold })
    }

    /// Fills a rectangle.
    pub fn fill(&mut self, (left, top): (f32, f32), (width, height): (f32, f32), color: Color) {
        for y in whole(top)..whole(top + height) {
            for x in whole(left)..whole(left + width) {
                self.blend(x, y, color, 1.0);
            }
        }
    }

    /// Draws a line of text, which is cut if it is wider than `max_width`. `position` is the top left corner of the
    /// line.
    pub fn line(&mut self, position: (f32, f32), style: Style, text: &str, max_width: f32) {
        self.lines(position, style, text, max_width, 1);
    }

    /// Draws a text in at most `max_lines` lines. The last line ends with an ellipsis if the text is longer.
    pub fn lines(
        &mut self,
        (left, top): (f32, f32),
        style: Style,
        text: &str,
        max_width: f32,
        max_lines: usize,
    ) {
        let Style { weight, size, color } = style;
        let font = match weight {
            Weight::Regular => self.regular.clone(),
            Weight::Bold => self.bold.clone(),
        };
        let scaled = font.as_scaled(PxScale::from(size));
        let mut baseline = top + scaled.ascent();
        for line in wrap(&drawable(&font, text), max_width, max_lines, |text| width(&scaled, text))
        {
            for (glyph, x) in glyphs(&scaled, &line) {
                let glyph = glyph.with_scale_and_position(size, point(left + x, baseline));
                let Some(outline) = scaled.outline_glyph(glyph) else { continue };
                let corner = outline.px_bounds().min;
                outline.draw(|x, y, coverage| {
                    let x = whole(corner.x).saturating_add_unsigned(x);
                    let y = whole(corner.y).saturating_add_unsigned(y);
                    self.blend(x, y, color, coverage);
                });
            }
            baseline += size * LINE_HEIGHT;
        }
    }

    /// The image as a PNG file. None if the image cannot be encoded.
    pub fn png(&self) -> Option<Vec<u8>> {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, self.width.into(), self.height.into());
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header().ok()?;
        writer.write_image_data(&self.pixels).ok()?;
        writer.finish().ok()?;
        Some(file)
    }

    /// Mixes a colour into a pixel. `coverage` is from 0 to 1.
    fn blend(&mut self, x: i32, y: i32, color: Color, coverage: f32) {
        let Some((x, y)) = u16::try_from(x).ok().zip(u16::try_from(y).ok()) else { return };
        if x >= self.width || y >= self.height {
            return;
        }
        let start = 3 * (usize::from(y) * usize::from(self.width) + usize::from(x));
        let Some(pixel) = self.pixels.get_mut(start..start + 3) else { return };
        for (channel, target) in pixel.iter_mut().zip(color.0) {
            let from = f32::from(*channel);
            let mixed = from + (f32::from(target) - from) * coverage.clamp(0.0, 1.0);
            *channel = u8::try_from(whole(mixed.round())).unwrap_or(target);
        }
    }
}

/// The largest integer that is not greater than `value`.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "the standard library has no other conversion; it saturates"
)]
fn whole(value: f32) -> i32 {
    value.floor() as i32
}

/// The text with composed letters, and with a replacement for characters that the font lacks.
fn drawable(font: &impl Font, text: &str) -> String {
    let mut drawable = String::new();
    for letter in text.nfc().take(MAX_LETTERS) {
        if letter.is_whitespace() {
            drawable.push(' ');
        } else if font.glyph_id(letter) != GlyphId::default() {
            drawable.push(letter);
        } else if !drawable.ends_with(REPLACEMENT) {
            drawable.push(REPLACEMENT);
        }
    }
    drawable
}

/// The glyphs of a line, with their distances from its start.
fn glyphs<F: Font>(font: &impl ScaleFont<F>, text: &str) -> Vec<(GlyphId, f32)> {
    let mut glyphs = Vec::new();
    let mut x = 0.0;
    let mut previous = None;
    for letter in text.chars() {
        let glyph = font.glyph_id(letter);
        x += previous.map_or(0.0, |previous| font.kern(previous, glyph));
        glyphs.push((glyph, x));
        x += font.h_advance(glyph);
        previous = Some(glyph);
    }
    glyphs
}

fn width<F: Font>(font: &impl ScaleFont<F>, text: &str) -> f32 {
    glyphs(font, text).last().map_or(0.0, |(glyph, x)| x + font.h_advance(*glyph))
}

/// The text in at most `max_lines` lines that are not wider than `max_width`.
fn wrap(text: &str, max_width: f32, max_lines: usize, width: impl Fn(&str) -> f32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if line.is_empty() || width(&longer) <= max_width {
            line = longer;
        } else {
            lines.push(std::mem::replace(&mut line, word.to_owned()));
        }
    }
    lines.push(line);
    let is_cut = lines.len() > max_lines;
    lines.truncate(max_lines);
    if let (true, Some(last)) = (is_cut, lines.last_mut()) {
        last.push(ELLIPSIS);
    }
    // A single word can be too wide, and so can the last line with its ellipsis.
    for line in &mut lines {
        while width(line) > max_width {
            if line.pop() == Some(ELLIPSIS) {
                line.pop();
            }
            line.push(ELLIPSIS);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters(text: &str) -> f32 {
        text.chars().map(|_| 1.0).sum()
    }

    #[test]
    fn texts_are_wrapped_between_words_and_cut() {
        assert_eq!(wrap("one two three", 7.0, 3, letters), ["one two", "three"]);
        assert_eq!(wrap("one two three four", 7.0, 2, letters), ["one two", "three…"]);
        assert_eq!(wrap("extraordinary", 7.0, 2, letters), ["extrao…"]);
        assert_eq!(wrap("", 7.0, 2, letters), [""]);
    }

    #[test]
    fn characters_without_a_glyph_are_replaced() {
        for (name, file) in [("regular", REGULAR), ("bold", BOLD)] {
            let font = FontRef::try_from_slice(file).unwrap();
            assert_eq!(drawable(&font, "Łódź Київ Αθήνα"), "Łódź Київ Αθήνα", "{name}");
            assert_eq!(drawable(&font, "e\u{301} שלום 🕊"), "é \u{fffd} \u{fffd}", "{name}");
        }
    }

    #[test]
    fn colors_are_parsed() {
        assert_eq!(Color::parse("#c43e0a"), Some(Color([0xc4, 0x3e, 0x0a])));
        assert_eq!(Color::parse("red"), None);
    }
}
