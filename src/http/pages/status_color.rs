//! The colours of the statuses of clauses, which are the same as in the web app (`web/src/styles/tokens.css`).

/// The colours of a status, as `#rrggbb`.
pub struct StatusColor {
    /// The status as a value of the API.
    pub status: &'static str,
    /// On a light background.
    pub light: &'static str,
    /// On a dark background.
    pub dark: &'static str,
}

/// The colours of all statuses. The last entry is for statuses that are missing from this list.
pub const STATUS_COLORS: [StatusColor; 11] = [
    color("COMPLETE", "#0f5a9c", "#9ccbf7"),
    color("PARTIAL", "#2f7dbf", "#5a9bd8"),
    color("MINIMAL", "#7aaed6", "#3d75a6"),
    color("NOT_STARTED", "#b8860b", "#c9a23a"),
    color("SUSPENDED", "#a35597", "#cf8ac4"),
    color("BREACHED", "#c43e0a", "#f5713a"),
    color("VOID", "#6a727b", "#8b949e"),
    color("OVERTAKEN", "#5c6773", "#b6bec6"),
    color("LAPSED", "#94866f", "#a8987c"),
    color("NOT_APPLICABLE", "#9aa2aa", "#68717a"),
    color("UNASSESSED", "#b9c0c7", "#4d555d"),
];

const fn color(status: &'static str, light: &'static str, dark: &'static str) -> StatusColor {
    StatusColor { status, light, dark }
}

impl StatusColor {
    /// The name of the status in style sheets, such as `not-started`.
    pub fn class(&self) -> String {
        class(self.status)
    }
}

/// The name of a status in style sheets, such as `not-started`.
pub fn class(status: &str) -> String {
    status.to_lowercase().replace('_', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colors_are_those_of_the_web_app() {
        let tokens = include_str!("../../../web/src/styles/tokens.css");
        for color in &STATUS_COLORS {
            let StatusColor { light, dark, .. } = color;
            let line = format!("--status-{}: light-dark({light}, {dark});", color.class());
            assert!(tokens.contains(&line), "{line}");
        }
        assert_eq!(tokens.matches("--status-").count(), STATUS_COLORS.len());
    }
}
