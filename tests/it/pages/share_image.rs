//! The image in link previews of a clause.

use std::io::Cursor;

use clausewatch::domain::viewer::Role;
use reqwest::blocking::Response;
use serde_json::json;

use super::{Page, ask};
use crate::support::world::World;
use crate::support::{TestApp, on_both_databases};

fn get(app: &TestApp, path: &str, headers: &[(&str, &str)]) -> Response {
    ask(&format!("{}{path}", app.url), headers)
}

/// The pixels of an image, three bytes each.
fn pixels(response: Response) -> Vec<u8> {
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "image/png");
    let content = response.bytes().unwrap();
    assert!(content.len() < 200_000, "{} bytes", content.len());
    let mut reader = png::Decoder::new(Cursor::new(content)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut pixels).unwrap();
    assert_eq!((frame.width, frame.height, frame.color_type), (1200, 630, png::ColorType::Rgb));
    pixels
}

/// The colour of the pixel in the middle of the left edge.
fn edge(pixels: &[u8]) -> [u8; 3] {
    let start = 3 * 1200 * 315;
    pixels[start..start + 3].try_into().unwrap()
}

on_both_databases! {
    fn clause_page_names_an_image_of_its_day(app: SharedSample) {
        for (path, parameters) in [
            ("/agreements/minsk-2/clauses/9?asOf=2021-12-02&heldBy=ukraine", "asOf=2021-12-02&amp;heldBy=ukraine"),
            ("/agreements/minsk-2/clauses/9", "asOf="),
        ] {
            let page = Page::get(&app, path);
            let image = page.meta("og:image");
            let start = format!("{}/agreements/minsk-2/clauses/9/share.png?{parameters}", app.url);
            assert!(image.starts_with(&start), "{image}");
            assert_eq!((page.meta("twitter:image"), page.meta("twitter:card")), (image, "summary_large_image"));
            assert_eq!((page.meta("og:image:width"), page.meta("og:image:height")), ("1200", "630"));
            assert!(page.meta("og:image:alt").starts_with("Minsk II, 9: "), "{}", page.meta("og:image:alt"));
            let pixels = pixels(ask(&image.replace("&amp;", "&"), &[]));
            let dark = pixels.chunks(3).filter(|pixel| pixel.iter().all(|channel| *channel < 100)).count();
            assert!((5_000..200_000).contains(&dark), "{dark} dark pixels");
        }
        let agreement = Page::get(&app, "/agreements/minsk-2");
        assert_eq!(agreement.meta("twitter:card"), "summary");
        assert!(!agreement.html.contains("og:image"));
    }

    fn image_changes_with_the_status_and_the_day(app: Empty) {
        let app = app.another_with(|config| config.response_cache = bytesize::ByteSize(1_000_000));
        let w = World::new(&app);
        let path = "/agreements/treaty/clauses/1/share.png";
        let response = get(&app, path, &[]);
        assert_eq!(response.headers()["cache-control"], "no-cache");
        let tag = response.headers()["etag"].to_str().unwrap().to_owned();
        assert_eq!(edge(&pixels(response)), [0xb9, 0xc0, 0xc7]);
        assert_eq!(get(&app, path, &[("if-none-match", &tag)]).status(), 304);
        let update = |status: &str, day: &str| {
            let input = json!({ "clauseId": w.id("one"), "status": status, "effectiveOn": day, "note": "So." });
            w.apply("updateClauseStatus", &input, "");
        };
        update("COMPLETE", "2016-01-01");
        let complete = pixels(get(&app, path, &[("if-none-match", &tag)]));
        assert_eq!(edge(&complete), [0x0f, 0x5a, 0x9c]);
        update("BREACHED", "2017-01-01");
        assert_eq!(edge(&pixels(get(&app, path, &[]))), [0xc4, 0x3e, 0x0a]);
        assert_eq!(edge(&pixels(get(&app, &format!("{path}?asOf=2016-12-31"), &[]))), [0x0f, 0x5a, 0x9c]);
    }

    fn every_script_can_be_drawn(app: Empty) {
        let w = World::new(&app);
        let image_of = |heading: &str| {
            w.change("update", "one", &json!({ "heading": heading }));
            pixels(get(&app, "/agreements/treaty/clauses/1/share.png", &[]))
        };
        // If a placeholder replaced each letter, two headings with the same number of words and letters would have
        // equal images.
        for (heading, other) in [
            ("Припинення вогню", "Припинення угоди"),
            ("Κατάπαυση του πυρός", "Κατάπαυση του λόγου"),
        ] {
            assert_eq!(heading.chars().count(), other.chars().count());
            assert!(image_of(heading) != image_of(other), "{heading}, {other}");
        }
        assert!(image_of("הפסקת אש") == image_of("停火 🕊"), "letters of other scripts must be replaced");
        let long = "Слово ".repeat(45);
        w.change("update", "one", &json!({ "heading": long.trim() }));
        w.change("update", "treaty", &json!({ "title": "x".repeat(280) }));
        pixels(get(&app, "/agreements/treaty/clauses/1/share.png", &[]));
    }

    fn images_requested_at_once_are_all_drawn(app: Empty) {
        World::new(&app);
        let path = "/agreements/treaty/clauses/1/share.png";
        std::thread::scope(|scope| {
            let requests: Vec<_> = (0..4).map(|_| scope.spawn(|| pixels(get(&app, path, &[])))).collect();
            let images: Vec<_> = requests.into_iter().map(|request| request.join().unwrap()).collect();
            assert!(images.iter().all(|image| *image == images[0]));
        });
    }

    fn head_has_the_headers_of_the_image(app: Empty) {
        World::new(&app);
        let path = "/agreements/treaty/clauses/1/share.png";
        let head = app.client().head(format!("{}{path}", app.url)).send().unwrap();
        assert_eq!(head.status(), 200);
        let image = get(&app, path, &[]);
        for name in ["content-type", "etag", "cache-control"] {
            assert_eq!(head.headers().get(name), image.headers().get(name), "{name}");
        }
        // For a HEAD request, the server does not draw the image, so it does not know the image's length.
        assert_eq!(head.headers().get("content-length"), None);
        assert!(image.headers().contains_key("content-length"));
    }

    fn errors_are_answered_with_text(app: Empty) {
        let w = World::new(&app);
        w.change("update", "treaty", &json!({ "slug": "pact" }));
        let moved = get(&app, "/agreements/treaty/clauses/1.a/share.png?asOf=2016-01-01", &[]);
        let expected = format!("{}/agreements/pact/clauses/1.a/share.png?asOf=2016-01-01", app.url);
        assert_eq!((moved.status().as_u16(), moved.headers()["location"].to_str().unwrap()), (301, expected.as_str()));
        for (path, status, text) in [
            ("/agreements/pact/clauses/99/share.png", 404, "Nothing exists at this address"),
            ("/agreements/nothing/clauses/1/share.png", 404, "Nothing exists at this address"),
            ("/agreements/pact/clauses/1/share.png?asOf=never", 400, "is not a valid date"),
            ("/agreements/pact/clauses/1/share.png?heldBy=nobody", 400, "nobody"),
        ] {
            let response = get(&app, path, &[]);
            assert_eq!(response.status(), status, "{path}");
            assert_eq!(response.headers()["content-type"], "text/plain; charset=utf-8", "{path}");
            assert!(response.text().unwrap().contains(text), "{path}");
        }
        let private = app.another_with(|config| config.private = true);
        let path = "/agreements/pact/clauses/1/share.png";
        assert_eq!(get(&private, path, &[]).status(), 401);
        let token = format!("Bearer {}", private.token("Rita", Role::Reader));
        pixels(get(&private, path, &[("authorization", &token)]));
        let limited = app.another_with(|config| { config.limits.rate_per_address = 1; config.limits.rate_burst = 2; });
        let missing = "/agreements/pact/clauses/99/share.png";
        let statuses: Vec<u16> = (0..8).map(|_| get(&limited, missing, &[]).status().as_u16()).collect();
        assert!(statuses.starts_with(&[404, 404]) && statuses.contains(&429), "{statuses:?}");
    }
}
